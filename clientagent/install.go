package clientagent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// installUpdate hands the parts to the machine, each with what is left of the maximum run time. The job is written before and after: the
// error is that of the store or of ctx, what the installer answers goes into the job.
func (a *Agent) installUpdate(ctx context.Context, t *turn, c candidate, parts []part, files openFiles) error {
	placed, err := a.placed(ctx)
	if err != nil {
		return err
	}
	job := jobRecord{ID: c.id, State: JobInstalling, Since: a.clock(t)}
	if err := a.setJob(ctx, job); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, c.runTime)
	defer cancel()
	for _, p := range parts {
		if slices.Contains(placed, p.core.UpdateID) {
			job.Restart = true
			continue
		}
		a.log.InfoContext(ctx, "installing update", "update", p.core.UpdateID, "title", p.detail.title())
		result, err := a.machine.Install(limited, Job{Core: p.core, Extended: p.extended, Title: p.detail.title(), Open: files.opener(p)})
		job.Restart = job.Restart || result.RestartRequired
		if ctx.Err() != nil {
			// Cut short: what came of it is for a scan to find out.
			return ctx.Err()
		}
		if err == nil && result.RestartRequired {
			placed = append(placed, p.core.UpdateID)
		}
		if limited.Err() != nil || a.clock(t).Sub(job.Since) > c.runTime {
			job.Code, job.Reason = CodeExecutionTimeout, fmt.Sprintf("it ran longer than its maximum run time of %v", c.runTime)
			break
		}
		if err != nil {
			job.Code, job.Reason = installCode(err), installReason(err)
			break
		}
	}
	job.State = JobVerifying
	changed := a.begin()
	changed.setPlaced(placed)
	return errors.Join(changed.setJob(ctx, job), changed.commit(ctx))
}

// installReason is what a failure says beside its code, which is kept and told by itself.
func installReason(err error) string {
	var known *InstallError
	if !errors.As(err, &known) {
		return err.Error()
	}
	return strings.TrimSuffix(strings.Replace(err.Error(), known.Error(), known.Reason, 1), ": ")
}

// installCode is the HRESULT of a failure.
func installCode(err error) int32 {
	var (
		known   *InstallError
		failure *contentError
	)
	switch {
	case errors.As(err, &known):
		return known.Code
	case errors.As(err, &failure):
		return failure.code
	}
	return CodeInternal
}
