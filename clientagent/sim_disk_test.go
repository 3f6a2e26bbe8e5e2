package clientagent_test

import (
	"bytes"
	"context"
	"math/rand/v2"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
)

// simDisk is a disk that forgets what was not synced, with the journal of an agent's folder on it. It is slower than a simStore by itself, so only
// some machines have one.
type simDisk struct {
	disk    *durabletest.Disk
	journal clientagent.Store
}

func newSimDisk() *simDisk {
	d := &simDisk{disk: durabletest.New()}
	if err := d.open(); err != nil {
		panic(err) // the disk is empty
	}
	return d
}

func (d *simDisk) open() (err error) {
	d.journal, err = clientagent.OpenJournal(d.disk)
	return err
}

// put writes to the journal; false when the machine lost its power meanwhile.
func (d *simDisk) put(ctx context.Context, records map[string][]byte) bool {
	return d.journal.Put(ctx, records) == nil
}

// crash returns what is on the disk after a loss of power.
func (d *simDisk) crash(ctx context.Context, r *rand.Rand) (values map[string][]byte, err error) {
	d.disk = d.disk.CrashTorn(r)
	if err := d.open(); err != nil {
		return nil, err
	}
	values = map[string][]byte{}
	for record, err := range d.journal.List(ctx, "") {
		if err != nil {
			return nil, err
		}
		values[record.Key] = record.Value
	}
	return values, nil
}

// simSurvived tells whether what is on the disk is what was acknowledged, with the batch that was being written or without it.
func simSurvived(acknowledged, batch, found map[string][]byte) bool {
	without, with := true, true
	for key := range simKeys(acknowledged, batch, found) {
		value := acknowledged[key]
		without = without && bytes.Equal(value, found[key])
		if written, changed := batch[key]; changed {
			value = written
		}
		with = with && bytes.Equal(value, found[key])
	}
	return without || with
}

func simKeys(all ...map[string][]byte) map[string]bool {
	keys := map[string]bool{}
	for _, values := range all {
		for key := range values {
			keys[key] = true
		}
	}
	return keys
}
