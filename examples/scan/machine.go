package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
)

// loadMachine reads a snapshot from a file. A name that is no file may be one of the machines that come with the library.
func loadMachine(name string) (*snapshot.Machine, error) {
	machine, err := snapshot.Load(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return machine, err
	}
	f, err := snapshot.Shipped().Open(name)
	if err != nil {
		return nil, fmt.Errorf("-facts %s: there is neither such a file nor such a shipped machine (%s)", name, shippedNames())
	}
	defer f.Close()
	return snapshot.Decode(f)
}

func shippedNames() string {
	names, err := fs.Glob(snapshot.Shipped(), "*.json")
	if err != nil {
		return "" // the pattern is well-formed
	}
	return strings.Join(names, ", ")
}
