package iis_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// lockVariable names the folder that a process started by TestAnotherProcessIsBusy locks.
const lockVariable = "IIS_TEST_LOCK"

// While another process writes, ours is refused; when that process was killed, it is not. Nothing is left in the folder.
func TestAnotherProcessIsBusy(t *testing.T) {
	if dir := os.Getenv(lockVariable); dir != "" {
		lock, err := iis.LockFolder(dir)
		require.NoError(t, err)
		os.Stdout.WriteString("locked\n")
		_, _ = os.Stdin.Read(make([]byte, 1)) // until the parent ends this process
		lock.Close()
		return
	}
	path := onDisk(t, []byte(wsus(t)), "")
	f := opened(t, path, iis.Options{Now: noon})

	other := exec.Command(os.Args[0], "-test.run=^TestAnotherProcessIsBusy$")
	other.Env = append(os.Environ(), lockVariable+"="+filepath.Dir(path))
	in, err := other.StdinPipe()
	require.NoError(t, err)
	defer in.Close()
	out, err := other.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, other.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "locked\n", line)

	_, err = f.Write(t.Context(), secured(t, f.Config()))
	require.ErrorIs(t, err, iis.ErrBusy)
	require.NoError(t, other.Process.Kill())
	require.Error(t, other.Wait())
	_, err = f.Write(t.Context(), secured(t, f.Config()))
	require.NoError(t, err)
	require.Equal(t, []string{configName, configName + ".20261125T120000Z.bak"}, listed(t, path))
}
