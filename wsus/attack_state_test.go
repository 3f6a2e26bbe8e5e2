package wsus_test

import (
	"context"
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// state is all that a server must not lose or gain: what an attacker would like to change.
type state struct {
	identity  wsus.Identity
	version   string
	updates   []wsus.Update
	approvals []wsus.Approval
	groups    []wsus.TargetGroup
	computers []wsus.Computer
	events    []wsus.Event
	files     map[string]int64
}

func (v *victim) state(t *testing.T) state {
	t.Helper()
	ctx := context.Background()
	s := state{version: v.server.Version(), files: filesIn(t, v.folder)}
	var err error
	s.identity, err = v.store.Identity(ctx)
	require.NoError(t, err)
	s.approvals, err = v.store.Approvals(ctx)
	require.NoError(t, err)
	s.groups, _, err = v.store.Groups(ctx)
	require.NoError(t, err)
	for u, err := range v.server.Updates(ctx, wsus.Query{IncludeDeclined: true, IncludeExpired: true}) {
		require.NoError(t, err)
		s.updates = append(s.updates, u)
	}
	for c, err := range v.server.Computers(ctx) {
		require.NoError(t, err)
		// When it was heard is no secret and no harm: every request is.
		c.LastContact, c.LastSyncTime, c.SyncedVersion, c.IPAddress, c.InstalledNonLeaf = time.Time{}, time.Time{}, 0, "", nil
		s.computers = append(s.computers, c)
	}
	for e, err := range v.server.Events(ctx, "") {
		require.NoError(t, err)
		s.events = append(s.events, e)
	}
	return s
}

// requireUnharmed compares the state with that of before the attacks and lets the healthy client ask for its updates.
func (v *victim) requireUnharmed(t *testing.T) {
	t.Helper()
	require.Equal(t, v.before, v.state(t))
	info, err := v.healthy.SyncUpdates(t.Context(), v.healthy.cookie, clientsync.SyncParameters{})
	require.NoError(t, err, "a healthy client works")
	require.NotEmpty(t, info.NewUpdates)
}

// contentFile is the path of a file that the server has, and its size.
func (v *victim) contentFile(t *testing.T) (path string, size int64) {
	t.Helper()
	for name, size := range v.before.files {
		sha1, err := content.ParseSHA1(filepath.Base(name))
		require.NoError(t, err)
		return content.Path(content.Ref{SHA1: sha1, Name: "a.exe"}), size
	}
	t.Fatal("the server has no file")
	return "", 0
}

// fileDigests are the digests, in base64, of files that the server has.
func (v *victim) fileDigests(t *testing.T) (digests []string) {
	t.Helper()
	for name := range v.before.files {
		sha1, err := content.ParseSHA1(filepath.Base(name))
		require.NoError(t, err)
		digests = append(digests, base64.StdEncoding.EncodeToString(sha1[:]))
	}
	return digests
}

// filesIn lists the files of a folder with their sizes.
func filesIn(t *testing.T, folder string) map[string]int64 {
	t.Helper()
	files := map[string]int64{}
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			files[name] = info.Size()
		}
		return err
	}))
	return files
}
