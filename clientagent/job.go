package clientagent

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// JobState is how far the installation of an update is: EvaluationState of CCM_SoftwareUpdate, with its numbers. It is progress,
// not compliance.
type JobState int

// The states. JobNone and JobAvailable are updates on which nobody works: Updates shows those of its list as Available. Only Progress shows
// JobInstallComplete, as a finished job is not kept. JobPreDownload is the download of an optional deployment ahead of the user's choice,
// JobWaitReboot an exclusive update that waits for the restart of another, JobWaitingRetry a download that is tried again.
//
// Never entered are
//   - JobPendingSoftReboot, since an installer says only that a restart is needed: every one counts as JobPendingHardReboot;
//   - JobWaitUserLogon to JobPendingUserLogoff, since updates are installed for the machine, whoever uses it: a user who is logged on
//     (UserWatcher) delays the restart only;
//   - JobPendingUpdate, since what waits for an update of the servicing stack waits for its window: JobWaitServiceWindow;
//   - JobWaitPresModeOff, since a presentation holds up what is shown to users, which this agent leaves to others;
//   - JobWaitForOrchestration, since there is no orchestrator.
const (
	JobNone                 JobState = 0
	JobAvailable            JobState = 1
	JobSubmitted            JobState = 2
	JobDetecting            JobState = 3
	JobPreDownload          JobState = 4
	JobDownloading          JobState = 5
	JobWaitInstall          JobState = 6
	JobInstalling           JobState = 7
	JobPendingSoftReboot    JobState = 8
	JobPendingHardReboot    JobState = 9
	JobWaitReboot           JobState = 10
	JobVerifying            JobState = 11
	JobInstallComplete      JobState = 12
	JobError                JobState = 13
	JobWaitServiceWindow    JobState = 14
	JobWaitUserLogon        JobState = 15
	JobWaitUserLogoff       JobState = 16
	JobWaitJobUserLogon     JobState = 17
	JobWaitUserReconnect    JobState = 18
	JobPendingUserLogoff    JobState = 19
	JobPendingUpdate        JobState = 20
	JobWaitingRetry         JobState = 21
	JobWaitPresModeOff      JobState = 22
	JobWaitForOrchestration JobState = 23
)

var jobNames = [...]string{"None", "Available", "Submitted", "Detecting", "PreDownload", "Downloading", "WaitInstall", "Installing",
	"PendingSoftReboot", "PendingHardReboot", "WaitReboot", "Verifying", "InstallComplete", "Error", "WaitServiceWindow",
	"WaitUserLogon", "WaitUserLogoff", "WaitJobUserLogon", "WaitUserReconnect", "PendingUserLogoff", "PendingUpdate",
	"WaitingRetry", "WaitPresModeOff", "WaitForOrchestration"}

// String returns the product's name without its prefix ciJobState, such as Installing.
func (s JobState) String() string {
	if s < 0 || int(s) >= len(jobNames) {
		return "Unknown"
	}
	return jobNames[s]
}

// working says that the machine is changed, or may have been when the process was killed.
func (s JobState) working() bool { return s == JobInstalling || s == JobVerifying }

// fetching says that content of the update is on its way, or will be after a wait.
func (s JobState) fetching() bool {
	return s == JobPreDownload || s == JobDownloading || s == JobWaitingRetry
}

// jobRecord is the work on one update. It is written before the machine is changed, so that after a crash the agent asks the machine what
// came of it instead of installing again.
type jobRecord struct {
	ID    uuid.UUID `json:"id"`
	State JobState  `json:"state"`
	// Code and Reason are of a failure.
	Code   int32     `json:"code,omitempty"`
	Reason string    `json:"reason,omitempty"`
	Since  time.Time `json:"since"`
	// Restart says that the installer asked for a restart.
	Restart bool `json:"restart,omitempty"`
	// Cut says that the restart waits for an installation that a crash cut short: nobody knows whether it had begun.
	Cut bool `json:"cut,omitempty"`
}

const prefJob = "job/"

// jobMessages are the states of topic 402 that tell of a job's.
var jobMessages = map[JobState]compliance.CIEnforcementState{
	JobPreDownload:       compliance.CIDownloading,
	JobDownloading:       compliance.CIDownloading,
	JobWaitInstall:       compliance.CIDownloaded,
	JobInstalling:        compliance.CIInstalling,
	JobWaitServiceWindow: compliance.CIWaitingForWindow,
	JobWaitReboot:        compliance.CIRestartBeforeInstalling,
	JobPendingHardReboot: compliance.CIPendingRestart,
	JobError:             compliance.CIEnforcementInstallFailed,
}

// setJob writes the job and tells its state.
func (c *changes) setJob(ctx context.Context, job jobRecord) error {
	c.set(prefJob+job.ID.String(), job)
	state, told := jobMessages[job.State]
	if !told {
		return nil
	}
	return c.tellJob(ctx, job, state)
}

func (c *changes) tellJob(ctx context.Context, job jobRecord, state compliance.CIEnforcementState) error {
	policy, err := c.policy(ctx)
	if err != nil {
		return err
	}
	return c.tellAt(ctx, policy.updateVerbosity(job.ID), currentMessage{Topic: compliance.Topic{Type: compliance.CIEnforcement, ID: job.ID.String()},
		State: int(state), Code: job.Code, Time: job.Since})
}

// job reads the work on an update; the zero job is none.
func (a *Agent) job(ctx context.Context, id uuid.UUID) (jobRecord, error) {
	job, _, err := load[jobRecord](ctx, a.store, prefJob+id.String())
	job.ID = id
	return job, err
}

// openJobs reads all jobs.
func (a *Agent) openJobs(ctx context.Context) (map[uuid.UUID]jobRecord, error) {
	jobs := make(map[uuid.UUID]jobRecord)
	err := list(ctx, a.store, prefJob, func(_ string, job jobRecord) error {
		jobs[job.ID] = job
		return nil
	})
	return jobs, err
}
