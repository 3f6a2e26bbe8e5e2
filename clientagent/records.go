package clientagent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
)

// Keys of an agent's records. One record is one JSON value.
const (
	keyIdentity = "identity"
	keyPolicy   = "policy"
	keyCycles   = "cycles"
	keyScan     = "scan"
	keyOutbox   = "outbox"
	// keyUpdateSource is the local policy that the machine was given.
	keyUpdateSource = "updatesource"
	keySession      = "session"
	// keyPartial says that the catalogue lacks what the server left out when it was mapped, until a scan has come to its end.
	keyPartial   = "partial"
	prefRevision = "revision/"
	prefUpdate   = "update/"
	prefDeploy   = "deployment/"
	prefMessage  = "message/"
	prefPending  = "pending/"
)

// changes collects what one step of the work writes, so that it is written all or nothing: a state message together with the
// state that it tells. It reads through to the store.
type changes struct {
	store   Store
	records map[string][]byte
	faults  []error
	written *broadcast // told of every batch; nil for nobody
	touched *atomic.Int64
	// policy has the detail levels of what is told of updates.
	policy func(context.Context) (Policy, error)
	// states are for the log once they are written.
	states []currentMessage
	log    *slog.Logger
}

func (a *Agent) begin() *changes {
	return &changes{store: a.store, records: make(map[string][]byte), written: &a.written, touched: &a.touched,
		policy: a.readPolicy, log: a.log}
}

// get reads a record as the store will have it after commit. A record that is not there leaves into as it is.
func (c *changes) get(ctx context.Context, key string, into any) (found bool, err error) {
	value, changed := c.records[key]
	if !changed {
		value, err = c.store.Get(ctx, key)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return false, fmt.Errorf("read record %s: %w", key, err)
		}
	}
	if value == nil {
		return false, nil
	}
	if err := json.Unmarshal(value, into); err != nil {
		return false, fmt.Errorf("read record %s: %w", key, err)
	}
	return true, nil
}

func (c *changes) set(key string, value any) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // fragments are full of angle brackets
	if err := encoder.Encode(value); err != nil {
		c.faults = append(c.faults, fmt.Errorf("write record %s: %w", key, err))
		return
	}
	c.records[key] = text.Bytes()
}

func (c *changes) remove(key string) { c.records[key] = nil }

func (c *changes) commit(ctx context.Context) error {
	if err := errors.Join(c.faults...); err != nil {
		return err
	}
	for key, value := range c.records {
		// What the store has already costs no write.
		old, err := c.store.Get(ctx, key)
		if err == nil && value != nil && bytes.Equal(old, value) || errors.Is(err, ErrNotFound) && value == nil {
			delete(c.records, key)
		}
	}
	if len(c.records) == 0 {
		return nil
	}
	if err := c.store.Put(ctx, c.records); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	for key := range c.records {
		if touches(key) {
			c.touched.Add(1)
			break
		}
	}
	c.records = make(map[string][]byte)
	c.logStates(ctx)
	c.written.send()
	return nil
}

// load reads one record from the store.
func load[T any](ctx context.Context, store Store, key string) (value T, found bool, err error) {
	found, err = (&changes{store: store}).get(ctx, key, &value)
	return value, found, err
}

// list reads all records with a prefix from the store.
func list[T any](ctx context.Context, store Store, prefix string, visit func(key string, value T) error) error {
	for record, err := range store.List(ctx, prefix) {
		if err != nil {
			return fmt.Errorf("list records %s: %w", prefix, err)
		}
		var value T
		if err := json.Unmarshal(record.Value, &value); err != nil {
			return fmt.Errorf("read record %s: %w", record.Key, err)
		}
		if err := visit(record.Key, value); err != nil {
			return err
		}
	}
	return nil
}
