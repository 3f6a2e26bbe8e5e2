package compliance

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
)

// MaxRows is how many updates one computer may have an explicit state of; a report that would exceed it is refused.
const MaxRows = 200_000

// Options of a Tracker. The zero value is ready to use.
type Options struct {
	// Now is the site's clock, for Computer.Reported; nil means time.Now.
	Now func() time.Time
	// Log gets a line for every report that asks for a resend; nil discards.
	Log *slog.Logger
}

// Tracker takes over the reports of clients and answers what is known of them. It keeps computers and states in memory, in 4
// bytes per row, and writes the store before its memory: what Record has acknowledged is as durable as the store makes it. It
// must be the only writer of its store. All methods are safe for concurrent use.
type Tracker struct {
	store Store
	now   func() time.Time
	log   *slog.Logger

	mu      sync.RWMutex // guards what follows; never held over a call of the store
	clients map[string]*client
	updates interner
}

// client is one computer. Its reports are taken one at a time, those of different computers at once, so that a store can write
// them in one group.
type client struct {
	recording sync.Mutex
	view      *view // guarded by Tracker.mu; nil before the first report is stored
}

// view is what is known of a computer. It is immutable: readers keep the one they got.
type view struct {
	computer Computer
	rows     rowSet
}

// NewTracker loads computers and states from the store.
func NewTracker(ctx context.Context, store Store, o Options) (*Tracker, error) {
	t := &Tracker{
		store:   store,
		now:     o.Now,
		log:     o.Log,
		clients: map[string]*client{},
		updates: interner{},
	}
	if t.now == nil {
		t.now = time.Now
	}
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	if err := t.load(ctx); err != nil {
		return nil, fmt.Errorf("load compliance: %w", err)
	}
	return t, nil
}

func (t *Tracker) load(ctx context.Context) error {
	for computer, err := range t.store.Computers(ctx) {
		if err != nil {
			return err
		}
		t.clients[computer.ID] = &client{view: &view{computer: computer}}
	}
	for row, err := range t.store.States(ctx, "") {
		if err != nil {
			return err
		}
		c := t.clients[row.ComputerID]
		if c == nil || row.State > Installed {
			return fmt.Errorf("the store has a row of computer %q, update %s with state %d", row.ComputerID, row.UpdateID, row.State)
		}
		c.view.rows = append(c.view.rows, packRow(t.updates.add(row.UpdateID), row.State))
	}
	for _, c := range t.clients {
		c.view.rows.sort()
	}
	return nil
}

// Record takes over a report and returns when the store has it.
//
// Messages with serials up to the last one taken are duplicates and are acknowledged again. Nothing behind a gap is taken, and
// the receipt asks for a full report; so it does when all the messages are older than the last one taken, since a client repeats
// only its last report unless it was set back to an earlier time. A full report replaces all that was known of the computer's
// updates and deployments and sets its serial, also to a lower one; Computer.Scanned stays when the report has no completed scan.
//
// A report that Validate refuses gives an *InvalidError. On any error nothing was acknowledged, and the client sends the same again.
func (t *Tracker) Record(ctx context.Context, r Report) (Receipt, error) {
	if err := r.Validate(); err != nil {
		return Receipt{}, fmt.Errorf("record report: %w", err)
	}
	c := t.client(r.ClientID)
	c.recording.Lock()
	defer c.recording.Unlock()

	f := t.fold(c, r)
	if len(f.before.rows)+len(f.changes.Rows) > MaxRows {
		return Receipt{}, fmt.Errorf("record report: %w", &InvalidError{Reason: fmt.Sprintf("the computer has more than %d updates", MaxRows)})
	}
	if err := t.store.Apply(ctx, f.changes); err != nil {
		return Receipt{}, fmt.Errorf("record report: %w", err)
	}
	t.publish(c, f)
	if f.receipt.Resync {
		t.log.InfoContext(ctx, "full report requested", "client", r.ClientID, "serial", f.receipt.Serial)
	}
	return f.receipt, nil
}

func (t *Tracker) client(id string) *client {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.clients[id]
	if c == nil {
		c = &client{}
		t.clients[id] = c
	}
	return c
}

func (t *Tracker) publish(c *client, f fold) {
	t.mu.Lock()
	defer t.mu.Unlock()
	packed := make(rowSet, len(f.changes.Rows))
	for i, row := range f.changes.Rows {
		packed[i] = packRow(t.updates.add(row.UpdateID), row.State)
	}
	packed.sort()
	c.view = &view{computer: f.changes.Computer, rows: f.before.rows.merge(packed)}
}

// Computer returns what is known of a computer; false when it has never reported.
func (t *Tracker) Computer(id string) (Computer, bool) {
	if v := t.view(id); v != nil {
		return v.computer, true
	}
	return Computer{}, false
}

// Enforcements yields the deployment states of a computer (of all when empty), ordered by computer, topic and type.
func (t *Tracker) Enforcements(ctx context.Context, computerID string) iter.Seq2[Enforcement, error] {
	return t.store.Enforcements(ctx, computerID)
}

func (t *Tracker) view(id string) *view {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if c := t.clients[id]; c != nil {
		return c.view
	}
	return nil
}

// interner gives updates small numbers, so that a row fits 4 bytes. Numbers are never taken back.
type interner map[uuid.UUID]uint32

func (in interner) add(id uuid.UUID) uint32 {
	n, known := in[id]
	if !known {
		n = uint32(len(in))
		in[id] = n
	}
	return n
}
