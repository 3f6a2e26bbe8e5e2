package clientagent_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// followed collects the job states of one update until Progress ends.
func followed(ctx context.Context, a *clientagent.Agent, name string) (states []clientagent.JobState, err error) {
	for u, err := range a.Progress(ctx, updateID(name)) {
		if err != nil {
			return states, err
		}
		states = append(states, u.Job)
	}
	return states, nil
}

func TestProgressFollowsAnInstallation(t *testing.T) {
	for _, fails := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, leaf("a"))
			// Whoever follows gets to see every state when the work gives way.
			l.config.Store = slowStore{l.store}
			l.start()
			if fails {
				l.machine.fail["a"] = failing(clientagent.CodeExecutionTimeout)
			}
			l.site.deploy("d", l.now, time.Time{}, "a")
			l.step()
			states := make(chan []clientagent.JobState, 1)
			go func() {
				s, err := followed(t.Context(), l.agent, "a")
				if err != nil {
					s = nil
				}
				states <- s
			}()
			synctest.Wait()
			err := l.agent.Install(t.Context(), updateID("a"))
			want := []clientagent.JobState{clientagent.JobNone, clientagent.JobSubmitted, clientagent.JobDownloading, clientagent.JobWaitInstall,
				clientagent.JobInstalling, clientagent.JobVerifying, clientagent.JobInstallComplete}
			if fails {
				require.Error(t, err)
				want[6] = clientagent.JobError
			} else {
				require.NoError(t, err)
			}
			require.Equal(t, want, <-states)
		})
	}
}

// A scan that comes before is shown as well, and what never came to work stands as before: so the list shows no work that nobody does.
func TestProgressShowsTheScanBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, leaf("a"), leaf("b"))
		l.config.Store = slowStore{l.store}
		l.start()
		l.site.deploy("d", l.now, time.Time{}, "a")
		l.site.deploy("to come", l.now.AddDate(0, 1, 0), time.Time{}, "b")
		l.step()
		l.now = l.now.Add(25 * time.Hour)
		states := make(chan []clientagent.JobState, 1)
		go func() {
			s, _ := followed(t.Context(), l.agent, "a")
			states <- s
		}()
		synctest.Wait()
		require.ErrorIs(t, l.agent.Install(t.Context(), updateID("a"), updateID("b")), clientagent.ErrNotAvailable)
		listed, err := l.agent.Updates(t.Context())
		require.NoError(t, err)
		require.Len(t, listed, 1)
		require.Equal(t, clientagent.JobAvailable, listed[0].Job)
		l.now = l.now.Add(25 * time.Hour)
		require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
		want := []clientagent.JobState{clientagent.JobNone, clientagent.JobSubmitted, clientagent.JobDetecting, clientagent.JobNone,
			clientagent.JobSubmitted, clientagent.JobDetecting, clientagent.JobDownloading, clientagent.JobWaitInstall,
			clientagent.JobInstalling, clientagent.JobVerifying, clientagent.JobInstallComplete}
		require.Equal(t, want, <-states)
	})
}

// The same at a deadline: the content is there already, and the scan is too old.
func TestProgressShowsTheScanAtADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, leaf("a"))
		l.config.Store = slowStore{l.store}
		l.start()
		l.site.deploy("d", l.now, l.now.Add(30*time.Hour), "a")
		l.step()
		states := make(chan []clientagent.JobState, 1)
		go func() {
			s, _ := followed(t.Context(), l.agent, "a")
			states <- s
		}()
		synctest.Wait()
		l.pass(31 * time.Hour)
		require.Equal(t, []clientagent.JobState{clientagent.JobWaitInstall, clientagent.JobDetecting,
			clientagent.JobWaitInstall, clientagent.JobInstalling, clientagent.JobVerifying, clientagent.JobInstallComplete}, <-states)
	})
}

// A process that ends before the work comes to the machine leaves nothing that looks like work.
func TestNobodyWorksAfterAKillDuringTheScan(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.deploy("d", l.now, time.Time{}, "a")
	l.step()
	l.now = l.now.Add(25 * time.Hour)
	dying := &dyingStore{Store: l.store, left: 4}
	l.config.Store = dying
	l.start()
	require.Error(t, l.agent.Install(t.Context(), updateID("a")))
	l.config.Store = l.store
	l.start()
	listed, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Equal(t, clientagent.JobDetecting, listed[0].Job)
	l.step()
	listed, err = l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Equal(t, clientagent.JobAvailable, listed[0].Job)
}

// dyingStore takes so many batches and no more.
type dyingStore struct {
	clientagent.Store
	left int
}

func (d *dyingStore) Put(ctx context.Context, records map[string][]byte) error {
	if d.left--; d.left < 0 {
		return errors.New("killed")
	}
	return d.Store.Put(ctx, records)
}

// slowStore takes a moment for each write.
type slowStore struct{ clientagent.Store }

func (s slowStore) Put(ctx context.Context, records map[string][]byte) error {
	time.Sleep(time.Millisecond)
	return s.Store.Put(ctx, records)
}

func TestProgressEndsWithItsContextOrItsReader(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.site.deploy("d", l.now, time.Time{}, "a", "b")
	l.step()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	for u, err := range l.agent.Progress(ctx) {
		require.NoError(t, err)
		require.Equal(t, clientagent.JobAvailable, u.Job)
		if seen++; seen == 2 {
			cancel()
		}
	}
	require.Equal(t, 2, seen)
	for range l.agent.Progress(t.Context()) {
		break
	}
	l.site.outage = errors.New("no outage matters here")
	for u, err := range l.agent.Progress(t.Context(), updateID("a"), updateID("a")) {
		require.NoError(t, err)
		require.Equal(t, updateID("a"), u.ID)
		break
	}
}

// Whoever looks at the agent while it works, or before it ever has, changes nothing and gets in nobody's way.
func TestLookingChangesNothing(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"], l.machine.loggedOn = true, true
	l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
	look := func() {
		_, err := l.agent.PendingRestart(t.Context())
		require.NoError(t, err)
		_, err = l.agent.Status(t.Context())
		require.NoError(t, err)
		_, err = l.agent.Updates(t.Context())
		require.NoError(t, err)
		_, err = l.agent.MaintenanceWindow(t.Context())
		require.NoError(t, err)
	}
	look()
	for record, err := range l.store.List(t.Context(), "") {
		require.NoError(t, err)
		require.Fail(t, "somebody has written", record.Key)
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	l.config.Now = func() time.Time { return moment("Mon 12:00") }
	l.start()
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				look()
			}
		}
	}()
	for range 20 {
		next, err := l.agent.Step(t.Context(), moment("Mon 12:00"))
		require.NoError(t, err)
		require.True(t, next.After(moment("Mon 12:00")))
	}
	close(stop)
	<-stopped
}

// Names and numbers of §7.4 and its §7.4a in words.
func TestJobStatesAndCodesHaveTheirNames(t *testing.T) {
	names := strings.Fields("None Available Submitted Detecting PreDownload Downloading WaitInstall Installing PendingSoftReboot " +
		"PendingHardReboot WaitReboot Verifying InstallComplete Error WaitServiceWindow WaitUserLogon WaitUserLogoff WaitJobUserLogon " +
		"WaitUserReconnect PendingUserLogoff PendingUpdate WaitingRetry WaitPresModeOff WaitForOrchestration")
	require.Len(t, names, 24)
	for number, name := range names {
		require.Equal(t, name, clientagent.JobState(number).String())
	}
	require.Equal(t, "Unknown", clientagent.JobState(24).String())
	require.Equal(t, "Unknown", clientagent.JobState(-1).String())
	for code, number := range map[int32]uint32{
		clientagent.CodeExecutionTimeout: 0x87D0070C, clientagent.CodeGroupPolicyConflict: 0x87D00692, clientagent.CodeStillActionable: 0x87D00668,
		clientagent.CodeNothingToProcess: 0x87D00665, clientagent.CodeJobCancelled: 0x87D00664, clientagent.CodeInternal: 0x87D00656,
		clientagent.CodePostInstallScan: 0x87D00651, clientagent.CodePreInstallScan: 0x87D00650, clientagent.CodeDocumentsTimeout: 0x87D0027C,
		clientagent.CodeNoSpaceForContent: 0x87D01201, clientagent.CodeServerValueMissing: 0x80244011, clientagent.CodeOperationCancelled: 0x8024000B,
		clientagent.CodeDiskFull: 0x80070070,
	} {
		require.Equal(t, number, uint32(code))
		require.NotEmpty(t, clientagent.CodeMeaning(code))
	}
	require.NotEmpty(t, clientagent.CodeMeaning(clientagent.StatusNoWindow))
	require.NotEmpty(t, clientagent.CodeMeaning(clientagent.StatusRunTimeExceeded))
	// Windows Update's error reference: WU_E_PT_HTTP_STATUS_BAD_REQUEST to ..._VERSION_NOT_SUP, and what a connection ends with.
	for code, says := range map[uint32]string{0x80244016: "400", 0x80244017: "401", 0x80244018: "403", 0x80244019: "404", 0x8024401B: "407",
		0x8024401C: "time", 0x8024401F: "500", 0x80244022: "unavailable", 0x80244023: "504", 0x80244024: "505",
		0x80072EE2: "timed out", 0x80072EFE: "aborted", 0x80072F8F: "certificate", 0x8024402C: "resolved"} {
		require.Contains(t, clientagent.CodeMeaning(int32(code)), says, "%08X", code)
	}
	for _, code := range []uint32{0, 0x80244015, 0x80244025} {
		require.Empty(t, clientagent.CodeMeaning(int32(code)))
	}
}

// dripping serves content so slowly that a step cannot wait for it: some bytes of what is asked for, then silence until the request ends.
type dripping struct {
	http.RoundTripper
	asked []string
}

func (d *dripping) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := d.RoundTripper.RoundTrip(r)
	if err != nil || !strings.Contains(r.URL.Path, "/Content/") {
		return resp, err
	}
	d.asked = append(d.asked, r.Header.Get("Range"))
	resp.Body = &drip{body: resp.Body, left: 4, ctx: r.Context()}
	return resp, nil
}

type drip struct {
	body interface {
		Read([]byte) (int, error)
		Close() error
	}
	left int
	ctx  context.Context
}

func (d *drip) Read(b []byte) (int, error) {
	if d.left == 0 {
		<-d.ctx.Done()
		return 0, d.ctx.Err()
	}
	n, err := d.body.Read(b[:min(len(b), d.left)])
	d.left -= n
	return n, err
}

func (d *drip) Close() error { return d.body.Close() }

// A download that takes long does not keep the agent from its policy: each step takes it some bytes farther.
func TestLongDownloadIsInterruptedForTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, leaf("a")) // of 12 bytes
		slow := &dripping{RoundTripper: l.server}
		l.config.HTTPClient = &http.Client{Transport: slow}
		l.config.Now = time.Now
		l.server.clock = time.Now
		store, err := clientagent.Dir(t.TempDir())
		require.NoError(t, err)
		defer func() { require.NoError(t, store.Close()) }()
		l.config.Store, l.config.Cache = store, nil
		l.start()
		id := l.site.deploy("d", time.Now(), time.Now().Add(time.Minute), "a")
		began := time.Now()
		for range 20 {
			next, err := l.agent.Step(t.Context(), time.Now())
			require.NoError(t, err)
			if l.machine.has("a") {
				break
			}
			require.Equal(t, [3]int{2, 2, 7}, l.assignment(id), "the rest of the step came after it")
			time.Sleep(time.Until(next))
		}
		require.True(t, l.machine.has("a"))
		require.Equal(t, "content of a", l.machine.content["a"])
		require.Equal(t, []string{"", "bytes=4-", "bytes=8-"}, slices.DeleteFunc(slow.asked, func(r string) bool { return r == "bytes=12-" }))
		require.Less(t, time.Since(began), time.Hour)
		require.GreaterOrEqual(t, time.Since(began), 10*time.Minute, "two slices of five minutes")
	})
}
