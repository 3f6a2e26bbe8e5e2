// Package durabletest has a file system in memory that forgets what was not synced, with fail points: what a test needs to
// prove that acknowledged data survives a crash of the machine. (Killing a process proves nothing: the page cache survives.)
package durabletest

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"path"
	"slices"
	"sync"
	"time"
)

// ErrCrash is what every operation answers once the disk has reached its fail point.
var ErrCrash = errors.New("the machine crashed")

// Disk is a durable.FS in memory. It keeps two states: what programs see, and what has been synced. Crash and CrashTorn
// return the disk as the machine finds it after a restart.
//
// The zero value is not usable; see New.
type Disk struct {
	mu     sync.Mutex
	root   *node
	failAt int // 0: never
	points int
	dead   bool
}

// node is a file or a folder.
type node struct {
	dir  bool
	perm fs.FileMode
	mod  time.Time

	data, synced []byte // of a file

	names   map[string]*node // of a folder: what programs see
	durable map[string]*node // what SyncDir has made durable
	pending []change         // from durable to names, in order
}

// change is one change of names in a folder; a nil node removes.
type change struct {
	name string
	node *node
}

// New returns an empty disk.
func New() *Disk { return &Disk{root: newDir()} }

func newDir() *node {
	return &node{dir: true, perm: fs.ModeDir | 0o750, names: map[string]*node{}, durable: map[string]*node{}}
}

// FailAt makes the disk crash at the n-th fail point from now on, counted from 1; 0 takes the fail point away. There is one
// before and one after every change (create, write, sync, truncate, rename, remove, make folder, sync folder) and one in the
// middle of a write.
func (d *Disk) FailAt(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failAt, d.points = n, 0
}

// Points returns how many fail points were passed since FailAt, or since New.
func (d *Disk) Points() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.points
}

// Crash returns the disk with only what was synced. The old one and its open files answer ErrCrash from now on.
func (d *Disk) Crash() *Disk {
	return d.crash(func(int) int { return 0 })
}

// CrashTorn is Crash for a machine that had begun to write back: of every file a random part of the bytes written since its
// sync is there, and of every folder a random number of the first changes since its sync.
func (d *Disk) CrashTorn(r *rand.Rand) *Disk {
	return d.crash(func(n int) int { return r.IntN(n + 1) })
}

// crash copies what is durable; part says how much of n unsynced steps survives.
func (d *Disk) crash(part func(n int) int) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
	copies := make(map[*node]*node) // a name that was moved may be there twice
	var restore func(n *node) *node
	restore = func(n *node) *node {
		if c := copies[n]; c != nil {
			return c
		}
		if !n.dir {
			kept := tear(n, part)
			copies[n] = &node{perm: n.perm, mod: n.mod, data: kept, synced: slices.Clone(kept)}
			return copies[n]
		}
		c := newDir()
		copies[n] = c
		for name, child := range n.durable {
			c.names[name] = restore(child)
		}
		for _, ch := range n.pending[:part(len(n.pending))] {
			if ch.node == nil {
				delete(c.names, ch.name)
			} else {
				c.names[ch.name] = restore(ch.node)
			}
		}
		for name, child := range c.names {
			c.durable[name] = child
		}
		return c
	}
	return &Disk{root: restore(d.root)}
}

// tear mixes the synced bytes with those written since, page by page.
func tear(n *node, part func(n int) int) []byte {
	const page = 512
	kept := slices.Clone(n.synced)
	size := len(kept) + part(max(0, len(n.data)-len(kept)))
	if len(n.data) < len(kept) && part(1) == 1 {
		size = len(n.data)
	}
	kept = append(kept, make([]byte, max(0, size-len(kept)))...)[:size]
	for from := 0; from < size; from += page {
		to := min(from+page, size, len(n.data))
		if from < to && part(1) == 1 {
			copy(kept[from:to], n.data[from:to])
		}
	}
	return kept
}

// step runs one change with its fail points. It is called with the lock held.
func (d *Disk) step(effects ...func()) error {
	for _, effect := range append(effects, func() {}) {
		if err := d.point(); err != nil {
			return err
		}
		effect()
	}
	return nil
}

func (d *Disk) point() error {
	if d.dead {
		return ErrCrash
	}
	d.points++
	if d.failAt > 0 && d.points >= d.failAt {
		d.dead = true
		return ErrCrash
	}
	return nil
}

// find returns the node of a name and the folder that holds, or would hold, it.
func (d *Disk) find(op, name string) (parent, n *node, err error) {
	if d.dead {
		return nil, nil, ErrCrash
	}
	if !fs.ValidPath(name) {
		return nil, nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		return nil, d.root, nil
	}
	parent = d.root
	if dir := path.Dir(name); dir != "." {
		if _, parent, err = d.find(op, dir); err != nil {
			return nil, nil, err
		}
		if parent == nil || !parent.dir {
			return nil, nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
		}
	}
	return parent, parent.names[path.Base(name)], nil
}

func (n *node) set(name string, child *node) {
	if child == nil {
		delete(n.names, name)
	} else {
		n.names[name] = child
	}
	n.pending = append(n.pending, change{name, child})
}
