// Program site assembles everything: a WSUS server, the site around it with its software update point, a secured channel with a
// certificate authority of its own, a console, and simulated machines with real agents. Copy from it.
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
	"time"

	"golang.org/x/sync/errgroup"
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
		err = work(ctx, o, stdout, stderr)
	}
	if err != nil && (ctx.Err() == nil || !errors.Is(err, context.Canceled)) { // an interrupt is how the site is meant to end
		fmt.Fprintln(stderr, "site:", err)
		return 1
	}
	return 0
}

func work(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	if o.doctorURL != "" {
		return examine(ctx, o, stdout)
	}
	began := time.Now()
	progress := newProgress(stderr)
	folder, remove, err := dataFolder(o.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	return live(ctx, o, folder, progress, stdout, func(ctx context.Context, h *house, _ []*machine) error {
		if o.json {
			return h.printJSON(ctx, stdout, time.Since(began))
		}
		if err := h.printTable(ctx, stdout); err != nil {
			return err
		}
		if !o.once {
			progress.say("the site stays up; interrupt to end it")
		}
		return nil
	})
}

// live assembles the house, runs everything in it, plays the story, and calls done when all is well. With -once it then ends;
// otherwise it goes on until ctx does.
func live(ctx context.Context, o options, folder string, p *progress, stdout io.Writer,
	done func(context.Context, *house, []*machine) error) (err error) {
	log := slog.New(slog.NewTextHandler(p, &slog.HandlerOptions{Level: slog.LevelWarn}))
	h, err := assemble(ctx, o, folder, p, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	ctx, end := context.WithCancel(ctx)
	defer end()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.site.Run(ctx) })
	group.Go(func() error { return h.serveConsole(ctx) })
	group.Go(func() error {
		if err := h.announce(ctx); err != nil {
			return err
		}
		if o.doctor {
			if err := h.examineSelf(ctx, o, stdout); err != nil {
				return err
			}
		}
		fleet, err := h.startFleet(ctx, group, o.agents)
		if err != nil {
			return err
		}
		h.once = o.once
		if err := h.play(ctx, fleet); err != nil {
			return err
		}
		if err := done(ctx, h, fleet); err != nil {
			return err
		}
		if o.once {
			end()
		}
		return nil
	})
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// dataFolder makes the folder; without a name it is a temporary one, which remove deletes.
func dataFolder(name string) (folder string, remove func() error, err error) {
	if name != "" {
		return name, func() error { return nil }, os.MkdirAll(name, 0o755)
	}
	folder, err = os.MkdirTemp("", "site-")
	return folder, func() error { return os.RemoveAll(folder) }, err
}
