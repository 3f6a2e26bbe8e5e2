package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// maxGroup is how many writers one transaction takes at most, so that the first of them does not wait long for its sync.
const maxGroup = 256

// writer is the one connection that writes, with the queue of those who want to. See "Durability" in the package's text.
type writer struct {
	pool       *sql.DB
	conn       *sql.Conn
	use        sync.Mutex // held while the connection is used
	statements map[statementKey]*sql.Stmt
	groups     atomic.Int64
	writes     atomic.Int64

	mu      sync.Mutex // guards what follows
	queue   []*job
	leading bool // a job is leading, or has been told to; the queue is empty otherwise
	closed  bool
	idle    *sync.Cond // leading became false
}

// job is one writer's turn.
type job struct {
	ctx   context.Context
	write func(*tx) error
	err   error
	leads bool      // guarded by writer.mu
	wake  chan bool // true: lead; false: done
}

func openWriter(ctx context.Context, name string, s settings) (_ *writer, err error) {
	w := &writer{statements: map[statementKey]*sql.Stmt{}}
	w.idle = sync.NewCond(&w.mu)
	if w.pool, err = sql.Open("sqlite", writeDSN(name, s)); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			w.release()
		}
	}()
	w.pool.SetMaxOpenConns(1)
	if w.conn, err = w.pool.Conn(ctx); err != nil {
		return nil, err
	}
	pragmas, err := readPragmas(ctx, w.conn)
	if err != nil {
		return nil, err
	}
	if err := pragmas.durable(); err != nil {
		return nil, err
	}
	if err := migrate(ctx, w.conn, s.log); err != nil {
		return nil, err
	}
	return w, nil
}

// do runs write in a transaction and returns when that is durable, or has been undone.
func (w *writer) do(ctx context.Context, write func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{ctx: ctx, write: write, wake: make(chan bool, 1)}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return ErrClosed
	}
	w.queue = append(w.queue, j)
	first := !w.leading
	j.leads, w.leading = first, true
	w.mu.Unlock()
	if first || w.wait(j) {
		w.lead(j)
	}
	return j.err
}

// wait returns true when the job is to lead, false when its outcome is there.
func (w *writer) wait(j *job) bool {
	select {
	case lead := <-j.wake:
		return lead
	case <-j.ctx.Done():
	}
	w.mu.Lock()
	if place := slices.Index(w.queue, j); place >= 0 && !j.leads {
		w.queue = slices.Delete(w.queue, place, place+1)
		w.mu.Unlock()
		j.err = j.ctx.Err()
		return false
	}
	w.mu.Unlock()
	return <-j.wake // its group has begun, or it leads others and must
}

// lead writes the group at the head of the queue, of which the leader is the first, and hands the lead on.
func (w *writer) lead(leader *job) {
	w.mu.Lock()
	n := min(len(w.queue), maxGroup)
	group := slices.Clone(w.queue[:n])
	w.queue = slices.Delete(w.queue, 0, n)
	w.mu.Unlock()

	w.groups.Add(1)
	w.writes.Add(int64(n))
	w.use.Lock()
	w.commit(group)
	w.use.Unlock()

	for _, j := range group {
		if j != leader {
			j.wake <- false
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) > 0 {
		w.queue[0].leads = true
		w.queue[0].wake <- true
		return
	}
	w.leading = false
	w.idle.Broadcast()
}

// alone runs fn on the connection, outside of any transaction.
func (w *writer) alone(ctx context.Context, fn func(*sql.Conn) error) error {
	w.use.Lock()
	defer w.use.Unlock()
	w.mu.Lock()
	closed := w.closed
	w.mu.Unlock()
	if closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(w.conn)
}

// close lets nobody in any more and waits for those who are. It returns false when the writer was closed already.
func (w *writer) close() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.closed = true
	for w.leading {
		w.idle.Wait()
	}
	return true
}

// checkpoint moves the log into the database file, as far as no reader of another program is in the way.
func (w *writer) checkpoint() error {
	w.use.Lock()
	defer w.use.Unlock()
	var busy, logged, moved int
	if err := w.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &logged, &moved); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if busy != 0 {
		return fmt.Errorf("checkpoint: another program reads the database")
	}
	return nil
}

// release closes the connection, whatever its state.
func (w *writer) release() error {
	w.use.Lock()
	defer w.use.Unlock()
	for _, statement := range w.statements {
		statement.Close()
	}
	if w.conn != nil {
		w.conn.Close()
	}
	return w.pool.Close()
}
