package ssl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// ApplyOptions are for Apply and Rollback.
type ApplyOptions struct {
	// Journal is the file that the journal is kept in; its folder is made when absent. Keep it as long as a way back is wanted, one file
	// for each server.
	Journal string
	// Progress, when not nil, is told of each step as it begins to change something and when it is over.
	Progress func(StepResult)

	volume durable.FS // for tests; nil means the folder of Journal
}

// Outcome is what became of a step.
type Outcome string

// The outcomes.
const (
	// Held: it was so already, nothing was changed.
	Held Outcome = "held"
	// Changing: its commands are about to run. Only Progress sees it.
	Changing Outcome = "changing"
	// Changed: its commands ran, and what they should do was read again.
	Changed Outcome = "changed"
	// ByHand: somebody must do it.
	ByHand Outcome = "by hand"
	// NotRun: a [DryRun] collected its commands.
	NotRun Outcome = "not run"
	// PutBack: a rollback restored what was found.
	PutBack Outcome = "put back"
	// LeftAlone: a rollback found neither what was applied nor what was found before, so somebody else has changed it since.
	LeftAlone Outcome = "left alone"
)

// StepResult is one step with its outcome.
type StepResult struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Outcome Outcome `json:"outcome"`
	// Found is the value before the first change and Now that after the step, in the words of [Setting].
	Found string `json:"found,omitempty"`
	Now   string `json:"now,omitempty"`
}

// Applied is what Apply or Rollback did, in order. After an error it has what was done until then.
type Applied struct {
	Steps []StepResult `json:"steps"`
}

// Changed says that the server is not as it was before the call.
func (a Applied) Changed() bool {
	return slices.ContainsFunc(a.Steps, func(s StepResult) bool { return s.Outcome == Changed || s.Outcome == PutBack })
}

// ByHand returns the steps that somebody must do.
func (a Applied) ByHand() []StepResult {
	return slices.DeleteFunc(slices.Clone(a.Steps), func(s StepResult) bool { return s.Outcome != ByHand })
}

// What stops Apply and Rollback, beside [*CommandError], [ErrJournal], [ErrJournalInUse] and what the Runner answers.
var (
	// ErrByHand: a step that only people can do must be done before the next ones. Do it and apply again.
	ErrByHand = errors.New("a step has to be done by hand first")
	// ErrNotEffective: commands ended well, and the server is not as they should have made it.
	ErrNotEffective = errors.New("the server does not show the change")
	// ErrOtherPlan: the journal is of another site or name. Roll it back, or keep another journal for this server.
	ErrOtherPlan = errors.New("the journal is of another plan")
	// ErrChangedSince: a rollback left something alone that somebody else has changed since.
	ErrChangedSince = errors.New("changed by somebody else since")
)

// CommandError says that a command of a step ran and failed.
type CommandError struct {
	Command Command
	Output  Output
}

// Error has the exit code and the beginning of what the command printed.
func (e *CommandError) Error() string {
	return fmt.Sprintf("%s %q ends with exit code %d: %s", e.Command.Name, e.Command.Args, e.Output.ExitCode, excerpt(e.Output))
}

// Apply carries a plan out, step by step. It first reads everything that the plan will change and keeps it in the journal. Then each step
// is read again, left alone when it holds, noted as begun, done, and read once more. At the end everything is read a last time, since
// one place of the configuration can inherit from another.
//
// After an error, a lost connection or a crash at any moment, the same call goes on where it ended, also with a new plan of the same
// site and name. An Apply that finds everything as it should be changes nothing and restarts nothing. Manual steps that can be
// checked stop it ([ErrByHand]) when they do not hold; the others are reported and passed by.
//
// Commands are judged by their exit codes and by what is read afterwards, never by what they say, which is in the server's language;
// only configuressl must print the right address, or the step fails. With a [DryRun] nothing is known, every command is collected,
// and no journal is written.
func Apply(ctx context.Context, runner Runner, plan Plan, o ApplyOptions) (Applied, error) {
	a := &application{runner: runner, plan: plan, options: o}
	err := a.apply(ctx)
	if err != nil {
		err = fmt.Errorf("apply: %w", err)
	}
	return a.done, err
}

// application is one call of Apply or Rollback.
type application struct {
	runner  Runner
	plan    Plan
	options ApplyOptions
	file    *journalFile
	journal Journal
	done    Applied
	dry     bool
}

func (a *application) apply(ctx context.Context) error {
	if err := a.plan.validate(); err != nil {
		return err
	}
	for _, step := range a.plan.Steps {
		if err := step.validate(a.plan); err != nil {
			return fmt.Errorf("step %q: %w", step.ID, err)
		}
	}
	if _, a.dry = a.runner.(*DryRun); a.dry {
		return a.steps(ctx)
	}
	var err error
	if a.file, err = openJournal(a.options.Journal, a.options.volume); err != nil {
		return err
	}
	defer a.file.close()
	if err := a.begin(); err != nil {
		return err
	}
	if err := a.survey(ctx); err != nil {
		return err
	}
	if err := a.steps(ctx); err != nil {
		return err
	}
	return a.verify(ctx)
}

// begin takes up the journal of an earlier call, or starts one.
func (a *application) begin() error {
	found, err := a.file.load()
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && found.RolledBack:
		found = Journal{Version: journalVersion}
	case err != nil:
		return fmt.Errorf("read journal: %w", err)
	case found.Site != a.plan.Site || found.Name != a.plan.Name:
		return fmt.Errorf("%w: %s as %s", ErrOtherPlan, found.Site, found.Name)
	}
	a.journal = found
	a.journal.Site, a.journal.Name, a.journal.Ports, a.journal.Tools = a.plan.Site, a.plan.Name, a.plan.Ports, a.plan.Tools
	if err := a.journal.validate(); err != nil {
		return err
	}
	return nil
}

// survey reads all that will be changed before anything is: later steps may change what earlier ones inherit.
func (a *application) survey(ctx context.Context) error {
	added := false
	for _, step := range a.plan.Steps {
		if step.Manual || step.Setting == nil || a.journal.entry(step.ID) != nil {
			continue
		}
		found, err := a.read(ctx, *step.Setting)
		if err != nil {
			return fmt.Errorf("step %q: %w", step.ID, err)
		}
		a.journal.Entries = append(a.journal.Entries, JournalEntry{
			ID: step.ID, Title: step.Title, Setting: *step.Setting, Want: step.Want, Found: found, State: EntryFound})
		added = true
	}
	if !added {
		return nil
	}
	return a.file.save(a.journal)
}

func (a *application) report(r StepResult) {
	if r.Outcome != Changing {
		a.done.Steps = append(a.done.Steps, r)
	}
	if a.options.Progress != nil {
		a.options.Progress(r)
	}
}
