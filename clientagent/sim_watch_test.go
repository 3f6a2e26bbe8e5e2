package clientagent_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// simJobArrows are the lines of the table of "Update jobs" in docs/agent.md: the state of a job, and those that come after it.
var simJobArrows = sync.OnceValue(func() map[string]string {
	text, err := os.ReadFile("../docs/agent.md")
	if err != nil {
		panic(err)
	}
	_, table, found := strings.Cut(string(text), "| job | next |\n|---|---|\n")
	arrows := map[string]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 {
			break
		}
		arrows[strings.TrimSpace(cells[1])] = cells[2]
	}
	if !found || len(arrows) == 0 {
		panic("docs/agent.md has no table of jobs")
	}
	return arrows
})

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
	case is != nil && strings.HasPrefix(key, "message/"):
		message := decodeRecord[struct{ State int }](a, key, is)
		a.world.happened("state: %s/%d", strings.Split(key, "/")[1], message.State)
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
	if !strings.Contains(simJobArrows()[from.State.String()], " "+to.State.String()) {
		a.breach("jobs", "the job of %s goes from %v to %v: %s", key, from.State, to.State, a.situation())
	}
}

func (a *simAgent) watchScan(was, is []byte) {
	type scan struct {
		State   compliance.UpdateSourceScanState
		Code    int32
		Current string
	}
	from, to := decodeRecord[scan](a, "scan", was), decodeRecord[scan](a, "scan", is)
	if len(a.world.points) > 0 {
		a.lookAtList(a.policy()) // the timers of fallback begin here, also in a step whose end a crash cuts off
	}
	if to.Current != from.Current {
		a.chooses(to.Current)
	}
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
	cut := a.cutScan
	a.cutScan = false
	if cut && from.State == compliance.ScanRunning && to.State == compliance.ScanWaitingForCatalog && to.Current != from.Current {
		return // by the next start it is the turn of the next server
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
