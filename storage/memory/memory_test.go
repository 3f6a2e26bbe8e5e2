package memory_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/storage/storagetest"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
)

func nothing() error { return nil }

func openWSUS(testing.TB, string) (wsus.Store, func() error) { return memory.Open().WSUS(), nothing }

func openCompliance(testing.TB, string) (compliance.Store, func() error) {
	return memory.Open().Compliance(), nothing
}

func openSite(testing.TB, string) (storagetest.RecordStore[updatepoint.Record], func() error) {
	return memory.Open().Site(), nothing
}

func openAgent(testing.TB, string) (storagetest.RecordStore[clientagent.Record], func() error) {
	return memory.Open().Agent("a"), nothing
}

func TestWSUS(t *testing.T)       { storagetest.WSUS(t, openWSUS, storagetest.Features{}) }
func TestCompliance(t *testing.T) { storagetest.Compliance(t, openCompliance, storagetest.Features{}) }
func TestSite(t *testing.T) {
	storagetest.Records(t, openSite, updatepoint.ErrNotFound, storagetest.Features{})
}
func TestAgent(t *testing.T) {
	storagetest.Records(t, openAgent, clientagent.ErrNotFound, storagetest.Features{})
}

func BenchmarkWSUS(b *testing.B)       { storagetest.BenchmarkWSUS(b, openWSUS) }
func BenchmarkCompliance(b *testing.B) { storagetest.BenchmarkCompliance(b, openCompliance) }
func BenchmarkRecords(b *testing.B)    { storagetest.BenchmarkRecords(b, openSite) }

func TestAgentsAreApart(t *testing.T) {
	db := memory.Open()
	require.NoError(t, db.Agent("a").Put(t.Context(), map[string][]byte{"k": []byte("a")}))
	_, err := db.Agent("b").Get(t.Context(), "k")
	require.ErrorIs(t, err, clientagent.ErrNotFound)
	value, err := db.Agent("a").Get(t.Context(), "k")
	require.NoError(t, err)
	require.Equal(t, "a", string(value))
}
