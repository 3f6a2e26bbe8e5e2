package clientagent_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// scanLab is a lab with several servers, that keeps which of them was asked when, and which states a scan went through.
type scanLab struct {
	*lab
	begin time.Time
	// down are the hosts that do not answer.
	down map[string]bool
	// asked are the attempts, such as "30m sup1".
	asked  []string
	last   string
	states *stateStore
}

// errDown is a refused connection: 0x80072EFD, of the retry list.
var errDown = &net.OpError{Op: "dial", Err: errors.New("refused")}

// newScanLab begins after the first step, and lets no scheduled scan come between for a month.
func newScanLab(t *testing.T, locations ...clientagent.Location) *scanLab {
	l := &scanLab{lab: newLab(t, leaf("a")), down: map[string]bool{}}
	l.states = &stateStore{Store: l.store}
	l.config.Store, l.config.HTTPClient = l.states, &http.Client{Transport: l}
	l.lab.start()
	l.site.change(func(p *clientagent.Policy) {
		p.Locations = locations
		p.Settings.ScanInterval, p.Settings.ReevaluationInterval = 30*24*time.Hour, 30*24*time.Hour
	})
	l.step()
	l.begin = l.now
	return l
}

func at(name string) clientagent.Location {
	return clientagent.Location{WSUSURL: "http://" + name + ".test:8530", ServerName: name, Version: 1}
}

// in is a server in a boundary group with so many minutes of fallback.
func in(group, name string, minutes int) clientagent.Location {
	l := at(name)
	l.BoundaryGroup, l.Fallback = group, minutes
	return l
}

// RoundTrip carries what the agent sends, one line for each attempt of a scan.
func (l *scanLab) RoundTrip(r *http.Request) (*http.Response, error) {
	host := strings.TrimSuffix(r.URL.Hostname(), ".test")
	if attempt := l.moment() + " " + host; attempt != l.last {
		l.last = attempt
		l.asked = append(l.asked, attempt)
	}
	if l.down[host] {
		return nil, errDown
	}
	return l.server.RoundTrip(r)
}

// restart counts the minutes and the attempts from now on.
func (l *scanLab) restart() { l.begin, l.asked, l.last = l.now, nil, "" }

func (l *scanLab) moment() string {
	return fmt.Sprintf("%dm", int(l.now.Sub(l.begin)/time.Minute))
}

// scan asks for a scan as a user does; it may fail.
func (l *scanLab) scan() error {
	_, err := l.agent.Scan(l.Context())
	return err
}

// run steps the agent for a time whatever fails.
func (l *scanLab) run(d time.Duration) {
	l.Helper()
	for end := l.now.Add(d); ; {
		next, _ := l.agent.Step(l.Context(), l.now)
		require.True(l, next.After(l.now))
		if next.After(end) {
			l.now = end
			return
		}
		l.now = next
	}
}

// stateStore keeps the states of topic 501 in the order in which the agent wrote them.
type stateStore struct {
	clientagent.Store
	states []string
}

func (s *stateStore) Put(ctx context.Context, records map[string][]byte) error {
	for key, value := range records {
		if !strings.HasPrefix(key, "message/501/") {
			continue
		}
		var told struct {
			State int `json:"state"`
		}
		if err := json.Unmarshal(value, &told); err != nil {
			return err
		}
		s.states = append(s.states, fmt.Sprint(told.State))
	}
	return s.Store.Put(ctx, records)
}

// take are the states since the last call.
func (s *stateStore) take() string {
	states := strings.Join(s.states, " ")
	s.states = nil
	return states
}
