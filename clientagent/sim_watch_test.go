package clientagent_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// simJobArrows are those of "Update jobs" in docs/agent.md, with what comes after a job of each state; None is a job that is over.
var simJobArrows = map[clientagent.JobState][]clientagent.JobState{}

// simScanArrows are those of the table of scan job states (configmgr.md §7.3): 2 again is an attempt that was cut short, and 4 again one that
// comes to its next server only to wait.
var simScanArrows = map[compliance.UpdateSourceScanState][]compliance.UpdateSourceScanState{
	compliance.ScanUnknown:             {compliance.ScanWaitingForCatalog},
	compliance.ScanWaitingForCatalog:   {compliance.ScanRunning, compliance.ScanFailed},
	compliance.ScanRunning:             {compliance.ScanCompleted, compliance.ScanCompletedWithErrors, compliance.ScanPendingRetry, compliance.ScanFailed},
	compliance.ScanPendingRetry:        {compliance.ScanRunning, compliance.ScanWaitingForCatalog},
	compliance.ScanCompleted:           {compliance.ScanWaitingForCatalog},
	compliance.ScanFailed:              {compliance.ScanWaitingForCatalog},
	compliance.ScanCompletedWithErrors: {compliance.ScanWaitingForCatalog},
}

// watch looks at every record that the agent writes.
func (a *simAgent) watch(key string, was, is []byte) {
	switch {
	case strings.HasPrefix(key, "job/"):
		a.watchJob(key, was, is)
	case key == "scan":
		a.watchScan(was, is)
	}
}

// watchJob holds the step that a job takes against the arrows that are drawn.
func (a *simAgent) watchJob(key string, was, is []byte) {
	type job struct {
		State clientagent.JobState
		Code  int32
	}
	from, to := decodeRecord[job](a, key, was), decodeRecord[job](a, key, is)
	if from.State == to.State {
		return
	}
	a.world.happened("job: %v", to.State)
	a.world.happened("arrow: %v-%v", from.State, to.State)
	if to.Code != 0 {
		a.world.happened("code: %08X", uint32(to.Code))
	}
	if arrows, drawn := simJobArrows[from.State]; drawn && !slices.Contains(arrows, to.State) {
		a.breach("jobs", "the job of %s goes from %v to %v: %s", key, from.State, to.State, a.situation())
	}
}

func (a *simAgent) watchScan(was, is []byte) {
	type scan struct {
		State compliance.UpdateSourceScanState
		Code  int32
	}
	from, to := decodeRecord[scan](a, "scan", was), decodeRecord[scan](a, "scan", is)
	if to.State == compliance.ScanCompleted || to.State == compliance.ScanCompletedWithErrors {
		a.noteScan()
	}
	if from.State == to.State {
		return
	}
	a.world.happened("scan: %v", to.State)
	a.world.happened("scanarrow: %v-%v", int(from.State), int(to.State))
	if to.Code != 0 {
		a.world.happened("code: %08X", uint32(to.Code))
	}
	if !slices.Contains(simScanArrows[from.State], to.State) {
		a.breach("scans", "the scan goes from %v to %v", from.State, to.State)
	}
}

// decodeRecord reads a record; the zero value for one that is not there.
func decodeRecord[T any](a *simAgent, key string, text []byte) (value T) {
	if text == nil {
		return value
	}
	if err := json.Unmarshal(text, &value); err != nil {
		a.breach("records", "%s cannot be read: %v", key, err)
	}
	return value
}
