package ssl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// Rollback puts back what Apply found, in reverse, and only what it changed; then it restarts what Apply has restarted. It needs no
// plan: the journal has everything. Interrupted anywhere, the same call goes on. A second one finds that all is done and runs nothing.
//
// What has neither the value that was applied nor the one that was found is left alone, since somebody has changed it since: the rest
// is put back, and the error wraps [ErrChangedSince]. Of a certificate's entry in http.sys thumbprint, application id and store are put
// back. Where the found value was inherited, it is stated in its place.
//
// Clients and the software update point must be told afterwards, not before: as long as the roots require SSL they answer 403 to plain
// HTTP.
func Rollback(ctx context.Context, runner Runner, o ApplyOptions) (Applied, error) {
	a := &application{runner: runner, options: o}
	err := a.rollback(ctx)
	if err != nil {
		err = fmt.Errorf("roll back: %w", err)
	}
	return a.done, err
}

func (a *application) rollback(ctx context.Context) error {
	var err error
	if a.file, err = openJournal(a.options.Journal, a.options.volume); err != nil {
		return err
	}
	defer a.file.close()
	if a.journal, err = a.file.load(); err != nil {
		return fmt.Errorf("read journal: %w", err)
	}
	if a.journal.RolledBack {
		return nil
	}
	a.plan = Plan{Site: a.journal.Site, Name: a.journal.Name, Ports: a.journal.Ports, Tools: a.journal.Tools}

	var foreign *multierror.Error
	for i := range slices.Backward(a.journal.Entries) {
		entry := &a.journal.Entries[i]
		if entry.Setting.Kind.stateless() || entry.State == EntryFound || entry.State == EntryRestored {
			continue
		}
		result, err := a.putBack(ctx, entry)
		if err != nil {
			return fmt.Errorf("step %q: %w", entry.ID, err)
		}
		a.report(result)
		if result.Outcome == LeftAlone {
			foreign = multierror.Append(foreign, fmt.Errorf("step %q: %w: it has %q, %q was applied and %q was there before",
				entry.ID, ErrChangedSince, result.Now, entry.Want, entry.Found))
		}
	}
	if err := a.restartAgain(ctx); err != nil {
		return err
	}
	if foreign == nil {
		a.journal.RolledBack = true
	}
	if err := a.file.save(a.journal); err != nil {
		return err
	}
	return foreign.ErrorOrNil()
}

func (a *application) putBack(ctx context.Context, entry *JournalEntry) (StepResult, error) {
	result := StepResult{ID: entry.ID, Title: entry.Title, Outcome: PutBack, Found: entry.Found}
	b, err := a.behaviour(entry.Setting)
	if err != nil {
		return result, err
	}
	if result.Now, err = a.read(ctx, entry.Setting); err != nil {
		return result, err
	}
	if strings.EqualFold(result.Now, entry.Found) {
		if entry.State == EntryChanged {
			result.Outcome = Held
		}
		entry.State = EntryRestored
		return result, a.file.save(a.journal)
	}
	if entry.State == EntryChanged && !b.holds(result.Now, entry.Want) {
		result.Outcome = LeftAlone
		return result, nil
	}
	entry.State = EntryRestoring
	a.restartDue()
	if err := a.file.save(a.journal); err != nil {
		return result, err
	}
	if _, err := a.run(ctx, b.restore(result.Now, entry.Found)); err != nil {
		return result, err
	}
	if result.Now, err = a.read(ctx, entry.Setting); err != nil {
		return result, err
	}
	if !strings.EqualFold(result.Now, entry.Found) {
		return result, fmt.Errorf("%w: it has %q and should have %q again", ErrNotEffective, result.Now, entry.Found)
	}
	entry.State = EntryRestored
	return result, a.file.save(a.journal)
}

// restartDue takes back that a restart was done: an earlier, interrupted rollback may have done it too soon.
func (a *application) restartDue() {
	for i := range a.journal.Entries {
		if entry := &a.journal.Entries[i]; entry.Setting.Kind.stateless() && entry.State == EntryRestored {
			entry.State = EntryChanged
		}
	}
}

// restartAgain restarts what had been restarted, so that nobody goes on with the address that was taken back.
func (a *application) restartAgain(ctx context.Context) error {
	for i := range a.journal.Entries {
		entry := &a.journal.Entries[i]
		restart := entry.Setting.Kind == RestartIIS || entry.Setting.Kind == RestartWSUS
		if !restart || entry.State == EntryFound || entry.State == EntryRestored {
			continue
		}
		b, err := a.behaviour(entry.Setting)
		if err != nil {
			return err
		}
		if _, err := a.run(ctx, b.restore("", "")); err != nil {
			return fmt.Errorf("step %q: %w", entry.ID, err)
		}
		entry.State = EntryRestored
		if err := a.file.save(a.journal); err != nil {
			return err
		}
		a.report(StepResult{ID: entry.ID, Title: entry.Title, Outcome: PutBack})
	}
	return nil
}
