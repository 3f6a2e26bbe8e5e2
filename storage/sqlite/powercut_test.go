//go:build strace

package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/storage/sqlite"
)

const (
	tracedAcks  = 5 * 240 // 240 of each of the five kinds of writes: enough that the log goes into the database on the way
	traceTime   = 20 * time.Second
	randomCuts  = 100
	earlierCuts = 10 // with the last sync left out

	openedAtOnce = 6
)

// A child writes under strace until it has acknowledged enough. Then the power is cut, in a replay of its system calls, after every
// acknowledgement and at random moments: only what was synced is left, or that and parts of the rest. All that was acknowledged
// must be there. Of the cuts with the same synced state the last one is opened, which had the most acknowledged.
func TestPowerCut(t *testing.T) {
	moments := traceChild(t)
	random := rand.New(rand.NewPCG(1, 2))
	p := newPowerCuts(t)
	chance := float64(randomCuts) / float64(len(moments))
	var synced []int // the syncs before which there was an acknowledgement since the sync before
	for i, m := range moments {
		if m.kind == callSync && m.back && p.fresh > 0 {
			p.cut(nil)
			synced = append(synced, i)
		}
		if random.Float64() < chance {
			p.cut(nil)
			p.cut(random)
		}
		p.step(m)
	}
	p.cut(nil)
	p.cut(random)
	require.NoError(t, p.opened.Wait())
	t.Logf("%d system calls, %d acknowledged writes; %d power cuts opened, %d of them with torn writes; %d unsynced writes dropped in all cuts together, up to %d in one; %d syncs of the database file",
		len(moments)/2, len(p.said.acked), p.cuts, p.tornCuts, p.dropped, p.mostDropped, p.checkpoints)
	require.Len(t, p.said.acked, tracedAcks)
	require.NotZero(t, p.dropped, "no cut had an unsynced write to drop")
	require.NotZero(t, p.checkpoints, "the log did not go into the database while the child wrote")

	lost := 0
	for n := range earlierCuts {
		lost += earlierCut(t, moments, synced[(n+1)*len(synced)/(earlierCuts+1)])
	}
	t.Logf("with the last sync left out, %d acknowledged writes were lost at %d cuts", lost, earlierCuts)
	require.NotZero(t, lost, "leaving out a sync lost nothing: the cuts prove nothing")
}

// traceChild runs a child under strace and returns the moments of its trace.
func traceChild(t *testing.T) []moment {
	strace, err := exec.LookPath("strace")
	require.NoError(t, err, "this test needs strace: apt-get install strace")
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	folder, file := filepath.Join(root, "data"), filepath.Join(root, "trace")
	child := exec.Command(strace, "-f", "-y", "-xx", "-s", "1048576", "-e", "trace="+tracedCalls, "-o", file, os.Args[0])
	child.Env = append(os.Environ(), childFolder+"="+folder)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	timer := time.AfterFunc(traceTime, func() { out.Close() })
	defer timer.Stop()
	acks := 0
	for lines := bufio.NewScanner(out); acks < tracedAcks && lines.Scan(); {
		require.False(t, strings.HasPrefix(lines.Text(), "error"), lines.Text())
		if strings.HasPrefix(lines.Text(), "acked") {
			acks++
		}
	}
	out.Close() // the child's next line ends it
	require.Error(t, child.Wait(), "it wrote to a closed pipe")
	require.Equal(t, tracedAcks, acks, "the child was too slow")

	trace, err := os.Open(file)
	require.NoError(t, err)
	defer trace.Close()
	moments, err := readTrace(trace, folder, tracedAcks)
	require.NoError(t, err)
	return moments
}

// powerCuts goes through the moments of a trace.
type powerCuts struct {
	t      *testing.T
	folder string
	opened errgroup.Group // each cut's folder is opened beside the others: most of the time goes with waiting for real syncs
	disk   *disk
	said   acknowledged
	fresh  int // acknowledged since the last cut

	cuts, tornCuts, dropped, mostDropped, checkpoints int
}

func newPowerCuts(t *testing.T) *powerCuts {
	p := &powerCuts{t: t, folder: t.TempDir(), disk: newDisk()}
	p.opened.SetLimit(openedAtOnce)
	return p
}

func (p *powerCuts) step(m moment) {
	if m.kind == callSay {
		if number, ok := ackOf(m.data); ok {
			p.said.acked = append(p.said.acked, number)
			p.fresh++
		}
		return
	}
	p.disk.step(m)
	if m.kind == callSync && m.back && m.name == sqlite.FileName && len(p.said.acked) > 0 {
		p.checkpoints++
	}
}

// ackOf reads a line of the child.
func ackOf(line []byte) (number [2]int, ok bool) {
	n, _ := fmt.Sscanf(string(line), "acked %d %d\n", &number[0], &number[1])
	return number, n == 2
}

// cut opens what a power cut at this moment leaves and looks for everything acknowledged before it.
func (p *powerCuts) cut(random *rand.Rand) {
	p.cuts++
	p.fresh = 0
	if random != nil {
		p.tornCuts++
	} else {
		p.dropped += p.disk.unsynced()
		p.mostDropped = max(p.mostDropped, p.disk.unsynced())
	}
	number := p.cuts
	folder, err := os.MkdirTemp(p.folder, "")
	require.NoError(p.t, err)
	require.NoError(p.t, p.disk.afterCut(folder, random))
	said := acknowledged{acked: slices.Clip(p.said.acked)}
	p.opened.Go(func() error {
		defer os.RemoveAll(folder)
		lost, err := said.lost(p.t.Context(), folder)
		if err != nil || lost > 0 {
			return fmt.Errorf("power cut %d, torn %t: %d of %d acknowledged writes are lost, error %w", number, random != nil, lost, len(said.acked), err)
		}
		return nil
	})
}

// earlierCut cuts the power before a sync is back, as if the sync before that had never been, and returns how many acknowledged
// writes that loses.
func earlierCut(t *testing.T, moments []moment, at int) (lost int) {
	last := at - 1
	for moments[last].kind != callSync || !moments[last].back {
		last--
	}
	p := newPowerCuts(t)
	for i, m := range moments[:at] {
		if i != last {
			p.step(m)
		}
	}
	require.NoError(t, p.disk.afterCut(p.folder, nil))
	lost, err := p.said.lost(t.Context(), p.folder)
	require.NoError(t, err)
	return lost
}

// lost opens a folder and counts what was acknowledged and is not there. It fails when the database is damaged.
func (a *acknowledged) lost(ctx context.Context, folder string) (lost int, err error) {
	db, err := sqlite.Open(ctx, folder)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	approvals, events := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	all, err := db.WSUS().Approvals(ctx)
	if err != nil {
		return 0, err
	}
	for _, approval := range all {
		approvals[approval.UpdateID] = true
	}
	for event, err := range db.WSUS().Events(ctx, "") {
		if err != nil {
			return 0, err
		}
		events[event.ID] = true
	}
	w := newWriters(db)
	for _, number := range a.acked {
		if !w.has(ctx, approvals, events, number[0], number[1]) {
			lost++
		}
	}
	return lost, integrity(ctx, folder)
}

func integrity(ctx context.Context, folder string) error {
	pool, err := sql.Open("sqlite", filepath.Join(folder, sqlite.FileName))
	if err != nil {
		return err
	}
	defer pool.Close()
	var result string
	if err := pool.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&result); err != nil {
		return err
	}
	if result != "ok" {
		return errors.New(result)
	}
	return nil
}
