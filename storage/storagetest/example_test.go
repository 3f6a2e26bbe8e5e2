package storagetest_test

import (
	"testing"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/storage/storagetest"
)

// A backend's own test calls the suite with what opens its store.
func Example() {
	open := func(t testing.TB, dir string) (compliance.Store, func() error) {
		return memory.Open().Compliance(), func() error { return nil } // your store instead, with its data in dir
	}
	suite := func(t *testing.T) { storagetest.Compliance(t, open, storagetest.Features{}) }
	testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "Compliance", F: suite}})
	// Output:
}
