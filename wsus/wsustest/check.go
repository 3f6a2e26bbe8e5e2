package wsustest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Config says which server to examine, and how.
type Config struct {
	// URL of the server, http://wsus.example:8530. Required.
	URL string
	// Client makes the requests; nil means one with a timeout of two minutes. Trust and proxies are its own.
	Client *http.Client
	// ClientID of the computer that is played; empty draws a new one. With one that the server knows already the check of registration has
	// nothing to see.
	ClientID string
	// Name of the computer in the server's list; empty means wsustest.invalid.
	Name string
	// TargetGroup that the computer claims.
	TargetGroup string
	// Evaluate says what an update is on the computer; nil plays a computer on which all that others wait for is installed, which sees most of
	// the catalogue.
	Evaluate func(context.Context, *metadata.Core) (applicability.State, error)
	// Devices and HardwareIDs of the computer, for the driver pass; nil means one device that no driver is for.
	Devices                 []clientsync.Device
	HardwareIDs             []uuid.UUID
	FeatureScoreMatchingKey string
	// Category to limit a scan to; zero takes a category that the scan brings.
	Category uuid.UUID
	// MaxFiles is how many files are downloaded, the largest first and then the smallest; 0 means 3. MaxFileBytes is how large they may be; 0
	// means 16 MiB.
	MaxFiles     int
	MaxFileBytes int64
	// MaxPage is how many updates an answer may hold; 0 means DefaultMaxPage.
	MaxPage int
	// Wait is how long to wait for the cookie to expire; 0 does not, and skips that check.
	Wait time.Duration
	// Now is time.Now when nil.
	Now func() time.Time

	playsEverything bool // Evaluate is our own
}

func (c Config) validate() error {
	var faults *multierror.Error
	if c.URL == "" {
		faults = multierror.Append(faults, errors.New("Config.URL is missing"))
	}
	for _, setting := range []struct {
		name  string
		value int64
	}{{"Config.MaxFiles", int64(c.MaxFiles)}, {"Config.MaxFileBytes", c.MaxFileBytes}, {"Config.MaxPage", int64(c.MaxPage)}, {"Config.Wait", int64(c.Wait)}} {
		if setting.value < 0 {
			faults = multierror.Append(faults, fmt.Errorf("%s is %d, want 0 or more", setting.name, setting.value))
		}
	}
	return faults.ErrorOrNil()
}

// Check examines a server. It registers one computer there, reports events as it, and changes nothing else; Report.Changed says so. A server
// that is wrong, or does not answer, is a matter of the report. An error is one of the configuration, or that of ctx; with the latter the
// report has what was seen until then, and the checks that were not made as skipped.
func Check(ctx context.Context, c Config) (Report, error) {
	if err := c.validate(); err != nil {
		return Report{}, fmt.Errorf("examine a server: %w", err)
	}
	e, err := newExamination(ctx, c)
	if err != nil {
		return Report{}, fmt.Errorf("examine a server: %w", err)
	}
	for _, check := range checks() {
		if check.run != nil && e.blocked == "" {
			e.make(check)
		}
	}
	if err := ctx.Err(); err != nil {
		return e.report(), fmt.Errorf("examine a server: %w", err)
	}
	return e.report(), nil
}

// make makes one check. What it found in the moment when ctx ended is of no use: calls that were broken off look like faults of the server.
func (e *examination) make(c check) {
	e.now = c.id
	e.agent.Session().Trips = 0 // each has its own 200, or a scan without end would fail all that come after it
	before := e.found.clone()
	c.run(e)
	e.made[c.id] = true
	if err := e.ctx.Err(); err != nil {
		e.found = before
		e.skips[c.id] = "interrupted"
		e.blocked = fmt.Sprintf("the examination ended before (%v)", err)
	}
}

// examination is one run of the checks.
type examination struct {
	ctx    context.Context
	config Config
	tap    *tap
	http   *http.Client
	client *clientsync.Client
	agent  *Agent
	result Report

	now     string          // id of the check that runs
	blocked string          // why nothing further can be asked
	made    map[string]bool // by id of the check
	found   findings
	skips   map[string]string

	configuration clientsync.ConfigResult
	scanned       bool
	last          clientsync.SyncParameters // the cache as the last scan left it
	described     map[int32]Description
	sample        []file // downloaded
	computerKnown bool   // maybe: its id was given
}

func newExamination(ctx context.Context, c Config) (*examination, error) {
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 2 * time.Minute}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	known := c.ClientID != ""
	c.ClientID = cmp.Or(c.ClientID, uuid.NewString())
	c.Name = cmp.Or(c.Name, "wsustest.invalid")
	c.MaxFiles = cmp.Or(c.MaxFiles, 3)
	c.MaxFileBytes = cmp.Or(c.MaxFileBytes, 16<<20)
	if c.Evaluate == nil {
		c.Evaluate, c.playsEverything = everythingInstalled(), true
	}
	e := &examination{ctx: ctx, config: c, made: map[string]bool{}, skips: map[string]string{}, computerKnown: known}
	e.tap = &tap{next: cmp.Or(c.Client.Transport, http.DefaultTransport)}
	watched := *c.Client
	watched.Transport = e.tap
	e.http = &watched
	client, err := clientsync.NewClient(c.URL, e.http)
	if err != nil {
		return nil, err
	}
	e.client = client
	e.agent, err = NewAgent(c.URL, e.http, Computer{
		ClientID: c.ClientID, Name: c.Name, TargetGroup: c.TargetGroup, Info: computerInfo(), Evaluate: c.Evaluate, MaxPage: c.MaxPage,
		Devices: c.Devices, HardwareIDs: c.HardwareIDs, FeatureScoreMatchingKey: c.FeatureScoreMatchingKey, Now: c.Now,
	})
	e.result = Report{URL: client.BaseURL(), Started: c.Now().UTC(), Changed: []string{}}
	return e, err
}

// maxPlayedInstalled keeps a computer on which everything is installed below where servers refuse (400).
const maxPlayedInstalled = 350

// everythingInstalled plays a computer on which whatever others wait for is installed.
func everythingInstalled() func(context.Context, *metadata.Core) (applicability.State, error) {
	installed := map[uuid.UUID]bool{}
	return func(_ context.Context, core *metadata.Core) (applicability.State, error) {
		if !installed[core.UpdateID] && len(installed) >= maxPlayedInstalled {
			return applicability.NotApplicable, nil
		}
		installed[core.UpdateID] = true
		return applicability.Installed, nil
	}
}

// computerInfo describes the computer that is played, as one of Windows 11.
func computerInfo() clientsync.ComputerInfo {
	return clientsync.ComputerInfo{OSMajorVersion: 10, OSBuildNumber: 26200, OSLocale: "en-US", ComputerManufacturer: "wsustest",
		ComputerModel: "simulated agent", BiosReleaseDate: time.Date(2022, 2, 2, 0, 0, 0, 0, time.UTC), ProcessorArchitecture: "AMD64",
		SuiteMask: 256, OldProductType: 1, NewProductType: 48, OSDescription: "wsustest"}
}

// failf says that the check that runs has failed, and why.
func (e *examination) failf(format string, args ...any) {
	e.found.add(Finding{Check: e.now, Message: fmt.Sprintf(format, args...)})
}

// skipf says that the check that runs has nothing to look at.
func (e *examination) skipf(format string, args ...any) {
	e.skips[e.now] = fmt.Sprintf(format, args...)
}

// blockf says that the check that runs has failed, and that nothing further can be asked.
func (e *examination) blockf(format string, args ...any) {
	e.failf(format, args...)
	e.blocked = fmt.Sprintf("%q comes first, and failed", e.now)
}

// wantFault fails the check unless err is a fault with one of the codes.
func (e *examination) wantFault(what string, err error, codes ...clientsync.FaultCode) {
	for _, code := range codes {
		if clientsync.IsFault(err, code) {
			return
		}
	}
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = string(code)
	}
	if err == nil {
		e.failf("%s was accepted; the answer must be the fault %s", what, strings.Join(names, " or "))
		return
	}
	e.failf("%s: the answer must be the fault %s, it was: %v", what, strings.Join(names, " or "), err)
}

// report puts together what the checks, the agent and the tap have found.
func (e *examination) report() Report {
	all := slices.Concat(e.found.list, e.agent.Findings(), e.tap.found.list)
	for _, check := range checks() {
		result := Result{ID: check.id, Section: check.section, Says: check.says, Outcome: Pass}
		for _, finding := range all {
			if finding.Check == check.id && !slices.Contains(result.Messages, finding.Message) {
				result.Outcome = Fail
				result.Messages = append(result.Messages, finding.Message)
			}
		}
		if reason := e.reasonToSkip(check); result.Outcome == Pass && reason != "" {
			result.Outcome, result.Messages = Skipped, []string{reason}
		}
		e.result.Results = append(e.result.Results, result)
	}
	return e.result
}

// reasonToSkip keeps a check from passing that was not made, or has seen nothing.
func (e *examination) reasonToSkip(c check) string {
	reason := e.unseen(c)
	if e.blocked != "" && !e.made[c.id] && (c.run != nil || reason != "") {
		return "not asked: " + e.blocked
	}
	return reason
}

// unseen says what a check had nothing to look at of.
func (e *examination) unseen(c check) string {
	judged := c.run == nil // by the agent and by the tap
	switch reason, skipped := e.skips[c.id]; {
	case skipped:
		return reason
	case strings.HasPrefix(c.id, "sync-") && judged && !e.scanned:
		return "no scan has brought updates"
	case strings.HasPrefix(c.id, "extended-") && judged && len(e.described) == 0:
		return "no update was described"
	case c.id == "wire-xpress" && e.tap.packed == 0 && e.tap.answers > 0:
		return "no answer was compressed, which is right as well"
	case strings.HasPrefix(c.id, "wire-") && e.tap.answers == 0:
		return "no service has answered"
	case c.id == "fault-shape" && e.tap.faults == 0:
		return "no fault was answered"
	default:
		return ""
	}
}
