//go:build strace

package sqlite_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// sector is the least that a disk writes as a whole.
const sector = 512

// inode is a file whatever its name. What was synced is kept; the changes since may be lost, in any order and in parts.
type inode struct {
	synced  []byte
	pending []*change
}

// change is a write or a truncation that no sync has followed.
type change struct {
	*call
	done bool // the call came back: a sync that begins now covers it
}

// naming gives a name to a file, or takes it away.
type naming struct {
	*call
	inode *inode // nil: unlinked
	done  bool
}

// disk is what a trace did to the files of a folder.
type disk struct {
	live     map[string]*inode // as the process sees the names
	named    map[string]*inode // as of the last sync of the folder
	namings  []*naming         // since
	covered  map[*call][]*change
	coveredN map[*call][]*naming
	opened   map[*call]*naming // creations under way
}

func newDisk() *disk {
	return &disk{live: map[string]*inode{}, named: map[string]*inode{}, covered: map[*call][]*change{},
		coveredN: map[*call][]*naming{}, opened: map[*call]*naming{}}
}

// step brings the disk to after a moment. A sync covers the changes that had come back when it began, and holds when it is back.
func (d *disk) step(m moment) {
	switch m.kind {
	case callCreate, callUnlink:
		d.name(m)
	case callWrite, callTruncate:
		file := d.file(m.call)
		if !m.back {
			file.pending = append(file.pending, &change{call: m.call})
			return
		}
		for _, c := range file.pending {
			c.done = c.done || c.call == m.call
		}
	case callSync:
		file := d.file(m.call)
		if !m.back {
			d.covered[m.call] = slices.DeleteFunc(slices.Clone(file.pending), func(c *change) bool { return !c.done })
			return
		}
		file.sync(d.covered[m.call])
	case callSyncFolder:
		if !m.back {
			d.coveredN[m.call] = slices.DeleteFunc(slices.Clone(d.namings), func(n *naming) bool { return !n.done })
			return
		}
		for _, n := range d.coveredN[m.call] {
			apply(d.named, n)
		}
		d.namings = slices.DeleteFunc(d.namings, func(n *naming) bool { return slices.Contains(d.coveredN[m.call], n) })
	}
}

// file is the file of a call, which must have been created before.
func (d *disk) file(c *call) *inode {
	file := d.live[c.name]
	if file == nil {
		panic("the trace changes " + c.name + " before it creates it")
	}
	return file
}

func (d *disk) name(m moment) {
	if n := d.opened[m.call]; m.back && n != nil {
		n.done = true
		return
	}
	if m.kind == callCreate && d.live[m.name] != nil || m.back {
		return // it was there
	}
	n := &naming{call: m.call}
	if m.kind == callCreate {
		n.inode = &inode{}
	}
	d.opened[m.call] = n
	d.namings = append(d.namings, n)
	apply(d.live, n)
}

func apply(names map[string]*inode, n *naming) {
	if n.inode == nil {
		delete(names, n.call.name)
		return
	}
	names[n.call.name] = n.inode
}

func (f *inode) sync(covered []*change) {
	for _, c := range covered {
		f.synced = c.on(f.synced)
	}
	f.pending = slices.DeleteFunc(f.pending, func(c *change) bool { return slices.Contains(covered, c) })
}

// on makes the change in a file.
func (c *change) on(file []byte) []byte {
	if c.kind == callTruncate {
		return resized(file, int(c.offset))
	}
	return written(file, int(c.offset), c.data)
}

func written(file []byte, offset int, data []byte) []byte {
	file = resized(file, max(len(file), offset+len(data)))
	copy(file[offset:], data)
	return file
}

func resized(file []byte, size int) []byte {
	if size <= len(file) {
		return file[:size]
	}
	return append(file, make([]byte, size-len(file))...) // zeros
}

// torn makes a part of the change: nothing of it, all, or some of its sectors.
func (c *change) torn(file []byte, random *rand.Rand) []byte {
	switch part := random.IntN(3); {
	case part == 0:
		return file
	case part == 1 || c.kind == callTruncate:
		return c.on(file)
	}
	for from := 0; from < len(c.data); {
		at := int(c.offset) + from
		to := min(from+sector-at%sector, len(c.data))
		if random.IntN(2) == 0 {
			file = written(file, at, c.data[from:to])
		}
		from = to
	}
	return file
}

// unsynced is how many changes a power cut may take.
func (d *disk) unsynced() (n int) {
	for _, file := range d.live {
		n += len(file.pending)
	}
	return n
}

// afterCut writes to a folder what a power cut leaves: what was synced and, when random is not nil, parts of what was not.
func (d *disk) afterCut(folder string, random *rand.Rand) error {
	names := maps.Clone(d.named)
	if random != nil {
		// Folders are logged: of their changes the first ones may have reached the disk.
		for _, n := range d.namings[:random.IntN(len(d.namings)+1)] {
			apply(names, n)
		}
	}
	for name, file := range names {
		content := file.synced
		if random != nil {
			content = slices.Clone(content)
			for _, c := range file.pending {
				content = c.torn(content, random)
			}
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
