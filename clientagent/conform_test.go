package clientagent_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/storage/storagetest"
)

func TestDirStoreConforms(t *testing.T) {
	storagetest.Records(t, func(t testing.TB, dir string) (storagetest.RecordStore[clientagent.Record], func() error) {
		store, err := clientagent.Dir(dir)
		require.NoError(t, err)
		return store, store.Close
	}, clientagent.ErrNotFound, storagetest.Features{Reopen: true})
}

func TestMemoryStoreConforms(t *testing.T) {
	storagetest.Records(t, func(testing.TB, string) (storagetest.RecordStore[clientagent.Record], func() error) {
		return clientagent.Memory(), func() error { return nil }
	}, clientagent.ErrNotFound, storagetest.Features{})
}
