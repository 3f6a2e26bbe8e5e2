package clientagent_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// listed is an update of the list of Software Center; the zero value when it is not there.
func (l *lab) listed(name string) clientagent.UpdateStatus {
	l.Helper()
	all, err := l.agent.Updates(l.Context())
	require.NoError(l, err)
	for _, u := range all {
		if u.ID == updateID(name) {
			return u
		}
	}
	return clientagent.UpdateStatus{}
}

// A user who installs an optional update changes his mind: the download ends at once, Install says why, the update is Available again, and
// the next Install goes on at the same byte.
func TestCancelDownloadOfAnInstallation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{})
		slow := &dripping{RoundTripper: h}
		l.config.HTTPClient.Transport = slow
		id := l.site.deploy("d", time.Now(), time.Time{}, "a")
		l.step()
		outcome := make(chan error, 1)
		go func() { outcome <- l.agent.Install(t.Context(), updateID("a")) }()
		time.Sleep(time.Minute)
		require.Equal(t, clientagent.JobDownloading, l.listed("a").Job)
		began := time.Now()
		require.NoError(t, l.agent.CancelDownload(t.Context(), updateID("a")))
		err := <-outcome
		require.Zero(t, time.Since(began))
		var failed *clientagent.InstallError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, "87D00664", hex32(failed.Code))
		require.Equal(t, 1, strings.Count(err.Error(), "cancelled"), err.Error())
		require.Equal(t, clientagent.JobAvailable, l.listed("a").Job)
		require.Zero(t, l.listed("a").ErrorCode)
		l.liveFor(time.Hour)
		require.Equal(t, 14, l.job("a"))
		require.Equal(t, "87D00664", hex32(l.site.current["402/"+updateID("a").String()].ErrorCode))
		require.Equal(t, [3]int{2, 2, 9}, l.assignment(id))
		require.Equal(t, []string{""}, slow.asked, "nothing is asked for meanwhile")
		require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
		require.Equal(t, "bytes=4-", slow.asked[1])
		require.Equal(t, "content of a", l.machine.content["a"])
	})
}

// liveFor steps the agent for a while as time passes by itself.
func (l *lab) liveFor(d time.Duration) {
	l.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); {
		next, err := l.agent.Step(l.Context(), time.Now())
		require.NoError(l, err)
		time.Sleep(min(time.Until(next), time.Until(end)))
	}
}

// A required update is not fetched any more until its deadline, also by the next process; then it is, and installs.
func TestCancelDownloadAheadOfTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{})
		slow := &dripping{RoundTripper: h}
		l.config.HTTPClient.Transport = slow
		id := l.site.deploy("d", time.Now(), time.Now().Add(48*time.Hour), "a")
		deadline := time.Now().Add(48 * time.Hour)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			l.stepNow()
		}()
		time.Sleep(time.Minute)
		require.NoError(t, l.agent.CancelDownload(t.Context(), updateID("a")))
		<-ended
		l.start()
		l.liveFor(time.Until(deadline) - time.Minute)
		require.Equal(t, []string{""}, slow.asked)
		require.Equal(t, clientagent.JobAvailable, l.listed("a").Job)
		require.Equal(t, [3]int{2, 2, 9}, l.assignment(id))
		require.Equal(t, "87D00664", hex32(l.site.current["301/"+id.String()].ErrorCode))
		l.liveFor(time.Hour)
		require.True(t, l.machine.has("a"))
		require.Equal(t, "bytes=4-", slow.asked[1])
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
		require.ErrorIs(t, l.agent.CancelDownload(t.Context(), updateID("nowhere")), clientagent.ErrNotFound)
	})
}

// stepNow steps the agent once, as time passes by itself.
func (l *lab) stepNow() {
	_, err := l.agent.Step(l.Context(), time.Now())
	require.NoError(l, err)
}

// What the cancelled one keeps from nobody: the other updates of its deployment are fetched.
func TestCancelDownloadKeepsTheOthers(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.server.lost = map[string]bool{"a": true}
	l.site.deploy("d", l.now, l.now.AddDate(0, 0, 3), "a", "b")
	l.passWith(time.Hour, clientagent.CodeNotDownloaded)
	require.Equal(t, clientagent.JobWaitingRetry, l.listed("a").Job)
	fetched := l.server.fetched
	require.NoError(t, l.agent.CancelDownload(t.Context(), updateID("a")))
	l.pass(5 * time.Hour)
	require.Equal(t, fetched, l.server.fetched, "no retry")
	require.Equal(t, clientagent.JobAvailable, l.listed("a").Job)
	require.Equal(t, clientagent.JobWaitInstall, l.listed("b").Job)
	require.NoError(t, l.agent.CancelDownload(t.Context(), updateID("b")), "what is complete is left alone")
	require.Equal(t, clientagent.JobWaitInstall, l.listed("b").Job)
}

// After the deadline there is nothing to cancel, and of several updates either all are cancelled or none.
func TestCancelDownloadAfterTheDeadline(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"), leaf("c"))
	l.server.lost = map[string]bool{"a": true, "b": true}
	l.site.deploy("due", l.now, l.now.Add(time.Minute), "a")
	l.site.deploy("far", l.now, l.now.AddDate(0, 0, 3), "b")
	l.site.deploy("to come", l.now.AddDate(0, 0, 1), l.now.AddDate(0, 0, 3), "c")
	l.passWith(time.Hour, clientagent.CodeNotDownloaded)
	err := l.agent.CancelDownload(t.Context(), updateID("b"), updateID("a"))
	require.ErrorIs(t, err, clientagent.ErrDeadlineOver)
	require.ErrorContains(t, err, updateID("a").String())
	require.Equal(t, clientagent.JobWaitingRetry, l.listed("b").Job)
	require.ErrorIs(t, l.agent.CancelDownload(t.Context(), updateID("c")), clientagent.ErrNotAvailable)
	require.ErrorIs(t, l.agent.CancelDownload(t.Context(), uuid.New()), clientagent.ErrNotFound)
	require.NoError(t, l.agent.CancelDownload(t.Context(), updateID("b")))
	require.Equal(t, clientagent.JobAvailable, l.listed("b").Job)
}

// Pre-download shows as such and hides the update until its content is there; who cancels it wants it without waiting.
func TestCancelPreDownload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{})
		slow := &dripping{RoundTripper: h}
		l.config.HTTPClient.Transport = slow
		l.site.deploy("d", time.Now(), time.Time{}, "a")
		l.options(func(o *clientagent.DeploymentOptions) { o.PreDownload = true })
		var states []clientagent.JobState
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			l.stepNow()
		}()
		time.Sleep(time.Minute)
		for u, err := range l.agent.Progress(t.Context(), updateID("a")) {
			require.NoError(t, err)
			states = append(states, u.Job)
			break
		}
		require.Equal(t, []clientagent.JobState{clientagent.JobPreDownload}, states)
		require.Zero(t, l.listed("a"), "hidden until the content is there")
		require.NoError(t, l.agent.CancelDownload(t.Context(), updateID("a")))
		<-ended
		l.liveFor(30 * time.Hour)
		require.Equal(t, clientagent.JobAvailable, l.listed("a").Job)
		require.Len(t, slow.asked, 1)
		files := 0
		for range l.config.Store.(*clientagent.DirStore).Content().(clientagent.CacheCleaner).Files(t.Context()) {
			files++
		}
		require.Zero(t, files, "the part that is there goes after the minimum duration, as nothing needs it")
	})
}

// A wish survives neither the update nor its deployment: what goes missing again, or is deployed again, is fetched.
func TestCancelledDownloadIsForgottenWithItsReason(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.server.lost = map[string]bool{"a": true}
	l.site.deploy("d", l.now, l.now.AddDate(0, 0, 9), "a")
	l.passWith(time.Hour, clientagent.CodeNotDownloaded)
	require.NoError(t, l.agent.CancelDownload(t.Context(), updateID("a")))
	l.server.lost = nil
	l.pass(5 * time.Hour)
	require.Equal(t, clientagent.JobAvailable, l.listed("a").Job)
	l.site.undeploy("d")
	l.pass(5 * time.Hour)
	l.site.deploy("again", l.now, l.now.AddDate(0, 0, 9), "a")
	l.pass(5 * time.Hour)
	require.Equal(t, clientagent.JobWaitInstall, l.listed("a").Job)
}

// What is postponed and has begun to download is not installed at night after all.
func TestCancelDownloadEndsAnOrderBetweenItsTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{})
		l.config.HTTPClient.Transport = &dripping{RoundTripper: h}
		l.site.deploy("d", time.Now(), time.Time{}, "a")
		l.step()
		outcome := make(chan error, 1)
		go func() { outcome <- l.agent.Install(t.Context(), updateID("a")) }()
		// The first turn ends after five minutes; the second one has just been interrupted, or not begun.
		time.Sleep(5 * time.Minute)
		require.NoError(t, l.agent.CancelDownload(t.Context(), updateID("a")))
		var failed *clientagent.InstallError
		require.ErrorAs(t, <-outcome, &failed)
		require.Equal(t, clientagent.CodeJobCancelled, failed.Code)
		require.Empty(t, l.machine.order)
	})
}
