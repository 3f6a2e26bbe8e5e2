package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
)

// dataFolder makes the folder of the agent; without a name it is a temporary one, which remove deletes.
func dataFolder(name string) (folder string, remove func() error, err error) {
	if name != "" {
		return name, func() error { return nil }, os.MkdirAll(name, 0o755)
	}
	folder, err = os.MkdirTemp("", "agent-")
	return folder, func() error { return os.RemoveAll(folder) }, err
}

// machine is a snapshot with the file that keeps it. What updates change is kept in the agent's folder: the facts that the user
// gave stay as they are.
type machine struct {
	*snapshot.Machine
	file string
}

func openMachine(folder, facts string, log *slog.Logger) (*machine, error) {
	m := &machine{file: filepath.Join(folder, "machine.json")}
	var err error
	if m.Machine, err = snapshot.Load(m.file); err == nil {
		log.Info("the machine goes on as it was left in the data folder", "machine", m.Name())
		return m, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	m.Machine, err = snapshot.Load(facts)
	if errors.Is(err, fs.ErrNotExist) {
		m.Machine, err = shipped(facts)
	}
	if err != nil {
		return nil, err
	}
	return m, m.save()
}

// shipped opens one of the machines that come with the library.
func shipped(name string) (*snapshot.Machine, error) {
	f, err := snapshot.Shipped().Open(name)
	if err != nil {
		return nil, fmt.Errorf("facts %s: there is neither such a file nor such a shipped machine", name)
	}
	defer f.Close()
	return snapshot.Decode(f)
}

func (m *machine) save() error { return m.Save(m.file) }

// Install puts an update in place and keeps the machine as it is then, before the agent hears of it.
func (m *machine) Install(ctx context.Context, job clientagent.Job) (clientagent.InstallResult, error) {
	result, err := m.Machine.Install(ctx, job)
	return result, errors.Join(err, m.save())
}

// Restart restarts the machine and keeps what that has put in place.
func (m *machine) Restart(ctx context.Context) error {
	return errors.Join(m.Machine.Restart(ctx), m.save())
}

func newAgent(o options, m *machine, store *clientagent.DirStore, log *slog.Logger) (*clientagent.Agent, error) {
	roots, err := certificateAuthorities(o.ca)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	config := clientagent.Config{Machine: m, Store: store, HTTPClient: &http.Client{Transport: transport}, Logger: log, AllTitles: true}
	if o.server != "" {
		config.Site = clientagent.Direct(o.server)
	} else {
		config.Site = clientagent.HTTP(o.site, roots)
	}
	return clientagent.New(config)
}

// certificateAuthorities reads the file of -ca; nil means those of the system.
func certificateAuthorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("certificate authority: %s holds no certificate in PEM form", file)
	}
	return pool, nil
}
