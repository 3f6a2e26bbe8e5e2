package clientagent

import (
	"time"

	"github.com/google/uuid"
)

// Randomized, GraceEnd and PulledIn open the decisions about when a deployment begins.
func Randomized(d Deployment, s Settings) bool { return randomized(d, s) }

func GraceEnd(deadline time.Time, grace time.Duration, quiet ServiceWindows, zone *time.Location) time.Time {
	return graceEnd(deadline, grace, quiet, zone)
}

// Due is what batching looks at.
type Due struct {
	Begin, Deadline, Available time.Time
	Idle                       bool
}

func PulledIn(all []Due, period time.Duration, now time.Time) []int {
	dues := make([]batchMember, len(all))
	for i, d := range all {
		dues[i] = batchMember{begin: d.Begin, deadline: d.Deadline, available: d.Available, idle: d.Idle}
	}
	return pulledIn(dues, period, now)
}

// Candidate is a missing update, named by a letter.
type Candidate struct {
	Name                 string
	RunTime              time.Duration
	Exclusive, Servicing bool
}

func candidates(all []Candidate) (inside []candidate, names map[uuid.UUID]string) {
	names = make(map[uuid.UUID]string)
	for _, c := range all {
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(c.Name))
		names[id] = c.Name
		inside = append(inside, candidate{id: id, runTime: c.RunTime, exclusive: c.Exclusive, servicing: c.Servicing})
	}
	return inside, names
}

// FirstBatch names what installs next, in order.
func FirstBatch(all ...Candidate) (batch string) {
	inside, names := candidates(all)
	for _, c := range firstBatch(inside) {
		batch += names[c.id]
	}
	return batch
}

// Split says who may start at a moment, and of each other why not: "never", "restart", or the time.
func Split(windows ServiceWindows, zone *time.Location, pending bool, now time.Time, all ...Candidate) (free string, held map[string]string) {
	inside, names := candidates(all)
	start, waits := holding{windows: windows, zone: zone, pending: pending}.split(inside, now)
	for _, c := range start {
		free += names[c.id]
	}
	held = make(map[string]string)
	for id, why := range waits {
		switch {
		case why.never:
			held[names[id]] = "never"
		case why.restart:
			held[names[id]] = "restart"
		default:
			held[names[id]] = why.until.In(zone).Format("Mon 15:04")
		}
	}
	return free, held
}

// RestartCase is a pending restart with all that its plan reckons with.
type RestartCase struct {
	Asked, Outside, Suppressed, Watched bool
	Since, Now                          time.Time
	Windows                             ServiceWindows
	Settings                            ComputerRestartSettings
}

func (c RestartCase) Plan() RestartNotice {
	moment := restartMoment{now: c.Now, windows: c.Windows, zone: time.UTC, watched: c.Watched, settings: c.Settings}
	return moment.plan(restartWish{asked: c.Asked, outside: c.Outside, suppressed: c.Suppressed, since: c.Since})
}

// Holds opens the bits of SuppressReboot.
func (s RebootSuppression) Holds(productType int) bool { return s.holds(productType) }
