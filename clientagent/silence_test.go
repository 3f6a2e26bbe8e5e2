package clientagent_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// hosts are sources of content of which some accept a connection and send nothing; a trickling one sends a byte and then nothing.
type hosts struct {
	*server
	silent, trickling []string
	asked             []string
}

func (h *hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(r.URL.Path, "/Content/") {
		return h.server.RoundTrip(r)
	}
	if len(h.asked) == 0 || h.asked[len(h.asked)-1] != r.URL.Host {
		h.asked = append(h.asked, r.URL.Host)
	}
	if slices.Contains(h.silent, r.URL.Host) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	response, err := h.server.RoundTrip(r)
	if err == nil && slices.Contains(h.trickling, r.URL.Host) {
		response.Body = &drip{body: response.Body, left: 1, ctx: r.Context()}
	}
	return response, err
}

// hostsLab is a lab in which time passes by itself, with a cache that goes on with a download that broke off.
func hostsLab(t *testing.T, content clientagent.ContentSettings, mirrors ...string) (*lab, *hosts) {
	l := newLab(t, leaf("a")) // of 12 bytes
	h := &hosts{server: l.server}
	l.server.mirrors, l.server.clock = mirrors, time.Now
	l.site.change(func(p *clientagent.Policy) { p.Settings.Content = content })
	l.config.HTTPClient, l.config.Now = &http.Client{Transport: h}, time.Now
	store, err := clientagent.Dir(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	l.config.Store, l.config.Cache = store, nil
	l.start()
	return l, h
}

// live steps the agent until something holds, and returns how long that took.
func (l *lab) liveUntil(most time.Duration, holds func() bool) time.Duration {
	l.Helper()
	began := time.Now()
	for !holds() {
		require.Less(l, time.Since(began), most)
		next, _ := l.agent.Step(l.Context(), time.Now())
		time.Sleep(time.Until(next))
	}
	return time.Since(began)
}

// PerDPInactivityTimeout: a source that sends nothing gives way to the next one, whether or not the process starts anew meanwhile.
func TestSilentSourceGivesWay(t *testing.T) {
	for name, row := range map[string]struct {
		settings  clientagent.ContentSettings
		silent    bool
		least     time.Duration
		processes bool
	}{
		"after a minute":          {clientagent.ContentSettings{PerDPInactivityTimeout: time.Minute}, true, time.Minute, false},
		"after several steps":     {clientagent.ContentSettings{PerDPInactivityTimeout: 40 * time.Minute}, true, 40 * time.Minute, false},
		"after several processes": {clientagent.ContentSettings{PerDPInactivityTimeout: 40 * time.Minute}, true, 40 * time.Minute, true},
		"after a byte":            {clientagent.ContentSettings{PerDPInactivityTimeout: 2 * time.Minute}, false, 2 * time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, h := hostsLab(t, row.settings, "http://silent.test")
				if row.silent {
					h.silent = []string{"silent.test"}
				} else {
					h.trickling = []string{"silent.test"}
				}
				id := l.site.deploy("d", time.Now(), time.Now().AddDate(0, 0, 9), "a")
				took := l.liveUntil(row.least+10*time.Minute, func() bool {
					if row.processes {
						l.start()
					}
					return l.assignment(id)[2] == 8
				})
				require.GreaterOrEqual(t, took, row.least)
				require.Equal(t, []string{"silent.test", "wsus.test"}, slices.Compact(h.asked))
			})
		})
	}
}

// A machine that is off blames no source for the time.
func TestSilenceCountsOnlyWhileASourceIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{}, "http://silent.test")
		h.silent = []string{"silent.test"}
		l.site.deploy("d", time.Now(), time.Now().AddDate(0, 0, 9), "a")
		_, err := l.agent.Step(t.Context(), time.Now())
		require.NoError(t, err)
		time.Sleep(24 * time.Hour)
		h.silent = nil
		_, err = l.agent.Step(t.Context(), time.Now())
		require.NoError(t, err)
		require.Equal(t, []string{"silent.test"}, h.asked, "it is asked again, and answers")
	})
}

// TotalInactivityTimeout: when nothing has come from any source for so long, the download has failed, and is tried again by the usual rule,
// beginning with the source that was not asked.
func TestSilenceOfAllSourcesFailsTheDownload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{}, "http://silent.test", "http://second.test")
		h.silent = []string{"silent.test"}
		id := l.site.deploy("d", time.Now(), time.Now().AddDate(0, 0, 9), "a")
		took := l.liveUntil(2*time.Hour, func() bool { return l.assignment(id)[2] == 9 })
		require.InDelta(t, time.Hour.Minutes(), took.Minutes(), 31, "an hour, and what is told at the next report")
		require.Equal(t, "80072EE2", hex32(l.site.current["301/"+id.String()].ErrorCode))
		require.Equal(t, 14, l.job("a"))
		all, err := l.agent.Updates(t.Context())
		require.NoError(t, err)
		require.Equal(t, clientagent.JobWaitingRetry, all[0].Job)
		require.Contains(t, all[0].ErrorReason, "http://silent.test")
		require.Contains(t, all[0].ErrorReason, "has sent nothing for 1h0m0s")
		l.liveUntil(time.Hour, func() bool { return l.assignment(id)[2] == 8 })
		require.Equal(t, []string{"silent.test", "second.test"}, h.asked)
	})
}

// A total time that is longer than that of a source lets all of them be asked, and ends when none is left.
func TestAllSourcesAreAskedInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{PerDPInactivityTimeout: 10 * time.Minute, TotalInactivityTimeout: 3 * time.Hour},
			"http://silent.test", "http://second.test")
		h.silent = []string{"silent.test", "second.test", "wsus.test"}
		id := l.site.deploy("d", time.Now(), time.Now().AddDate(0, 0, 9), "a")
		took := l.liveUntil(2*time.Hour, func() bool { return l.assignment(id)[2] == 9 })
		require.InDelta(t, 30, took.Minutes(), 16)
		require.Equal(t, []string{"silent.test", "second.test", "wsus.test"}, h.asked)
	})
}

// The time-outs of user jobs are for what a user starts.
func TestUserJobHasItsOwnTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{UserJobPerDPInactivityTimeout: 2 * time.Minute, UserJobTotalInactivityTimeout: 3 * time.Minute},
			"http://silent.test", "http://second.test")
		h.silent = []string{"silent.test", "second.test"}
		l.site.deploy("d", time.Now(), time.Time{}, "a")
		l.step()
		began := time.Now()
		err := l.agent.Install(t.Context(), updateID("a"))
		var failed *clientagent.InstallError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, "80072EE2", hex32(failed.Code))
		require.Equal(t, 3*time.Minute, time.Since(began))
		require.NoError(t, l.agent.Install(t.Context(), updateID("a")), "the third source comes first now")
		require.Equal(t, []string{"silent.test", "second.test", "wsus.test"}, h.asked)
	})
}

// A cache that cannot go on with a download is not waited for without end either.
func TestSilentSourceGivesWayWithoutResuming(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{TotalInactivityTimeout: 2 * time.Hour}, "http://silent.test")
		h.silent = []string{"silent.test"}
		l.config.Cache = content.Memory()
		l.start()
		l.site.deploy("d", time.Now(), time.Now().AddDate(0, 0, 9), "a")
		began := time.Now()
		_, err := l.agent.Step(t.Context(), time.Now())
		require.NoError(t, err)
		require.Equal(t, time.Hour, time.Since(began))
		require.Equal(t, []string{"silent.test", "wsus.test"}, h.asked)
	})
}

// ContentDownloadTimeout ends also a download that goes on, a byte at a time.
func TestEndlessDownloadFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{ContentDownloadTimeout: 20 * time.Minute})
		h.trickling = []string{"wsus.test"}
		id := l.site.deploy("d", time.Now(), time.Now().AddDate(0, 0, 9), "a")
		took := l.liveUntil(time.Hour, func() bool {
			all, err := l.agent.Updates(t.Context())
			require.NoError(t, err)
			return len(all) == 1 && all[0].Job == clientagent.JobWaitingRetry
		})
		require.InDelta(t, 25, took.Minutes(), 6, "the step that is at work, and the next one")
		l.liveUntil(time.Hour, func() bool { return l.assignment(id)[2] == 9 })
		require.Equal(t, "80072EE2", hex32(l.site.current["301/"+id.String()].ErrorCode))
	})
}

// Bytes keep a source, however slow it is.
func TestSlowSourceIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, h := hostsLab(t, clientagent.ContentSettings{PerDPInactivityTimeout: 6 * time.Minute}, "http://slow.test")
		l.config.HTTPClient.Transport = &crawling{h}
		id := l.site.deploy("d", time.Now(), time.Now().AddDate(0, 0, 9), "a")
		l.liveUntil(3*time.Hour, func() bool { return l.assignment(id)[2] == 8 })
		require.Equal(t, []string{"slow.test"}, h.asked)
	})
}

// crawling sends a byte every three minutes.
type crawling struct{ *hosts }

func (c *crawling) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.hosts.RoundTrip(r)
	if err == nil && strings.HasPrefix(r.URL.Path, "/Content/") {
		response.Body = &crawl{response.Body, r}
	}
	return response, err
}

type crawl struct {
	io.ReadCloser
	r *http.Request
}

func (c *crawl) Read(p []byte) (int, error) {
	select {
	case <-time.After(3 * time.Minute):
		return c.ReadCloser.Read(p[:1])
	case <-c.r.Context().Done():
		return 0, c.r.Context().Err()
	}
}
