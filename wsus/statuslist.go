package wsus

import (
	"strings"

	"github.com/google/uuid"
)

// MaxStatusUpdates is how many updates a status event may name. A real catalogue of everything has some ten thousand leaf updates; an event
// with more is kept and concluded from as little as one that nobody sealed.
const MaxStatusUpdates = 50_000

// statusKeys are the lists of a status event in MiscData, the later the stronger when an update is in several (MS-WUSP §2.2.2.3.1).
var statusKeys = [...]struct {
	key   string
	state UpdateInstallationState
}{{"U", NotInstalled}, {"h", Downloaded}, {"g", Failed}, {"V", Installed}, {"W", InstalledPendingReboot}}

// statusLists reads the lists of a status event and nothing else of it: `U=GUID;GUID;…`. What is not a GUID in its plain form of 36
// characters is passed over. The answer is false when there are more than MaxStatusUpdates.
func statusLists(misc []string) (map[uuid.UUID]UpdateInstallationState, bool) {
	states := make(map[uuid.UUID]UpdateInstallationState)
	for _, list := range statusKeys {
		for _, text := range misc {
			key, value, _ := strings.Cut(text, "=")
			if key != list.key {
				continue
			}
			for item := range strings.SplitSeq(value, ";") {
				id, err := uuid.Parse(item)
				if err != nil || len(item) != len(uuid.Nil.String()) {
					continue
				}
				states[id] = list.state
				if len(states) > MaxStatusUpdates {
					return nil, false
				}
			}
		}
	}
	return states, true
}
