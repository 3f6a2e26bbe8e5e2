// Program agent runs one Software Updates Client Agent: against any WSUS server, or as a client of a site. The machine is a JSON
// snapshot, which updates change as they would change a computer.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	os.Exit(run(ctx, os.Args[1:], thisComputer(os.Stdout, os.Stderr)))
}

func run(ctx context.Context, args []string, around surroundings) int {
	around.stderr = &turns{w: around.stderr}
	o, err := parseOptions(args, around.stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = work(ctx, o, around)
	}
	if err != nil {
		fmt.Fprintln(around.stderr, "agent:", explain(ctx, err))
		return 1
	}
	return 0
}

func work(ctx context.Context, o options, around surroundings) (err error) {
	roots, err := certificateAuthorities(o.ca)
	if err != nil {
		return err
	}
	folder, remove, err := dataFolder(o.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	store, err := clientagent.Dir(folder) // holds the folder from here on: nobody else changes what is in it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	machine, err := openMachine(folder, o)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(around.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	agent, err := newAgent(o, around, roots, machine, store, log)
	if err != nil {
		return err
	}
	watch := newProgress(agent, around)
	if err := scanAndPrint(ctx, agent, watch, machine.Name(), o, around); err != nil || o.once {
		return err
	}
	watch.say("%s goes on; interrupt to end it", machine.Name())
	defer watch.follow(ctx)()
	if err := agent.Run(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func scanAndPrint(ctx context.Context, agent *clientagent.Agent, watch *progress, machine string, o options, around surroundings) error {
	if o.site != "" {
		// What has been deployed since the last start shall count in this one.
		if err := agent.RetrievePolicy(ctx); err != nil {
			return err
		}
	}
	if _, err := agent.Scan(ctx); err != nil {
		return err
	}
	var fault error
	if o.install {
		if fault = install(ctx, agent, watch); ctx.Err() != nil {
			return fault
		}
	}
	r, err := newReport(ctx, agent, machine, o)
	if err == nil && o.json {
		err = r.printJSON(around.stdout)
	} else if err == nil {
		err = r.printText(around.stdout, around.zone)
	}
	if err == nil && o.once {
		err = agent.SendStateMessages(ctx) // nobody is left to send them when their cycle is due
	}
	return errors.Join(err, fault)
}
