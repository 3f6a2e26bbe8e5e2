package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/wsus"
)

const (
	// childFolder is the variable that makes the test binary a child, which writes to the folder until it is killed.
	childFolder = "SQLITE_TEST_CHILD_FOLDER"

	childWriters = 6 // so that groups have several writers
	killTime     = 12 * time.Second
	maxKills     = 60
)

// writers writes numbered things of all kinds, so that each can be looked for afterwards.
type writers struct {
	db      *sqlite.DB
	tracker *compliance.Tracker
}

func newWriters(db *sqlite.DB) writers {
	tracker, err := compliance.NewTracker(context.Background(), db.Compliance(), compliance.Options{})
	if err != nil {
		panic(err)
	}
	return writers{db, tracker}
}

func numbered(writer, n int) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%d/%d", writer, n))
}

// write writes number n of a writer and returns when it is acknowledged. The kind of thing goes with the number.
func (w writers) write(ctx context.Context, writer, n int) (err error) {
	id := numbered(writer, n)
	switch n % 6 {
	case 0:
		_, err = w.db.WSUS().PutApprovals(ctx, wsus.Approval{UpdateID: id})
	case 1:
		_, err = w.db.WSUS().AppendEvents(ctx, wsus.Event{ID: id})
	case 2:
		_, err = w.tracker.Record(ctx, compliance.Report{ClientID: fmt.Sprint(writer), Full: true, Messages: []compliance.Message{
			{Serial: int64(n), Topic: compliance.Topic{Type: compliance.UpdateDetection, ID: id.String()}, StateID: int(compliance.Required)}}})
	case 3:
		err = w.db.Site().Put(ctx, map[string][]byte{id.String(): {}})
	case 4:
		err = w.db.Agent(fmt.Sprint(writer)).Put(ctx, map[string][]byte{"last": []byte(id.String()), id.String(): {}})
	case 5:
		err = w.db.WSUS().PutReport(ctx, wsus.Report{Events: []wsus.Event{{ID: id}}, Computer: wsus.Computer{ID: id.String()},
			Statuses: []wsus.Status{{ComputerID: id.String(), UpdateID: id, State: wsus.Failed}}})
	}
	return err
}

// has tells whether a number is there. Of compliance only the last full report is kept.
func (w writers) has(ctx context.Context, approvals, events map[uuid.UUID]bool, writer, n int) bool {
	id := numbered(writer, n)
	switch n % 6 {
	case 0:
		return approvals[id]
	case 1:
		return events[id]
	case 2:
		computer, known := w.tracker.Computer(fmt.Sprint(writer))
		return known && computer.Serial >= int64(n)
	case 3:
		_, err := w.db.Site().Get(ctx, id.String())
		return err == nil
	case 5:
		return w.hasReport(ctx, events, id)
	default:
		_, err := w.db.Agent(fmt.Sprint(writer)).Get(ctx, id.String())
		return err == nil
	}
}

// hasReport tells whether a report is there; one that is there by halves counts as the fault that it is.
func (w writers) hasReport(ctx context.Context, events map[uuid.UUID]bool, id uuid.UUID) bool {
	_, err := w.db.WSUS().Computer(ctx, id.String())
	statuses := 0
	for _, err := range w.db.WSUS().Statuses(ctx, id.String()) {
		if err == nil {
			statuses++
		}
	}
	if events[id] != (err == nil) || events[id] != (statuses == 1) {
		panic(fmt.Sprintf("half a report: event %t, computer %v, %d statuses", events[id], err, statuses))
	}
	return events[id]
}

// writeUntilKilled is the child. It says "writing" before and "acked" after each write.
func writeUntilKilled(dir string) {
	db, err := sqlite.Open(context.Background(), dir)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	w := newWriters(db)
	first := int(time.Now().UnixMilli()) // above the numbers of the children before
	fmt.Println("open", first)
	var wg sync.WaitGroup
	for writer := range childWriters {
		wg.Go(func() {
			for n := first; ; n++ {
				fmt.Println("writing", writer, n)
				if err := w.write(context.Background(), writer, n); err != nil {
					fmt.Println("error", err)
					return
				}
				fmt.Println("acked", writer, n)
			}
		})
	}
	wg.Wait()
}

func startChild(t *testing.T, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFolder+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	return child, bufio.NewScanner(out)
}

// acknowledged is what children have said: the numbers they were told were written, and those that they were still writing.
type acknowledged struct {
	acked   [][2]int
	pending map[[2]int]bool
}

func (a *acknowledged) read(t *testing.T, lines *bufio.Scanner) {
	a.pending = map[[2]int]bool{}
	for lines.Scan() {
		var word string
		var number [2]int
		if n, err := fmt.Sscan(lines.Text(), &word, &number[0], &number[1]); n < 3 && word != "open" {
			// The kill may have cut the last line.
			require.False(t, strings.HasPrefix(lines.Text(), "error"), "%s (%v)", lines.Text(), err)
			continue
		}
		switch word {
		case "writing":
			a.pending[number] = true
		case "acked":
			delete(a.pending, number)
			a.acked = append(a.acked, number)
		}
	}
}

// Children write and are killed at random moments; whatever one has acknowledged must be there for the next. The test fails when
// no kill came between a write and its acknowledgement: then it would have shown nothing.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	said := &acknowledged{}
	kills, between, unacknowledged := 0, 0, 0
	for start := time.Now(); time.Since(start) < killTime && kills < maxKills; kills++ {
		child, lines := startChild(t, dir)
		require.True(t, lines.Scan())
		require.True(t, strings.HasPrefix(lines.Text(), "open"), lines.Text())
		timer := time.AfterFunc(time.Duration(rand.IntN(120_000))*time.Microsecond, func() { child.Process.Kill() })
		said.read(t, lines)
		timer.Stop()
		require.Error(t, child.Wait(), "it was killed")
		if len(said.pending) > 0 {
			between++
		}

		db := open(t, dir)
		unacknowledged += said.verify(t, db)
		require.NoError(t, db.Close())
	}
	checkFile(t, dir)
	t.Logf("%d kills, %d of them between a write and its acknowledgement; %d writes acknowledged, %d were there without",
		kills, between, len(said.acked), unacknowledged)
	require.NotZero(t, between, "no kill came between a write and its acknowledgement")
	require.NotEmpty(t, said.acked)
}

// verify looks for everything acknowledged so far and returns how many of the pending writes were there too.
func (a *acknowledged) verify(t *testing.T, db *sqlite.DB) (without int) {
	w := newWriters(db)
	approvals, events := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	all, err := db.WSUS().Approvals(t.Context())
	require.NoError(t, err)
	for _, approval := range all {
		approvals[approval.UpdateID] = true
	}
	for event, err := range db.WSUS().Events(t.Context(), "") {
		require.NoError(t, err)
		events[event.ID] = true
	}
	for _, number := range a.acked {
		if !w.has(t.Context(), approvals, events, number[0], number[1]) {
			t.Fatalf("write %d of writer %d was acknowledged and is lost", number[1], number[0])
		}
	}
	for number := range a.pending {
		if w.has(t.Context(), approvals, events, number[0], number[1]) {
			without++
		}
	}
	return without
}
