package ssl

import (
	"context"
	"slices"
	"sync"
)

// DryRun is a Runner that runs nothing and keeps the commands that it was given. What it answers says nothing of a server: [Apply] with
// a DryRun collects every check and every change and writes no journal. The zero value works.
type DryRun struct {
	// Print, when not nil, is called with each command.
	Print func(Command)

	mu       sync.Mutex
	commands []Command
}

// Run implements Runner; the output is empty.
func (d *DryRun) Run(ctx context.Context, c Command) (Output, error) {
	if err := ctx.Err(); err != nil {
		return Output{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.commands = append(d.commands, Command{Name: c.Name, Args: slices.Clone(c.Args)})
	if d.Print != nil {
		d.Print(c)
	}
	return Output{}, nil
}

// Commands returns what was given until now, in order.
func (d *DryRun) Commands() []Command {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.commands)
}
