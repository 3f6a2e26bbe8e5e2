//go:build unix

package sqlite

import "os"

// syncFolder makes the entries of a folder durable.
func syncFolder(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}
