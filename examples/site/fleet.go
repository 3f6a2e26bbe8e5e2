package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// machine is one simulated computer with its agent. It is kept in a file, so that it goes on where it was.
type machine struct {
	*snapshot.Machine
	model string // the shipped snapshot that it began as
	file  string
	agent *clientagent.Agent
}

// models are the shipped machines, in the order in which a fleet is made of them.
var models = []string{"windows11-24h2", "windows10-22h2", "server2022"}

// pace is what an hour or a day of the product takes in the example.
const pace = 500 * time.Millisecond

// laboratory is the pace of the agents. After the first scan only re-evaluation looks again, every four beats: what the example shows of a
// lost update is its work alone.
func laboratory() clientagent.Pace {
	p := clientagent.Laboratory(pace)
	p.Scan, p.ScanTTL, p.Reevaluation = time.Hour, 2*pace, 4*pace
	return p
}

// startFleet makes the machines and runs their agents in the group.
func (h *house) startFleet(ctx context.Context, group *errgroup.Group, n int) ([]*machine, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: h.ca.Pool(), MinVersion: tls.VersionTLS12}
	transport.MaxIdleConnsPerHost = 64
	transport.DialContext = h.dial
	client := &http.Client{Transport: transport}
	context.AfterFunc(ctx, transport.CloseIdleConnections) // or the listeners would wait for them
	fleet := make([]*machine, 0, n)
	for i := range n {
		m, err := h.openMachine(models[i%len(models)], i/len(models)+1)
		if err != nil {
			return nil, err
		}
		cache, err := content.Dir(filepath.Join(h.folder, "agents", m.Name()))
		if err != nil {
			return nil, err
		}
		m.agent, err = clientagent.New(clientagent.Config{
			Site: clientagent.HTTPWith(h.point.URL(), client), Machine: m, Store: h.db.Agent(m.Name()), Cache: cache,
			HTTPClient: client, Logger: h.log.With("machine", m.Name()), Pace: laboratory(),
		})
		if err != nil {
			return nil, err
		}
		group.Go(func() error { return m.agent.Run(ctx) })
		fleet = append(fleet, m)
	}
	return fleet, nil
}

// dial leads every name of the site to its own listeners, so that -host may be a name that no DNS knows.
func (h *house) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	return d.DialContext(ctx, network, net.JoinHostPort(h.dialTo, port))
}

// openMachine loads a machine of the data folder, or makes it from its model.
func (h *house) openMachine(model string, number int) (*machine, error) {
	name := fmt.Sprintf("%s-%02d.lab.example", model, number)
	folder := filepath.Join(h.folder, "machines")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	m := &machine{model: model, file: filepath.Join(folder, name+".json")}
	var err error
	if m.Machine, err = snapshot.Load(m.file); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	f, err := snapshot.Shipped().Open(model + ".json")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if m.Machine, err = snapshot.Decode(f); err != nil {
		return nil, err
	}
	m.Rename(name)
	return m, m.Save(m.file)
}

// Install puts an update in place and keeps the machine as it is then, before the agent hears of it: a machine whose disk forgot
// what its agent remembers would not be a machine.
func (m *machine) Install(ctx context.Context, job clientagent.Job) (clientagent.InstallResult, error) {
	result, err := m.Machine.Install(ctx, job)
	return result, errors.Join(err, m.Save(m.file))
}

// Restart restarts the machine and keeps what that has put in place.
func (m *machine) Restart(ctx context.Context) error {
	return errors.Join(m.Machine.Restart(ctx), m.Save(m.file))
}
