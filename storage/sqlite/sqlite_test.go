package sqlite_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/storage/storagetest"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		writeUntilKilled(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, dir string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), dir)
	require.NoError(t, err)
	return db
}

func openWSUS(t testing.TB, dir string) (wsus.Store, func() error) {
	db := open(t, dir)
	return db.WSUS(), db.Close
}

func openCompliance(t testing.TB, dir string) (compliance.Store, func() error) {
	db := open(t, dir)
	return db.Compliance(), db.Close
}

func openSite(t testing.TB, dir string) (storagetest.RecordStore[updatepoint.Record], func() error) {
	db := open(t, dir)
	return db.Site(), db.Close
}

func openAgent(t testing.TB, dir string) (storagetest.RecordStore[clientagent.Record], func() error) {
	db := open(t, dir)
	return db.Agent("a"), db.Close
}

var features = storagetest.Features{Reopen: true}

func TestWSUS(t *testing.T)       { storagetest.WSUS(t, openWSUS, features) }
func TestCompliance(t *testing.T) { storagetest.Compliance(t, openCompliance, features) }
func TestSite(t *testing.T)       { storagetest.Records(t, openSite, updatepoint.ErrNotFound, features) }
func TestAgent(t *testing.T)      { storagetest.Records(t, openAgent, clientagent.ErrNotFound, features) }

func TestAgentsAndSiteAreApart(t *testing.T) {
	db := open(t, t.TempDir())
	defer db.Close()
	require.NoError(t, db.Agent("a").Put(t.Context(), map[string][]byte{"k": []byte("a")}))
	require.NoError(t, db.Site().Put(t.Context(), map[string][]byte{"k": []byte("site")}))
	_, err := db.Agent("b").Get(t.Context(), "k")
	require.ErrorIs(t, err, clientagent.ErrNotFound)
	value, err := db.Agent("a").Get(t.Context(), "k")
	require.NoError(t, err)
	require.Equal(t, "a", string(value))
}
