package clientagent_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// sources are content hosts beside the server: one where nobody listens, one that has lost the file, one whose files are damaged.
type sources struct {
	*server
	asked []string
	// only, when set, answers whatever host is asked.
	only string
}

func (s *sources) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(r.URL.Path, "/Content/") {
		return s.server.RoundTrip(r)
	}
	s.asked = append(s.asked, r.URL.Host)
	host := r.URL.Host
	if s.only != "" {
		host = s.only
	}
	switch host {
	case "dead.test":
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case "empty.test":
		return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	case "damaged.test":
		body := "CONTENT OF A"
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, ContentLength: int64(len(body)),
			Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
	return s.server.RoundTrip(r)
}

// Every source is tried in the order of the server; what is damaged never reaches the installer.
func TestContentComesFromTheFirstSourceThatHasIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, leaf("a"))
		l.server.mirrors = []string{"http://dead.test", "http://damaged.test", "http://empty.test"}
		carrier := &sources{server: l.server}
		l.config.HTTPClient = &http.Client{Transport: carrier}
		l.start()
		id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
		l.step()
		require.Subset(t, carrier.asked, []string{"dead.test", "damaged.test", "empty.test", "wsus.test"})
		require.Equal(t, "wsus.test", carrier.asked[len(carrier.asked)-1])
		l.until("Mon 12:00")
		l.flush()
		require.Equal(t, "content of a", l.machine.content["a"])
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	})
}

// When all sources fail, the first reason that says more than silence is told.
func TestDamagedContentIsToldAsSuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, leaf("a"))
		l.server.mirrors = []string{"http://damaged.test"}
		l.server.files = nil
		carrier := &sources{server: l.server}
		l.config.HTTPClient = &http.Client{Transport: onlyDamaged{carrier}}
		l.start()
		id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
		_, err := l.agent.Step(t.Context(), l.now)
		require.Error(t, err)
		l.flushWith()
		require.Equal(t, [3]int{2, 2, 9}, l.assignment(id))
		require.Equal(t, clientagent.CodeIncorrectHash, l.site.current["301/"+id.String()].ErrorCode)
		require.Empty(t, l.machine.order)
	})
}

// onlyDamaged lets the server itself hold nothing.
type onlyDamaged struct{ *sources }

func (o onlyDamaged) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Path, "/Content/") && r.URL.Host == "wsus.test" {
		r = r.Clone(r.Context())
		r.URL.Host = "empty.test"
	}
	return o.sources.RoundTrip(r)
}
