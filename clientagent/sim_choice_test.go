package clientagent_test

import (
	"net/url"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// simChoice is what can be seen of how a machine chooses its server: which one it has noted, and how often and since when that has failed.
// It is never stricter than the rules: what an agent does not count, such as an attempt of the user, counts here.
type simChoice struct {
	current, worked string
	failures        int
	// since is the first failure after the last scan that succeeded, or when the list had no server of the machine any more.
	since time.Time
	// failed is the turn that was counted last.
	failed int
	// list are the servers that the policy names, switches the order to switch that has been carried out.
	list     []string
	switches int64
}

// serverOf is the address of the server that a request goes to.
func (r simRequest) server() string {
	u, err := url.Parse(r.url)
	if err != nil {
		panic(err) // it is an address that was asked
	}
	return u.Scheme + "://" + u.Host
}

// lookAtList takes in what the policy names.
func (a *simAgent) lookAtList(policy clientagent.Policy) {
	c := &a.choice
	var list []string
	for _, l := range policy.Locations {
		list = append(list, l.WSUSURL)
	}
	if !slices.Equal(list, c.list) {
		if slices.Contains(c.list, c.current) && !slices.Contains(list, c.current) {
			c.failures, c.since = 0, time.Time{}
		}
		c.list = list
	}
	if c.since.After(a.turned) {
		c.since = a.turned // of a clock that was ahead
	}
	if c.since.IsZero() && policy.ETag != "" && !slices.Contains(list, c.current) && !slices.Contains(list, c.worked) {
		c.since = a.turned
	}
}

// checkServer holds the server that is asked against those that may be used now.
func (a *simAgent) checkServer(r simRequest) {
	if len(a.world.points) == 0 || r.toSite() || r.toContent() {
		return
	}
	policy, c, server := a.policy(), &a.choice, r.server()
	a.lookAtList(policy)
	at := slices.IndexFunc(policy.Locations, func(l clientagent.Location) bool { return l.WSUSURL == server })
	if at < 0 {
		a.breach("server", "%s is asked, which the policy does not name", server)
	}
	if server != c.current {
		a.breach("server", "%s is asked, and %s was chosen", server, c.current)
	}
}

// chooses holds the server that is noted as chosen against those that may be used now. The first request to it may come much later, when others may
// be used: a domain that names another server comes between.
func (a *simAgent) chooses(server string) {
	policy, c := a.policy(), &a.choice
	if len(a.world.points) == 0 || server == c.current {
		return
	}
	a.lookAtList(policy)
	at := slices.IndexFunc(policy.Locations, func(l clientagent.Location) bool { return l.WSUSURL == server })
	if at < 0 {
		a.breach("server", "%s is chosen, which the policy does not name", server)
	}
	if why := a.mayNot(policy, policy.Locations[at]); why != "" {
		a.breach("server", "%s is chosen after %s: %s; %+v", server, c.current, why, policy.Locations)
	}
	if c.current != "" {
		a.world.happened("point: changed")
	}
	c.current, c.failures, c.switches = server, 0, policy.SwitchPoint
}

// mayNot is why another server than the present one may not be used; empty when it may.
func (a *simAgent) mayNot(policy clientagent.Policy, l clientagent.Location) string {
	c := &a.choice
	grouped := slices.ContainsFunc(policy.Locations, func(l clientagent.Location) bool { return l.BoundaryGroup != "" })
	var elapsed time.Duration
	if !c.since.IsZero() {
		elapsed = a.turned.Sub(c.since)
	}
	has := slices.Contains(c.list, c.current)
	switch {
	case l.WSUSURL == c.worked && !has:
		return ""
	case grouped && l.Fallback == clientagent.NeverFallback:
		return "clients never fall back to it"
	case has && policy.SwitchPoint != c.switches:
		return ""
	case grouped && elapsed < time.Duration(l.Fallback)*time.Minute:
		return "the time of its fallback has not come"
	case grouped && has && elapsed < clientagent.OriginalPointMinutes*time.Minute:
		return "the own server has its two hours"
	case !grouped && has && c.failures < policy.Settings.Effective().Scan.MaxScanRetryCount:
		return "the own server has not failed often enough"
	}
	return ""
}

// noteAttempt counts an answer that fails a scan.
func (a *simAgent) noteAttempt(r simRequest, failed bool) {
	c := &a.choice
	if !failed || r.toSite() || r.toContent() || c.failed == a.turns {
		return
	}
	c.failed = a.turns
	c.failures++
	if c.since.IsZero() {
		c.since = a.turned
	}
}

// noteScan ends what failures had left, when a scan has succeeded.
func (a *simAgent) noteScan() {
	a.choice.failures, a.choice.since, a.choice.worked = 0, time.Time{}, a.choice.current
}

// mostScans is how many scans a day has at most: with boundary groups, after two hours without its own server a machine tries one every two minutes.
func (a *simAgent) mostScans() int {
	if a.world.fallback != nil {
		return simMostScans + 24*60/2
	}
	return simMostScans
}
