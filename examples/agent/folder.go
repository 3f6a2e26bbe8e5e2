package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// dataFolder makes the folder of the agent; without a name it is a temporary one, which remove deletes.
func dataFolder(name string) (folder string, remove func() error, err error) {
	if name != "" {
		if err := os.MkdirAll(name, 0o755); err != nil {
			return "", nil, fmt.Errorf("data folder: %w", err)
		}
		return name, func() error { return nil }, nil
	}
	folder, err = os.MkdirTemp("", "agent-")
	return folder, func() error { return os.RemoveAll(folder) }, err
}

// assignment is where the agent of a data folder belongs. Its records are worth nothing at another server or site.
type assignment struct {
	Server string `json:"server,omitempty"`
	Site   string `json:"site,omitempty"`
}

const assignmentName = "assignment.json"

// readAssignment is empty for a new folder.
func readAssignment(folder string) (assignment, error) {
	var a assignment
	text, err := os.ReadFile(filepath.Join(folder, assignmentName))
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	if err != nil {
		return a, fmt.Errorf("data folder %s: read %s: %w; begin again with a new folder in -data", folder, assignmentName, err)
	}
	return a, nil
}

// claim assigns a new folder, and refuses one that is assigned elsewhere.
func (a assignment) claim(folder string, wanted assignment) error {
	switch a {
	case wanted:
		return nil
	case assignment{}:
		return wanted.write(folder)
	}
	return fmt.Errorf("data folder %s: its agent belongs to %s: name another folder with -data", folder, a)
}

// String names the place as the flags do: the same URL may be that of a site and of its server.
func (a assignment) String() string {
	if a.Site != "" {
		return "-site " + a.Site
	}
	return "-server " + a.Server
}

// write replaces the file as a whole.
func (a assignment) write(folder string) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	part := filepath.Join(folder, assignmentName+".part")
	if err := os.WriteFile(part, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(part, filepath.Join(folder, assignmentName))
}
