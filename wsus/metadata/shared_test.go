package metadata_test

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedTestdata is where real captures lie, beside the module.
func sharedTestdata(t *testing.T) string {
	t.Helper()
	folder, ok := findShared()
	if !ok {
		t.Skip("shared/testdata is not here")
	}
	return folder
}

func findShared() (string, bool) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			folder := filepath.Join(filepath.Dir(dir), "shared", "testdata")
			_, err := os.Stat(folder)
			return folder, err == nil
		}
		if filepath.Dir(dir) == dir {
			return "", false
		}
		dir = filepath.Dir(dir)
	}
	return "", false
}
