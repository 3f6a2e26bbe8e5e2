package ssl

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
)

// Journal is what [Apply] found on a server and how far it came: what a resumed Apply goes on from and what [Rollback] puts back. It
// is written, synced, before each change.
type Journal struct {
	// Version is 1.
	Version int `json:"version"`
	// Site, Name, Ports and Tools are those of the plan applied last.
	Site  string     `json:"site"`
	Name  string     `json:"name"`
	Ports ports.Pair `json:"ports"`
	Tools Tools      `json:"tools"`
	// Changes counts the changes begun.
	Changes int `json:"changes"`
	// Entries are the steps in the order of the plan, those of later plans behind.
	Entries []JournalEntry `json:"entries"`
	// RolledBack says that everything was put back: an Apply begins a new journal.
	RolledBack bool `json:"rolledBack,omitempty"`
}

// JournalEntry is one step that commands do.
type JournalEntry struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Setting Setting `json:"setting"`
	Want    string  `json:"want,omitempty"`
	// Found is the value before anything was changed.
	Found string     `json:"found,omitempty"`
	State EntryState `json:"state"`
	// Covered is the count of changes when the step was last done; more since then means that one done on changes is due.
	Covered int `json:"covered,omitempty"`
}

// EntryState is how far a step is.
type EntryState string

// The states of an entry. In Changing and Restoring it is not known whether the server has the change.
const (
	EntryFound     EntryState = "found"
	EntryChanging  EntryState = "changing"
	EntryChanged   EntryState = "changed"
	EntryRestoring EntryState = "restoring"
	EntryRestored  EntryState = "restored"
)

// journalVersion is the form that this package writes and the only one that it reads.
const journalVersion = 1

// Bounds of a journal. A plan has about twenty steps.
const (
	maxJournal        = 1 << 20
	maxJournalEntries = 1000
)

// ErrJournal says that a file is no journal of this package, or a damaged one.
var ErrJournal = errors.New("not a usable journal")

// ParseJournal reads a journal of at most 1 MiB and 1000 entries. Everything wrong is told at once, wrapped in [ErrJournal].
func ParseJournal(data []byte) (Journal, error) {
	if len(data) > maxJournal {
		return Journal{}, fmt.Errorf("%w: it has %d bytes of at most %d", ErrJournal, len(data), maxJournal)
	}
	var j Journal
	if err := json.Unmarshal(data, &j); err != nil {
		return Journal{}, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	if err := j.validate(); err != nil {
		return Journal{}, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	return j, nil
}

// validate holds a journal to what this package writes, since its values become command lines.
func (j Journal) validate() error {
	if j.Version != journalVersion {
		return fmt.Errorf("its version is %d, and this program reads %d", j.Version, journalVersion)
	}
	var faults *multierror.Error
	for _, err := range []error{checkSiteName(j.Site), j.Ports.Validate(),
		checkToolPath("WsusUtil.exe", j.Tools.WSUSUtil), checkToolPath("appcmd.exe", j.Tools.Appcmd)} {
		if err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	if !namePattern.MatchString(j.Name) {
		faults = multierror.Append(faults, fmt.Errorf("the name of the server %q is not a DNS name", j.Name))
	}
	if len(j.Entries) > maxJournalEntries {
		return fmt.Errorf("it has %d entries of at most %d", len(j.Entries), maxJournalEntries)
	}
	ids := map[string]bool{}
	for i, entry := range j.Entries {
		if err := entry.validate(j); err != nil {
			faults = multierror.Append(faults, fmt.Errorf("entry %d: %w", i+1, err))
		}
		if ids[entry.ID] {
			faults = multierror.Append(faults, fmt.Errorf("entry %d: %q is there twice", i+1, entry.ID))
		}
		ids[entry.ID] = true
	}
	return faults.ErrorOrNil()
}

func (e JournalEntry) validate(j Journal) error {
	switch e.State {
	case EntryFound, EntryChanging, EntryChanged, EntryRestoring, EntryRestored:
	default:
		return fmt.Errorf("its state is %q", e.State)
	}
	if e.ID == "" || e.Covered < 0 || e.Covered > j.Changes {
		return errors.New("it has no id, or covers changes that were not made")
	}
	return e.Setting.validate()
}

// entry returns the entry of a step, or nil.
func (j *Journal) entry(id string) *JournalEntry {
	for i := range j.Entries {
		if j.Entries[i].ID == id {
			return &j.Entries[i]
		}
	}
	return nil
}
