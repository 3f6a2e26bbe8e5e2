package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
)

// machine is a snapshot with the file that keeps it. What updates change is kept in the agent's folder: the facts that the user
// gave stay as they are.
type machine struct {
	*snapshot.Machine
	file string
}

// openMachine goes on with the machine of the data folder, or begins with the facts that the user gave.
func openMachine(folder string, o options) (*machine, error) {
	given, err := givenMachine(o.facts)
	if err != nil {
		return nil, err
	}
	m := &machine{file: filepath.Join(folder, "machine.json")}
	kept, err := readAssignment(folder)
	if err != nil {
		return nil, err
	}
	m.Machine, err = snapshot.Load(m.file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && kept == (assignment{}):
		m.Machine = given
		if err := m.save(); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, fmt.Errorf("%w: the machine of this agent is lost, begin again with a new folder in -data", err)
	case m.Name() != given.Name():
		return nil, fmt.Errorf("data folder %s is that of %s, and -facts is %s: name another folder with -data", folder, m.Name(), given.Name())
	}
	return m, kept.claim(folder, assignment{Server: o.server, Site: o.site})
}

// givenMachine reads the file of -facts, or opens the machine of that name that comes with the library.
func givenMachine(facts string) (*snapshot.Machine, error) {
	m, err := snapshot.Load(facts)
	if !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	f, err := snapshot.Shipped().Open(facts)
	if err != nil {
		return nil, fmt.Errorf("facts %s: there is neither such a file nor such a shipped machine", facts)
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
