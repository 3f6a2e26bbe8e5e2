package wsus_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Of three files one is whole, one was never here, and one has a byte that changed without a trace; the last is mended by importing it again.
func TestResetAndVerifyContentState(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	store, err := content.Dir(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	server, err := wsus.NewServer(ctx, wsus.Config{Store: memory.Open().WSUS(), Content: store})
	require.NoError(t, err)
	files := fstest.MapFS{"whole.exe": {Data: []byte("whole")}, "spoiled.exe": {Data: []byte("good")}}
	for n, name := range []string{"whole.exe", "absent.exe", "spoiled.exe", "whole.exe"} {
		data := []byte("elsewhere")
		if f := files[name]; f != nil {
			data = f.Data
		}
		d := document{id: id(n + 1), title: name, deployable: true, file: fileElement(name, data)}
		files[d.id.String()+".xml"] = &fstest.MapFile{Data: []byte(d.String())}
	}
	_, err = server.Import(ctx, files)
	require.NoError(t, err)
	places, err := filepath.Glob(filepath.Join(dir, "??", "*"))
	require.NoError(t, err)
	for _, place := range places {
		data, err := os.ReadFile(place)
		require.NoError(t, err)
		if string(data) == "good" {
			info, err := os.Stat(place)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(place, []byte("evil"), 0o600))
			require.NoError(t, os.Chtimes(place, info.ModTime(), info.ModTime()))
		}
	}
	names := func(refs []content.Ref) string {
		var all []string
		for _, r := range refs {
			all = append(all, r.Name)
		}
		return strings.Join(all, " ")
	}
	state, err := server.ResetAndVerifyContentState(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, state.Verified, "a file of two updates is one")
	require.Equal(t, "absent.exe", names(state.Missing))
	require.Equal(t, "spoiled.exe", names(state.Damaged))

	_, err = server.Import(ctx, files)
	require.NoError(t, err)
	state, err = server.ResetAndVerifyContentState(ctx)
	require.NoError(t, err)
	require.Equal(t, 2, state.Verified)
	require.Empty(t, state.Damaged)

	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = server.ResetAndVerifyContentState(ended)
	require.ErrorIs(t, err, context.Canceled)
}
