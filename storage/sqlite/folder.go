package sqlite

import (
	"os"
	"path/filepath"
)

// makeFolder creates a folder, readable by its owner only since it holds the key of the cookies, with those above it, and makes
// them durable.
func makeFolder(dir string) error {
	var made []string
	for parent := dir; ; parent = filepath.Dir(parent) {
		if _, err := os.Stat(parent); err == nil {
			break
		}
		made = append(made, parent)
		if filepath.Dir(parent) == parent {
			break
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, folder := range made {
		if err := syncFolder(filepath.Dir(folder)); err != nil {
			return err
		}
	}
	return nil
}

// makeFile creates the database file before SQLite does, so that only its owner can read it; the files beside it get its mode.
func makeFile(name string) error {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}
