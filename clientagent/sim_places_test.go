package clientagent_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// drawMetering draws what metered connections are good for.
func (w *simWorld) drawMetering(s *clientagent.Settings) {
	s.MeteredUse = []clientagent.MeteredUse{clientagent.MeteredBlock, clientagent.MeteredLimit, clientagent.MeteredAllow}[w.extra.IntN(3)]
}

// planMeter has machines whose connection costs money at times.
func (a *simAgent) planMeter() {
	for range 1 + a.extra.IntN(4) {
		a.aWhile(5*24*time.Hour, func() { a.machine.metered = true; a.log("connection is metered"); a.wake() },
			func() { a.machine.metered = false; a.log("connection is not metered"); a.wake() })
	}
}

func (w *simWorld) unmeter() {
	for _, a := range w.agents {
		a.machine.metered = false
	}
}

// Metered makes the machine one that knows about its connection.
func (m *simMachine) Metered(context.Context) (bool, error) { return m.metered, nil }

// meteredUse is what the connection that a machine uses is good for, by its present policy; without one nothing is known that forbids anything.
func (a *simAgent) meteredUse() clientagent.MeteredUse {
	policy := a.policy()
	if !a.machine.metered || policy.ETag == "" {
		return clientagent.MeteredAllow
	}
	return policy.Settings.MeteredUse
}

// checkMeter holds a request that nobody has asked for against what the connection is good for.
func (a *simAgent) checkMeter(r simRequest) {
	use := a.meteredUse()
	if use == clientagent.MeteredAllow || a.user {
		return
	}
	a.world.happened("metered: request")
	if a.nightWork() {
		return
	}
	if use == clientagent.MeteredBlock {
		a.breach("metered", "%s is asked over a metered connection: %s", r.path, a.situation())
	}
	if r.toSite() {
		return
	}
	for _, d := range a.live() {
		if d.Required() && (!a.local(d.EnforcementDeadline, d.LocalTime).After(a.clock()) || !a.dueAt(d).After(a.clock())) {
			return
		}
	}
	a.breach("metered", "%s is asked over a metered connection and no deadline has come: %s", r.path, a.situation())
}

// nightWork tells whether the turn has begun in hours that a user has left updates to: who asks for them is the user.
func (a *simAgent) nightWork() bool {
	var postponed []uuid.UUID
	return a.read("postponed", &postponed) && len(postponed) > 0 &&
		(a.unsureOfHours || len(a.hours) > 0 && a.remaining(a.hours, a.turned) > 0)
}

// planDomain has machines that a domain sends to another server at times.
func (a *simAgent) planDomain() {
	for range 1 + a.extra.IntN(2) {
		a.aWhile(6*24*time.Hour, func() { a.machine.domain = simOtherServer; a.log("domain names its own server"); a.wake() },
			func() { a.machine.domain = ""; a.log("domain names no server"); a.wake() })
	}
}

const simOtherServer = "http://wsus.corp.example:8530"

func (w *simWorld) leaveDomain() {
	for _, a := range w.agents {
		a.machine.domain = ""
	}
}

// UpdateService makes the machine one that a domain may have other plans with.
func (m *simMachine) UpdateService(context.Context) (string, error) {
	if m.domain != "" {
		m.owner.world.happened("domain: conflict")
	}
	return m.domain, nil
}

// checkDomain holds a request against the domain: while that names another server, none is scanned.
func (a *simAgent) checkDomain(r simRequest) {
	if a.machine.domain != "" && !r.toSite() && !r.toContent() {
		a.breach("domain", "%s is asked although the domain names another server", r.url)
	}
}
