package ssl

import (
	"context"
	"fmt"

	"github.com/hashicorp/go-multierror"
)

func (a *application) steps(ctx context.Context) error {
	for _, step := range a.plan.Steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		result, err := a.step(ctx, step)
		if err != nil {
			return fmt.Errorf("step %q: %w", step.ID, err)
		}
		a.report(result)
	}
	return nil
}

func (a *application) step(ctx context.Context, step Step) (StepResult, error) {
	switch {
	case a.dry:
		return a.collect(ctx, step)
	case step.Manual:
		return a.byHand(ctx, step)
	}
	entry := a.journal.entry(step.ID)
	result := StepResult{ID: step.ID, Title: step.Title, Outcome: Held, Found: entry.Found}
	current, err := a.read(ctx, *step.Setting)
	if err != nil {
		return result, err
	}
	result.Now = current
	b, err := a.behaviour(*step.Setting)
	if err != nil {
		return result, err
	}
	if b.holds(current, step.Want) && !due(step, entry, a.journal.Changes) {
		return a.hold(entry, result)
	}
	result.Outcome = Changing
	a.report(result)
	if result.Now, err = a.change(ctx, step, entry, b, current); err != nil {
		return result, err
	}
	result.Outcome = Changed
	return result, nil
}

// due says that a step which follows changes has not followed the last one, or may not have: it was begun, and nobody knows how
// it ended.
func due(step Step, entry *JournalEntry, changes int) bool {
	return step.OnChange && (entry.Covered < changes || entry.State == EntryChanging)
}

// hold ends the doubt about a step that was begun: what it should do is there.
func (a *application) hold(entry *JournalEntry, result StepResult) (StepResult, error) {
	if entry.State != EntryChanging {
		return result, nil
	}
	entry.State = EntryChanged
	result.Outcome = Changed
	return result, a.file.save(a.journal)
}

// change notes that the step begins, does it, and believes only what it reads afterwards.
func (a *application) change(ctx context.Context, step Step, entry *JournalEntry, b behaviour, current string) (string, error) {
	entry.State, entry.Want, entry.Setting = EntryChanging, step.Want, *step.Setting
	if !step.Setting.Kind.stateless() {
		a.journal.Changes++
	}
	if err := a.file.save(a.journal); err != nil {
		return current, err
	}
	outputs, err := a.run(ctx, b.change(current, step.Want))
	if err != nil {
		return current, err
	}
	if err := b.accept(outputs); err != nil {
		return current, err
	}
	now, err := a.read(ctx, *step.Setting)
	if err != nil {
		return current, err
	}
	if !b.holds(now, step.Want) {
		return now, fmt.Errorf("%w: it has %q and should have %q", ErrNotEffective, now, step.Want)
	}
	entry.State, entry.Covered = EntryChanged, a.journal.Changes
	return now, a.file.save(a.journal)
}

func (a *application) byHand(ctx context.Context, step Step) (StepResult, error) {
	result := StepResult{ID: step.ID, Title: step.Title, Outcome: ByHand}
	if step.Setting == nil {
		return result, nil
	}
	b, err := a.behaviour(*step.Setting)
	if err != nil {
		return result, err
	}
	if result.Now, err = a.read(ctx, *step.Setting); err != nil {
		return result, err
	}
	if !b.holds(result.Now, step.Want) {
		return result, fmt.Errorf("%w: %s", ErrByHand, step.Title)
	}
	result.Outcome = Held
	return result, nil
}

// collect lets a dry run see what would be asked and done.
func (a *application) collect(ctx context.Context, step Step) (StepResult, error) {
	result := StepResult{ID: step.ID, Title: step.Title, Outcome: NotRun}
	if step.Setting == nil {
		result.Outcome = ByHand
		return result, nil
	}
	b, err := a.behaviour(*step.Setting)
	if err != nil {
		return result, err
	}
	commands := b.read()
	if !step.Manual {
		commands = append(commands, b.change("", step.Want)...)
	}
	_, err = a.run(ctx, commands)
	return result, err
}

// verify reads everything once more: a later step may have taken back an earlier one.
func (a *application) verify(ctx context.Context) error {
	if !a.done.Changed() {
		return nil
	}
	var faults *multierror.Error
	for _, step := range a.plan.Steps {
		if step.Manual || step.Setting == nil || step.Setting.Kind.stateless() {
			continue
		}
		b, err := a.behaviour(*step.Setting)
		if err != nil {
			return err
		}
		now, err := a.read(ctx, *step.Setting)
		if err != nil {
			return fmt.Errorf("step %q: %w", step.ID, err)
		}
		if !b.holds(now, step.Want) {
			faults = multierror.Append(faults, fmt.Errorf("step %q: %w: it has %q and should have %q",
				step.ID, ErrNotEffective, now, step.Want))
		}
	}
	return faults.ErrorOrNil()
}
