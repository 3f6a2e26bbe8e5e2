package clientagent_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// published is one revision on the test server. Its rules look for the registry key SOFTWARE\Updates\<name>.
type published struct {
	id         int32
	name       string
	revision   int32
	kind       string // Software when empty
	deployable bool
	leaf       bool
	action     clientsync.Action
	needs      string // name of its prerequisite
	bundles    []string
	supersedes string
	// installable is its rule in place of the key that says that the machine wants it.
	installable string
	file        []byte
	exclusive   bool // RequiresExclusiveHandling
}

// updateID gives every name an id of its own.
func updateID(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

func registryKey(name string) string { return `SOFTWARE\Updates\` + name }

func keyExists(name string) string {
	return fmt.Sprintf(`<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="%s" />`, registryKey(name))
}

func (p published) core() string {
	var b strings.Builder
	kind := p.kind
	if kind == "" {
		kind = "Software"
	}
	fmt.Fprintf(&b, `<UpdateIdentity UpdateID="%s" RevisionNumber="%d" />`, updateID(p.name), max(p.revision, 1))
	fmt.Fprintf(&b, `<Properties UpdateType="%s" ExplicitlyDeployable="%t" />`, kind, p.deployable)
	b.WriteString(`<Relationships>`)
	if p.needs != "" {
		fmt.Fprintf(&b, `<Prerequisites><UpdateIdentity UpdateID="%s" /></Prerequisites>`, updateID(p.needs))
	}
	if len(p.bundles) > 0 {
		b.WriteString(`<BundledUpdates>`)
		for _, member := range p.bundles {
			fmt.Fprintf(&b, `<UpdateIdentity UpdateID="%s" RevisionNumber="1" />`, updateID(member))
		}
		b.WriteString(`</BundledUpdates>`)
	}
	if p.supersedes != "" {
		fmt.Fprintf(&b, `<SupersededUpdates><UpdateIdentity UpdateID="%s" /></SupersededUpdates>`, updateID(p.supersedes))
	}
	b.WriteString(`</Relationships>`)
	installable := p.installable
	if installable == "" {
		installable = keyExists("wants " + p.name)
	}
	if len(p.bundles) == 0 {
		fmt.Fprintf(&b, `<ApplicabilityRules><IsInstalled>%s</IsInstalled><IsInstallable>%s</IsInstallable></ApplicabilityRules>`,
			keyExists(p.name), installable)
	}
	return b.String()
}

func (p published) extended() string {
	files := ""
	if p.file != nil {
		one, two := sha1.Sum(p.file), sha256.Sum256(p.file)
		files = fmt.Sprintf(`<Files><File Digest="%s" DigestAlgorithm="SHA1" FileName="%s.exe" Size="%d" Modified="2026-01-02T03:04:05Z"><AdditionalDigest Algorithm="SHA256">%s</AdditionalDigest></File></Files>`,
			base64.StdEncoding.EncodeToString(one[:]), p.name, len(p.file), base64.StdEncoding.EncodeToString(two[:]))
	}
	impact := "Normal"
	if p.exclusive {
		impact = "RequiresExclusiveHandling"
	}
	return `<ExtendedProperties DefaultPropertiesLanguage="en" Handler="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation"><InstallationBehavior RebootBehavior="CanRequestReboot" Impact="` + impact + `" /></ExtendedProperties>` + files
}

func (p published) localized() string {
	return fmt.Sprintf(`<LocalizedProperties><Language>en</Language><Title>Update %s</Title></LocalizedProperties>`, p.name)
}

// server is a WSUS server for tests: the protocol's handler before a slow and simple backend.
type server struct {
	mu      sync.Mutex
	catalog []published
	page    int
	config  clientsync.Config
	known   map[string]bool
	events  []clientsync.ReportingEvent
	syncs   []clientsync.SyncParameters
	fetched int // of content
	outage  error
	clock   func() time.Time
	status  int // answered instead of everything
	files   *content.MemoryStore
	mirrors []string        // other sources of content, told before the server itself
	lost    map[string]bool // updates whose content it does not have any more
	forgets map[string]bool // updates that it leaves out when it maps a cache, and breaks down
	handler http.Handler
}

func newServer(catalog ...published) *server {
	s := &server{page: 200, clock: time.Now, known: map[string]bool{}, files: content.Memory(),
		config: clientsync.Config{ServerID: uuid.New(), CookieKey: bytes.Repeat([]byte{7}, 32), LastChange: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}
	s.publish(catalog...)
	s.handler = clientsync.NewHandler(s, clientsync.WithClock(func() time.Time { return s.clock() }))
	return s
}

func (s *server) publish(catalog ...published) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range catalog {
		if p.id == 0 {
			p.id = int32(len(s.catalog) + 1)
		}
		if p.action == "" {
			p.action = clientsync.PreDeploymentCheck
		}
		if p.file != nil {
			if err := s.files.Put(context.Background(), p.ref(), bytes.NewReader(p.file)); err != nil {
				panic(err) // the file is made of the same bytes
			}
		}
		s.catalog = append(s.catalog, p)
	}
}

func (p published) ref() content.Ref {
	return content.Ref{SHA1: sha1.Sum(p.file), SHA256: sha256.Sum256(p.file), Size: int64(len(p.file)), Name: p.name + ".exe"}
}

// RoundTrip carries requests in process.
func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	outage, status := s.outage, s.status
	if strings.HasPrefix(r.URL.Path, "/Content/") {
		s.fetched++
		for _, p := range s.catalog {
			if s.lost[p.name] && r.URL.Path == content.Path(p.ref()) {
				status = http.StatusNotFound
			}
		}
	}
	s.mu.Unlock()
	if outage != nil {
		return nil, outage
	}
	w := httptest.NewRecorder()
	switch {
	case status != 0:
		http.Error(w, "no", status)
	case strings.HasPrefix(r.URL.Path, "/Content/"):
		content.Handler(s.files).ServeHTTP(w, r)
	default:
		s.handler.ServeHTTP(w, r)
	}
	response := w.Result()
	response.Request = r
	return response, nil
}

func (s *server) Config(context.Context) clientsync.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.config
}

func (s *server) Authorize(context.Context, string, string, string) ([]uuid.UUID, error) {
	return nil, nil
}

func (s *server) Registered(_ context.Context, b clientsync.Bearer) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[b.ID], nil
}

func (s *server) Register(_ context.Context, c clientsync.Bearer, _ clientsync.ComputerInfo) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[c.ID] = true
	return nil
}

func (s *server) Extended2(context.Context, clientsync.Bearer, clientsync.ExtendedQuery2) (clientsync.ExtendedInfo2, error) {
	return clientsync.ExtendedInfo2{}, nil
}

func (s *server) Printers(context.Context, clientsync.Bearer, clientsync.PrinterParameters) (clientsync.SyncInfo, int64, error) {
	return clientsync.SyncInfo{}, 0, nil
}

// Sync is MS-WUSP §3.1.5.7 without any index.
func (s *server) Sync(_ context.Context, _ clientsync.Bearer, p clientsync.SyncParameters) (info clientsync.SyncInfo, anchor int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.syncs = append(s.syncs, p)
	installed, cached, needed := map[string]bool{}, map[int32]bool{}, map[int32]bool{}
	for _, id := range p.InstalledNonLeafUpdateIDs {
		cached[id] = true
		for _, u := range s.catalog {
			if u.id == id {
				installed[u.name] = true
			}
		}
	}
	for _, id := range p.OtherCachedUpdateIDs {
		cached[id] = true
	}
	for _, u := range s.catalog {
		if u.needs != "" && !installed[u.needs] {
			continue
		}
		needed[u.id] = true
		if cached[u.id] {
			continue
		}
		if len(info.NewUpdates) == s.page {
			info.Truncated = true
			break
		}
		info.NewUpdates = append(info.NewUpdates, clientsync.UpdateInfo{ID: u.id, IsLeaf: u.leaf, XML: u.core(), Deployment: u.deployment()})
	}
	for id := range cached {
		if !needed[id] && !info.Truncated {
			info.OutOfScopeRevisionIDs = append(info.OutOfScopeRevisionIDs, id)
		}
	}
	return info, 1, nil
}

func (p published) deployment() clientsync.Deployment {
	return clientsync.Deployment{ID: p.id, Action: p.action, IsAssigned: true, LastChangeTime: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
}

func (s *server) Refresh(_ context.Context, _ clientsync.Bearer, ids []clientsync.UpdateIdentity) (all []clientsync.RefreshedRevision, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.forgets) > 0 {
		s.outage = errors.New("outage")
	}
	for _, id := range ids {
		for _, u := range s.catalog {
			if !s.forgets[u.name] && updateID(u.name) == id.UpdateID && max(u.revision, 1) == id.RevisionNumber {
				all = append(all, clientsync.RefreshedRevision{RevisionID: u.id, GlobalID: id, IsLeaf: u.leaf, Deployment: u.deployment()})
			}
		}
	}
	return all, nil
}

func (s *server) Extended(_ context.Context, _ clientsync.Bearer, q clientsync.ExtendedQuery) (info clientsync.ExtendedInfo, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range q.RevisionIDs {
		for _, u := range s.catalog {
			if u.id != id {
				continue
			}
			info.Updates = append(info.Updates, clientsync.Fragment{ID: id, XML: u.localized()}, clientsync.Fragment{ID: id, XML: u.extended()})
			for _, mirror := range s.mirrors {
				info.FileLocations = append(info.FileLocations, clientsync.FileLocation{FileDigest: sha1.Sum(u.file), URL: mirror + content.Path(u.ref())})
			}
			if u.file != nil {
				info.FileLocations = append(info.FileLocations, clientsync.FileLocation{FileDigest: sha1.Sum(u.file), URL: "http://wsus.test" + content.Path(u.ref())})
			}
		}
	}
	return info, nil
}

func (s *server) Locations(context.Context, clientsync.Bearer, [][20]byte) ([]clientsync.FileLocation, error) {
	return nil, errors.New("not asked for")
}

func (s *server) CategoryScan(context.Context, []clientsync.CategoryRelationship) (clientsync.CategoryScan, error) {
	return clientsync.CategoryScan{}, errors.New("not asked for")
}

func (s *server) Report(_ context.Context, _ clientsync.Bearer, events []clientsync.ReportingEvent) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, events...)
	return nil
}
