package clientagent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// policy is what the agent knows of its site, by its own records.
func (a *simAgent) policy() clientagent.Policy {
	text := a.store.values["policy"]
	if !bytes.Equal(text, a.policyText) {
		a.policyText, a.policyRead = text, clientagent.Policy{}
		if err := json.Unmarshal(text, &a.policyRead); err != nil {
			a.breach("records", "policy cannot be read: %v", err)
		}
	}
	return a.policyRead
}

// checkInstall holds an installation against what the agent may do at this moment.
func (a *simAgent) checkInstall(u *simUpdate) {
	budget := a.today()
	if budget.installs++; budget.installs > simMostInstalls {
		a.breach("budget", "%d installations in a day", budget.installs)
	}
	switch {
	case a.machine.has(u):
		a.breach("twice", "%s is installed although it is in place", u.name)
	case a.machine.awaits(u):
		a.breach("twice", "%s is installed although it waits for a restart", u.name)
	case !a.machine.wants(u):
		a.breach("applicable", "%s is installed although it does not apply", u.name)
	}
	policy := a.policy()
	if !policy.Settings.Enabled {
		a.breach("dormant", "%s is installed although the components are dormant", u.name)
	}
	began := a.began(u)
	a.checkAlone(u)
	stack, free := "", false
	available, due, fits := false, false, a.remaining(a.windows(false), began) >= u.limit()
	for _, d := range a.live() {
		if !simNames(d.Updates, u) || d.AssignmentAction == clientagent.ActionDetect || a.local(d.StartTime, d.LocalTime).After(a.clock()) {
			continue
		}
		available = true
		if d.Required() && !a.dueAt(d).After(a.clock()) {
			due, fits = true, fits || d.OverrideServiceWindows
			if behind := a.checkStack(u, d); behind != "" {
				stack = behind
			} else {
				free = true
			}
		}
	}
	if a.clock().After(began.Add(u.limit())) {
		a.breach("limit", "%s is installed when the %v of its bundle are over since %v: %s", u.name, u.limit(), began, a.situation())
	}
	switch {
	case !available:
		a.breach("available", "%s is installed and no deployment makes it available: %s", u.name, a.situation())
	case a.user || a.isPostponed(u):
	case !due:
		a.breach("deadline", "%s is installed before its deadline and without the user: %s", u.name, a.situation())
	case stack != "" && !free:
		a.breach("stack", "%s is installed before %s, which renews the servicing stack: %s", u.name, stack, a.situation())
	case !fits:
		a.breach("window", "%s takes up to %v and is installed when windows %v of %v have %v left: %s", u.name, u.limit(), a.windows(false), a.zone,
			a.remaining(a.windows(false), began), a.situation())
	}
}

// began is when the installation has begun that an update belongs to. The members of a bundle share its maximum run time, and what has started
// runs on past the end of a window.
func (a *simAgent) began(u *simUpdate) time.Time {
	if u.bundle == nil {
		return a.clock()
	}
	var job struct {
		State clientagent.JobState
		Since time.Time
	}
	if text := a.store.values["job/"+u.bundle.id.String()]; text != nil {
		if err := json.Unmarshal(text, &job); err != nil {
			a.breach("records", "job of %s cannot be read: %v", u.bundle.name, err)
		}
	}
	if job.State != clientagent.JobInstalling {
		return a.clock()
	}
	return job.Since
}

// checkRestart holds a restart by the agent against what it may do at this moment: a deployment whose deadline is over must ask for it.
func (a *simAgent) checkRestart() {
	if a.user {
		return
	}
	a.checkCountdown()
	open := a.remaining(a.windows(true), a.clock()) > 0
	for _, d := range a.live() {
		if !d.Required() || d.SuppressReboot&clientagent.SuppressWorkstations != 0 || a.dueAt(d).After(a.clock()) {
			continue
		}
		if !open && !d.RebootOutsideOfServiceWindows {
			continue
		}
		for _, id := range d.Updates {
			if a.awaits(a.world.byID(id)) {
				return
			}
		}
	}
	a.breach("restart", "machine is restarted although no deployment asks for it: %s", a.situation())
}

// awaits tells whether an update waits for a restart, or the agent has reason to think so: after a crash nobody can tell which of the
// installations that were cut short a pending restart belongs to.
func (a *simAgent) awaits(u *simUpdate) bool {
	for _, leaf := range u.leaves() {
		if a.machine.awaits(leaf) {
			return true
		}
	}
	var job struct{ State clientagent.JobState }
	if text := a.store.values["job/"+u.id.String()]; text != nil {
		if err := json.Unmarshal(text, &job); err != nil {
			a.breach("records", "job of %s cannot be read: %v", u.name, err)
		}
	}
	return job.State == clientagent.JobPendingHardReboot && len(a.machine.waiting) > 0
}

// simTold is what an agent has sent.
type simTold struct {
	last     int64
	messages map[int64]compliance.Message
}

// simBudget counts what an agent does in a day.
type simBudget struct {
	day                           int
	steps, reports, polls, server int
	// scans are steps in which the server was asked without the user; the last of them is scanned.
	scans, scanned int
	installs       int
}

// The most that an agent does in a day: twice what retries at the product's pace come to.
const (
	simMostSteps    = 1500
	simMostRequests = 3000
	// Four scans every half an hour and two minutes to the next server are 63; processes that start anew scan besides.
	simMostScans = 80
	// Each update once for each deployment, and again for users and processes that start anew.
	simMostInstalls = 150
)

func (a *simAgent) today() *simBudget {
	if day := int(a.now().Sub(simBegin()).Hours() / 24); day != a.budget.day {
		a.budget = simBudget{day: day}
	}
	return &a.budget
}

// checkRequest looks at what an agent sends.
func (a *simAgent) checkRequest(r simRequest) {
	a.checkServer(r)
	a.checkMeter(r)
	a.checkDomain(r)
	if r.toContent() {
		a.checkFetch(context.Background(), r)
	}
	budget := a.today()
	switch r.path {
	case clientagent.ReportPath:
		budget.reports++
		a.checkReport(r.body)
	case clientagent.PolicyPath:
		budget.polls++
	default:
		budget.server++
		if !r.toSite() && !r.toContent() && !a.user && budget.scanned != a.world.steps {
			budget.scans, budget.scanned = budget.scans+1, a.world.steps
		}
	}
	if budget.scans > a.mostScans() {
		a.breach("budget", "%d scans in a day", budget.scans)
	}
	if sum := budget.reports + budget.polls + budget.server; sum > simMostRequests {
		a.breach("budget", "%d requests in a day", sum)
	}
	policy := a.policy()
	if !r.toSite() && !policy.Settings.Enabled {
		a.breach("dormant", "%s is asked although the components are dormant", r.path)
	}
}

// checkReport holds the serial numbers of a report against all that were sent before: they have no gap, and none means two things.
func (a *simAgent) checkReport(body []byte) {
	report, err := compliance.DecodeReport(bytes.NewReader(body), compliance.Limits{})
	if err != nil {
		a.breach("report", "report cannot be read: %v", err)
		return
	}
	if a.told.messages == nil {
		a.told.messages = map[int64]compliance.Message{}
	}
	for i, m := range report.Messages {
		if i > 0 && m.Serial != report.Messages[i-1].Serial+1 || m.Serial > a.told.last+1 {
			a.breach("serials", "serial %d comes after %d", m.Serial, a.told.last)
		}
		if old, known := a.told.messages[m.Serial]; known && (old.Topic != m.Topic || old.StateID != m.StateID || old.ErrorCode != m.ErrorCode) {
			a.breach("serials", "serial %d means two things", m.Serial)
		}
		if _, known := a.told.messages[m.Serial]; !known {
			a.world.happened("told: %d/%d", m.Topic.Type, m.StateID)
			if m.ErrorCode != 0 {
				a.world.happened("code: %08X", uint32(m.ErrorCode))
			}
		}
		a.told.messages[m.Serial] = m
		a.told.last = max(a.told.last, m.Serial)
	}
}

// checkStep looks at the agent after a step.
func (a *simAgent) checkStep(began, next time.Time) {
	budget := a.today()
	if budget.steps++; budget.steps > simMostSteps {
		a.breach("budget", "%d steps in a day", budget.steps)
	}
	if !next.After(began) {
		a.breach("progress", "next step is at %v, now is %v", next, began)
	}
	if next.Sub(began) > 32*24*time.Hour {
		a.breach("progress", "agent sleeps until %v, now is %v", next, a.clock())
	}
	if len(a.world.points) > 0 {
		a.lookAtList(a.policy())
	}
	a.checkReasons(began)
}

// situation is what waits for a restart, and what the policy asks for, in words.
func (a *simAgent) situation() string {
	text := fmt.Sprintf("at %s, windows %v, grace %v, waiting", a.clock().In(a.zone), a.windows(true), a.policy().Settings.ComputerAgent.GracePeriod)
	for _, u := range a.machine.waiting {
		text += " " + u.name
	}
	for _, d := range a.policy().Deployments {
		text += fmt.Sprintf("; %s of", d.Name)
		for _, id := range d.Updates {
			text += " " + a.world.byID(id).name
		}
		text += fmt.Sprintf(" from %s due %s %+v", d.StartTime.Format(time.DateTime), d.EnforcementDeadline.Format(time.DateTime), d.DeploymentOptions)
	}
	return text
}
