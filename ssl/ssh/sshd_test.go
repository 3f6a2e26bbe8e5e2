//go:build sshd

package ssh_test

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	xssh "golang.org/x/crypto/ssh"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/ssh"
)

// openSSH is Debian's server, run by whoever runs the test, on a port of loopback and with files of its own.
type openSSH struct {
	dir, address string
	host, user   xssh.Signer
	process      *exec.Cmd
}

func newOpenSSH(t *testing.T) *openSSH {
	t.Helper()
	o := &openSSH{dir: t.TempDir()}
	o.host = o.key(t, "host_key")
	o.user = o.key(t, "user_key")
	o.write(t, "authorized_keys", string(xssh.MarshalAuthorizedKey(o.user.PublicKey())))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	o.address = listener.Addr().String()
	listener.Close()
	_, port, _ := strings.Cut(o.address, ":")
	o.write(t, "config", fmt.Sprintf(`ListenAddress 127.0.0.1
Port %s
HostKey %s/host_key
AuthorizedKeysFile %s/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
PermitRootLogin prohibit-password
`, port, o.dir, o.dir))
	if os.Geteuid() == 0 {
		// Debian's start-up makes the folder; without it the server refuses to run as root.
		require.NoError(t, os.MkdirAll("/run/sshd", 0o755))
	}
	o.start(t)
	return o
}

func (o *openSSH) write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600))
}

func (o *openSSH) key(t *testing.T, name string) xssh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	block, err := xssh.MarshalPrivateKey(key, "")
	require.NoError(t, err)
	o.write(t, name, string(pem.EncodeToMemory(block)))
	signer, err := xssh.NewSignerFromKey(key)
	require.NoError(t, err)
	return signer
}

// start returns when the server says that it listens.
func (o *openSSH) start(t *testing.T) {
	t.Helper()
	o.process = exec.Command("/usr/sbin/sshd", "-D", "-e", "-f", filepath.Join(o.dir, "config"))
	log, err := o.process.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, o.process.Start())
	listens, ended := make(chan bool, 1), make(chan struct{})
	var said strings.Builder
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(log); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "Server listening on") {
				listens <- true
			}
			fmt.Fprintln(&said, lines.Text())
		}
		close(listens)
	}()
	process := o.process
	t.Cleanup(func() {
		process.Process.Kill()
		<-ended
		process.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	require.True(t, <-listens, "sshd does not listen; its log follows")
}

func (o *openSSH) config(t *testing.T) ssh.Config {
	t.Helper()
	me, err := user.Current()
	require.NoError(t, err)
	return ssh.Config{Address: o.address, User: me.Username, Signers: []xssh.Signer{o.user}, Shell: ssh.POSIX,
		KnownHosts: knownHosts(t, o.address, o.host.PublicKey()), KeepAlive: time.Second}
}

func TestOpenSSH(t *testing.T) {
	o := newOpenSSH(t)
	r := dial(t, o.config(t))

	t.Run("arguments", func(t *testing.T) {
		odd := []string{`%s|`, "", "a b", "it's", `"$HOME"`, "`id`", "R&D (100%) ^!", `C:\x\`, "Größe 日本", "*", "~", "-n", "a;b", "\t"}
		out, err := r.Run(t.Context(), ssl.Command{Name: "printf", Args: odd})
		require.NoError(t, err)
		require.Equal(t, strings.Join(odd[1:], "|")+"|", string(out.Stdout))
	})
	t.Run("exit code", func(t *testing.T) {
		out, err := r.Run(t.Context(), ssl.Command{Name: "sh", Args: []string{"-c", "echo out; echo err >&2; exit 3"}})
		require.NoError(t, err)
		require.Equal(t, ssl.Output{Stdout: []byte("out\n"), Stderr: []byte("err\n"), ExitCode: 3}, out)
		out, err = r.Run(t.Context(), ssl.Command{Name: "/no/such/tool"})
		require.NoError(t, err)
		require.Equal(t, 127, out.ExitCode)
	})
	t.Run("much output", func(t *testing.T) {
		out, err := r.Run(t.Context(), ssl.Command{Name: "head", Args: []string{"-c", "1000000", "/dev/zero"}})
		require.NoError(t, err)
		require.Len(t, out.Stdout, 1000000)
		_, err = r.Run(t.Context(), ssl.Command{Name: "yes"})
		require.ErrorIs(t, err, ssl.ErrOutputLimit)
	})
	t.Run("context", func(t *testing.T) {
		// The server passes signals on to commands of users, not to those of root: what is certain is that nobody waits.
		fifo := filepath.Join(t.TempDir(), "fifo")
		require.NoError(t, exec.Command("mkfifo", fifo).Run())
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		pids := make(chan string, 1)
		go func() {
			pid, _ := os.ReadFile(fifo) // returns when the command has written it
			cancel()
			pids <- strings.TrimSpace(string(pid))
		}()
		_, err := r.Run(ctx, ssl.Command{Name: "sh", Args: []string{"-c", `echo $$ >"$0"; exec sleep 600`, fifo}})
		require.ErrorIs(t, err, context.Canceled)
		pid, err := strconv.Atoi(<-pids)
		require.NoError(t, err)
		syscall.Kill(pid, syscall.SIGKILL)
		_, err = r.Run(t.Context(), ssl.Command{Name: "true"})
		require.NoError(t, err, "the connection goes on")
	})
	t.Run("reconnect", func(t *testing.T) {
		// The listener goes, and with it the process of this connection.
		out, err := r.Run(t.Context(), ssl.Command{Name: "sh", Args: []string{"-c", "kill -9 $PPID"}})
		require.ErrorIs(t, err, ssh.ErrLost, "%q", out)
		out, err = r.Run(t.Context(), ssl.Command{Name: "echo", Args: []string{"again"}})
		require.NoError(t, err)
		require.Equal(t, "again\n", string(out.Stdout))
	})
	t.Run("other host", func(t *testing.T) {
		c := o.config(t)
		c.KnownHosts = knownHosts(t, o.address, o.user.PublicKey())
		_, err := ssh.Dial(t.Context(), c)
		require.ErrorIs(t, err, ssh.ErrHostKeyChanged)
	})
	t.Run("other user's key", func(t *testing.T) {
		c := o.config(t)
		c.Signers = []xssh.Signer{newSigner(t)}
		_, err := ssh.Dial(t.Context(), c)
		require.ErrorContains(t, err, "unable to authenticate")
	})
}
