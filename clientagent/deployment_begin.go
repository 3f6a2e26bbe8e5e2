package clientagent

import "time"

// randomized says whether the deadline of a deployment is delayed by a random time: always when an automatic deployment rule made it,
// else when both the deployment and the client settings want it (configmgr.md §5.5, rule 16).
func randomized(d Deployment, s Settings) bool {
	return d.Automatic || d.RandomizationEnabled && s.RandomizeDeadline
}

// graceEnd is when a deployment begins to install whose deadline is at that time: with a grace period in the first non-business hours at
// the deadline or after it, and at its end at the latest.
func graceEnd(deadline time.Time, grace time.Duration, quiet ServiceWindows, zone *time.Location) time.Time {
	latest := deadline.Add(max(grace, 0))
	if quiet.Unlimited() || !latest.After(deadline) {
		return latest
	}
	if _, open := quiet.Open(deadline, zone); open {
		return deadline
	}
	if span, any := quiet.Next(deadline, zone); any && span.Start.Before(latest) {
		return span.Start
	}
	return latest
}

// begin is when the deployment starts to install without the user; zero for an optional one. A deployment that the deadline of another
// has pulled along begins then.
func (r deploymentRecord) begin(grace time.Duration, quiet ServiceWindows, zone *time.Location) time.Time {
	if !r.Deployment.Required() {
		return time.Time{}
	}
	if !r.Deployment.SoftDeadlineEnabled {
		grace = 0
	}
	begin := earliest(graceEnd(r.Deadline, grace, quiet, zone), r.Pulled)
	if available := r.Deployment.Available(zone); begin.Before(available) {
		return available
	}
	return begin
}
