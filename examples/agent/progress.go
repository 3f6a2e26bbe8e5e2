package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// progress tells on stderr what happens to updates, one line for each step of each.
type progress struct {
	agent *clientagent.Agent
	w     io.Writer
	now   func() time.Time
	zone  *time.Location
}

func newProgress(agent *clientagent.Agent, around surroundings) *progress {
	return &progress{agent: agent, w: around.stderr, now: around.now, zone: around.zone}
}

// say prints a line. Nobody can be told when the terminal itself fails.
func (p *progress) say(format string, args ...any) {
	_, _ = fmt.Fprintf(p.w, "%s  %s\n", p.now().In(p.zone).Format(time.TimeOnly), fmt.Sprintf(format, args...))
}

// follow prints what happens to the updates, or to all that deployments offer, until the returned function is called. That one also prints
// how the given updates ended, if it was too fast to be seen.
func (p *progress) follow(ctx context.Context, ids ...uuid.UUID) (stop func()) {
	following, cancel := context.WithCancel(ctx)
	shown := make(map[uuid.UUID]clientagent.JobState)
	var running sync.WaitGroup
	running.Go(func() {
		for u, err := range p.agent.Progress(following, ids...) {
			if following.Err() != nil {
				return
			}
			p.tell(ctx, shown, u, err)
		}
	})
	return func() {
		cancel()
		running.Wait()
		if len(ids) == 0 {
			return
		}
		left := len(ids)
		for u, err := range p.agent.Progress(context.WithoutCancel(ctx), ids...) {
			p.tell(ctx, shown, u, err)
			if left--; left == 0 {
				return // it yields each once before it waits
			}
		}
	}
}

// tell prints the job of an update when it is another than was shown last.
func (p *progress) tell(ctx context.Context, shown map[uuid.UUID]clientagent.JobState, u clientagent.UpdateStatus, err error) {
	switch {
	case err != nil:
		p.say("progress cannot be told any more: %v", err)
	case u.Job != shown[u.ID]:
		shown[u.ID] = u.Job
		p.say("%-24s  %s", p.words(ctx, u), titleOf(u))
	}
}

// words say how far the work on an update is.
func (p *progress) words(ctx context.Context, u clientagent.UpdateStatus) string {
	switch u.Job {
	case clientagent.JobAvailable:
		if !u.Deadline.IsZero() {
			return "due " + moment(u.Deadline, p.zone)
		}
		return "offered"
	case clientagent.JobSubmitted:
		return "waits for its turn"
	case clientagent.JobDownloading, clientagent.JobPreDownload:
		return "downloading"
	case clientagent.JobWaitInstall:
		return "downloaded"
	case clientagent.JobInstalling:
		return "installing"
	case clientagent.JobVerifying:
		return "verifying"
	case clientagent.JobInstallComplete:
		return "installed"
	case clientagent.JobWaitReboot, clientagent.JobPendingHardReboot, clientagent.JobPendingSoftReboot:
		return "waits for a restart"
	case clientagent.JobWaitServiceWindow:
		if window, err := p.agent.MaintenanceWindow(ctx); err == nil && !window.Next.Start.IsZero() {
			return "waits for the maintenance window of " + moment(window.Next.Start, p.zone)
		}
		return "waits for a maintenance window"
	case clientagent.JobWaitingRetry:
		return "will be tried again after " + codeWords(u.ErrorCode)
	case clientagent.JobError:
		return "failed with " + codeWords(u.ErrorCode)
	}
	return u.Job.String()
}

func titleOf(u clientagent.UpdateStatus) string {
	if u.Title == "" {
		return u.ID.String()
	}
	return u.Title
}

// moment is a time as the machine's clock shows it.
func moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2006-01-02 15:04 MST")
}
