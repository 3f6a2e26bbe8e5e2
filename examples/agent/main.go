// Program agent runs one Software Updates Client Agent: against any WSUS server, or as a client of a site. The machine is a JSON
// snapshot, which updates change as they would change a computer.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = work(ctx, o, stdout, slog.New(slog.NewTextHandler(stderr, nil)))
	}
	if err != nil {
		fmt.Fprintln(stderr, "agent:", err)
		return 1
	}
	return 0
}

func work(ctx context.Context, o options, stdout io.Writer, log *slog.Logger) (err error) {
	folder, remove, err := dataFolder(o.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	machine, err := openMachine(folder, o.facts, log)
	if err != nil {
		return err
	}
	store, err := clientagent.Dir(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	agent, err := newAgent(o, machine, store, log)
	if err != nil {
		return err
	}
	if err := scanAndPrint(ctx, agent, machine, o, stdout); err != nil || o.once {
		return err
	}
	if err := agent.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func scanAndPrint(ctx context.Context, agent *clientagent.Agent, machine *machine, o options, stdout io.Writer) error {
	result, err := agent.Scan(ctx)
	if err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	if o.install {
		if result, err = install(ctx, agent, machine, result); err != nil {
			return err
		}
	}
	return printUpdates(stdout, result.Updates, o.json)
}

// install does what a user does in Software Center: install all that is required without waiting for a deadline, restart when
// asked to, and look again, since some updates become needed only by others.
func install(ctx context.Context, agent *clientagent.Agent, machine *machine, found clientagent.ScanResult) (clientagent.ScanResult, error) {
	const rounds = 5
	for range rounds {
		required := found.Required()
		if len(required) == 0 {
			break
		}
		if err := agent.Install(ctx, required...); err != nil {
			return found, fmt.Errorf("install: %w", err)
		}
		if err := machine.Restart(ctx); err != nil {
			return found, fmt.Errorf("restart: %w", err)
		}
		var err error
		if found, err = agent.Scan(ctx); err != nil {
			return found, fmt.Errorf("scan after the installation: %w", err)
		}
	}
	return found, nil
}
