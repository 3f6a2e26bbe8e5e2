//go:build unix

package wsus_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// What stands in the way of one file must not stop the others, and nothing may wait for ever.
func TestImportOfOddFolder(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o644))
	}
	write("good.xml", document{id: id(1), title: "good", deployable: true, file: fileElement("linked.exe", []byte("x"))}.String())
	write("other.xml", document{id: id(2), title: "other", deployable: true, file: fileElement("folder.exe", []byte("y"))}.String())
	require.NoError(t, os.Symlink("/nowhere", filepath.Join(root, "linked.exe")))
	require.NoError(t, os.Symlink("/nowhere", filepath.Join(root, "dangling.xml")))
	require.NoError(t, os.Symlink(root, filepath.Join(root, "folder.exe")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, "pipe.xml"), 0o644))
	report, err := newServer(t).Import(context.Background(), os.DirFS(root))
	require.NoError(t, err)
	require.Equal(t, 2, report.Added)
	refused := map[string]string{}
	for _, r := range report.Refused {
		refused[r.Name] = r.Reason
	}
	require.Equal(t, map[string]string{"linked.exe": "no such file or directory", "dangling.xml": "no such file or directory",
		"folder.exe": "it is no regular file", "pipe.xml": "it is no regular file"}, refused)
}
