package wsustest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// DefaultMaxPage is how many updates one answer of SyncUpdates may hold: where WSUS itself truncates (MS-WUSP §3.1.5.7, product behaviour).
const DefaultMaxPage = 200

// Computer says which machine an Agent plays.
type Computer struct {
	// ClientID is 1 to 255 of a-z, 0-9 and hyphen (the SusClientId). Required.
	ClientID string
	// Name is the DNS name; empty means ClientID.
	Name string
	// TargetGroup that the computer claims; several are separated by semicolons, none is empty.
	TargetGroup string
	// Info is registered. Its DNSName is Name.
	Info clientsync.ComputerInfo
	// ProtocolVersion of the agent; empty means that of a current one, 2.90.
	ProtocolVersion string

	// Evaluate says what an update is on this machine; it may be called again for the same update. Without it Facts decide by the update's
	// rules, and without both every category and detectoid is installed and every software update is required.
	Evaluate func(context.Context, *metadata.Core) (applicability.State, error)
	// Facts of the machine, for its rules.
	Facts applicability.Facts

	// Devices, HardwareIDs (of the computer as a whole) and FeatureScoreMatchingKey go into the driver pass. Without devices there is none.
	Devices                 []clientsync.Device
	HardwareIDs             []uuid.UUID
	FeatureScoreMatchingKey string

	// Locales wanted, best first; nil means en-US and en.
	Locales []string
	// MaxTrips of one scan and of all that is asked until the next one; 0 means those of a real agent, 200.
	MaxTrips int
	// MaxPage is how many updates one answer may hold; 0 means DefaultMaxPage.
	MaxPage int
	// Patience is for servers that ask for time.
	Patience clientsync.Patience
	// Now is time.Now when nil.
	Now func() time.Time
}

// Agent is a simulated Windows Update Agent. It keeps a cache of revisions and a cookie between its calls; State and Restore carry them over
// a restart. An Agent is for one goroutine at a time.
type Agent struct {
	computer Computer
	http     *http.Client
	session  *clientsync.Session

	cache  map[int32]*Revision
	events []clientsync.ReportingEvent // not yet handed over
	found  findings
	asking bool // SyncUpdates is running, with a request made of the cache

	maxCached int
}

// NewAgent makes an agent of the server at url, http://wsus.example:8530. Trust, proxies and timeouts are those of hc; nil means
// http.DefaultClient.
func NewAgent(url string, hc *http.Client, computer Computer) (*Agent, error) {
	if err := computer.validate(); err != nil {
		return nil, fmt.Errorf("new agent: %w", err)
	}
	client, err := clientsync.NewClient(url, hc)
	if err != nil {
		return nil, fmt.Errorf("new agent: %w", err)
	}
	computer.Name = cmp.Or(computer.Name, computer.ClientID)
	computer.Info.DNSName = computer.Name
	computer.MaxPage = cmp.Or(computer.MaxPage, DefaultMaxPage)
	if computer.Locales == nil {
		computer.Locales = []string{"en-US", "en"}
	}
	if computer.Now == nil {
		computer.Now = time.Now
	}
	a := &Agent{computer: computer, http: cmp.Or(hc, http.DefaultClient), cache: map[int32]*Revision{}, maxCached: maxCached}
	a.session = &clientsync.Session{
		Client: client, ClientID: computer.ClientID, DNSName: computer.Name, TargetGroup: computer.TargetGroup, Info: computer.Info,
		ProtocolVersion: cmp.Or(computer.ProtocolVersion, currentVersion), MaxTrips: cmp.Or(computer.MaxTrips, clientsync.DefaultMaxTrips),
		Patience: computer.Patience, Now: computer.Now, Refresh: a.refreshCache,
	}
	return a, nil
}

// currentVersion is what an agent of Windows 11 25H2 says.
const currentVersion = "2.90"

func (c Computer) validate() error {
	var faults *multierror.Error
	if c.ClientID == "" {
		faults = multierror.Append(faults, errors.New("Computer.ClientID is missing"))
	}
	for name, n := range map[string]int{"Computer.MaxTrips": c.MaxTrips, "Computer.MaxPage": c.MaxPage} {
		if n < 0 {
			faults = multierror.Append(faults, fmt.Errorf("%s is %d, want 0 or more", name, n))
		}
	}
	return faults.ErrorOrNil()
}

// Session is the agent's side of the conversation, for calls of one's own and for its hooks. Its Refresh belongs to the agent.
func (a *Agent) Session() *clientsync.Session { return a.session }

// Findings are what the server did against the protocol since the agent was made, at most 20 of each check.
func (a *Agent) Findings() []Finding { return slices.Clone(a.found.list) }

func (a *Agent) findf(check, format string, args ...any) {
	a.found.add(Finding{Check: check, Message: fmt.Sprintf(format, args...)})
}
