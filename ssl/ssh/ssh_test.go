package ssh_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"
	xssh "golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/ssh"
)

func (s *server) config(t *testing.T) ssh.Config {
	t.Helper()
	return ssh.Config{Address: s.address, User: "admin", Signers: []xssh.Signer{s.user},
		KnownHosts: knownHosts(t, s.address, s.keys[0].PublicKey()), Shell: ssh.POSIX}
}

func dial(t *testing.T, c ssh.Config) *ssh.Runner {
	t.Helper()
	r, err := ssh.Dial(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

func TestRun(t *testing.T) {
	s := start(t, shell)
	r := dial(t, s.config(t))
	odd := []string{`%s|`, "", "a b", "it's", `"$HOME"`, "`id`", "R&D (100%) ^!", `C:\x\`, "Größe", "*", "~", "-n", "a;b"}
	out, err := r.Run(t.Context(), ssl.Command{Name: "printf", Args: odd})
	require.NoError(t, err)
	require.Equal(t, strings.Join(odd[1:], "|")+"|", string(out.Stdout))

	out, err = r.Run(t.Context(), ssl.Command{Name: "sh", Args: []string{"-c", "echo out; echo err >&2; exit 3"}})
	require.NoError(t, err, "a command that fails has run")
	require.Equal(t, ssl.Output{Stdout: []byte("out\n"), Stderr: []byte("err\n"), ExitCode: 3}, out)

	_, err = r.Run(t.Context(), ssl.Command{Name: "echo", Args: []string{"a\nb"}})
	require.ErrorContains(t, err, "cannot be carried safely")
	require.Len(t, s.started(), 2)
	require.Len(t, s.connections, 1, "a session for each command, one connection")
}

func TestManyAtOnce(t *testing.T) {
	s := start(t, shell)
	r := dial(t, s.config(t))
	var running sync.WaitGroup
	for i := range 8 {
		running.Go(func() {
			out, err := r.Run(t.Context(), ssl.Command{Name: "echo", Args: []string{fmt.Sprint(i)}})
			if err != nil || string(out.Stdout) != fmt.Sprintln(i) {
				t.Errorf("%d: %q %v", i, out.Stdout, err)
			}
		})
	}
	running.Wait()
	require.Len(t, s.connections, 1)
}

func TestWaysToLogOn(t *testing.T) {
	s := start(t, shell)
	echo := ssl.Command{Name: "echo", Args: []string{"in"}}

	c := s.config(t)
	c.Signers, c.Password = []xssh.Signer{newSigner(t)}, "secret"
	_, err := dial(t, c).Run(t.Context(), echo)
	require.NoError(t, err, "a wrong key, then the password")

	_, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	s.user, err = xssh.NewSignerFromKey(key)
	require.NoError(t, err)
	ring := agent.NewKeyring()
	require.NoError(t, ring.Add(agent.AddedKey{PrivateKey: key}))
	c = s.config(t)
	c.Signers, c.Agent = []xssh.Signer{newSigner(t)}, ring.(agent.ExtendedAgent)
	_, err = dial(t, c).Run(t.Context(), echo)
	require.NoError(t, err, "a wrong key, then the agent's")

	c = s.config(t)
	c.Signers, c.Password = nil, "wrong"
	_, err = ssh.Dial(t.Context(), c)
	require.ErrorContains(t, err, "unable to authenticate")
}

func TestHostIsAlwaysChecked(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	rsaSigner, err := xssh.NewSignerFromKey(rsaKey)
	require.NoError(t, err)
	curveKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	curveSigner, err := xssh.NewSignerFromKey(curveKey)
	require.NoError(t, err)
	s := start(t, shell, rsaSigner, curveSigner)

	for _, key := range s.keys {
		c := s.config(t)
		c.KnownHosts = knownHosts(t, s.address, key.PublicKey())
		dial(t, c)
	}
	c := s.config(t)
	c.KnownHosts = knownHosts(t, "other.lab.example", s.keys[0].PublicKey())
	_, err = ssh.Dial(t.Context(), c)
	require.ErrorIs(t, err, ssh.ErrUnknownHost)
	require.ErrorContains(t, err, "SHA256:")

	c.KnownHosts = knownHosts(t, s.address, newSigner(t).PublicKey())
	_, err = ssh.Dial(t.Context(), c)
	require.ErrorIs(t, err, ssh.ErrHostKeyChanged)

	c.HostKey = xssh.FixedHostKey(s.keys[1].PublicKey())
	_, err = ssh.Dial(t.Context(), c)
	require.ErrorContains(t, err, "host key mismatch")

	c.HostKey, c.KnownHosts = nil, "/no/such/file"
	_, err = ssh.Dial(t.Context(), c)
	require.ErrorContains(t, err, "read known hosts")
	require.Empty(t, s.started())
}

func TestConfigTellsEveryFault(t *testing.T) {
	_, err := ssh.Dial(t.Context(), ssh.Config{Shell: 9, KeepAlive: -1})
	var all *multierror.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Errors, 6)
	require.ErrorContains(t, err, "the key of the host would not be checked")
}

// blocks runs until it is signalled or its session is closed, and tells which.
func blocks(began chan<- struct{}, told chan<- string) command {
	return func(line string, channel xssh.Channel, signals <-chan string) uint32 {
		if line != "block" {
			return shell(line, channel, signals)
		}
		began <- struct{}{}
		told <- <-signals
		return 0
	}
}

func TestEndsWithItsContext(t *testing.T) {
	began, told := make(chan struct{}), make(chan string, 1)
	s := start(t, blocks(began, told))
	r := dial(t, s.config(t))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		cancel()
	}()
	_, err := r.Run(ctx, ssl.Command{Name: "block"})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, "KILL", <-told)

	_, err = r.Run(t.Context(), ssl.Command{Name: "true"})
	require.NoError(t, err, "the connection goes on")
	require.Len(t, s.connections, 1)
}

// frozen is a connection whose other end stops hearing and speaking.
type frozen struct {
	net.Conn
	ice chan struct{}
	end chan struct{}
	off sync.Once
}

func (f *frozen) Write(p []byte) (int, error) {
	select {
	case <-f.ice:
		return len(p), nil
	default:
		return f.Conn.Write(p)
	}
}

func (f *frozen) Close() error {
	f.off.Do(func() { close(f.end) })
	return f.Conn.Close()
}

func TestSilentServerHoldsNobody(t *testing.T) {
	began, told := make(chan struct{}), make(chan string, 1)
	s := start(t, blocks(began, told))
	c := s.config(t)
	line := &frozen{ice: make(chan struct{}), end: make(chan struct{})}
	c.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		line.Conn = conn
		return line, err
	}
	r := dial(t, c)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		close(line.ice)
		cancel()
	}()
	_, err := r.Run(ctx, ssl.Command{Name: "block"})
	require.ErrorIs(t, err, context.Canceled)
	<-line.end
	<-told
}

func TestKeepAliveEndsASilentConnection(t *testing.T) {
	began, told := make(chan struct{}), make(chan string, 1)
	s := start(t, blocks(began, told))
	c := s.config(t)
	c.KeepAlive = 20 * time.Millisecond
	lines := 0
	line := &frozen{ice: make(chan struct{}), end: make(chan struct{})}
	c.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if lines++; lines == 1 {
			line.Conn, conn = conn, line
		}
		return conn, err
	}
	r := dial(t, c)
	go func() {
		<-began
		close(line.ice)
	}()
	_, err := r.Run(t.Context(), ssl.Command{Name: "block"})
	require.ErrorIs(t, err, ssh.ErrLost)
	<-told
	_, err = r.Run(t.Context(), ssl.Command{Name: "true"})
	require.NoError(t, err)
	require.Equal(t, 2, lines)
}

func TestDialDoesNotWaitForASilentServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	c := ssh.Config{Address: listener.Addr().String(), User: "admin", Password: "secret", Timeout: 50 * time.Millisecond,
		HostKey: xssh.FixedHostKey(newSigner(t).PublicKey())}
	_, err = ssh.Dial(t.Context(), c)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// What was on its way is never sent again; what had not begun is, on a new connection.
func TestLostConnection(t *testing.T) {
	var s *server
	s = start(t, func(line string, channel xssh.Channel, signals <-chan string) uint32 {
		if line == "cut" {
			s.cut()
			return 0
		}
		return shell(line, channel, signals)
	})
	r := dial(t, s.config(t))
	_, err := r.Run(t.Context(), ssl.Command{Name: "cut"})
	require.ErrorIs(t, err, ssh.ErrLost)
	_, err = r.Run(t.Context(), ssl.Command{Name: "true"})
	require.NoError(t, err)
	s.cut()
	_, err = r.Run(t.Context(), ssl.Command{Name: "true"})
	require.NoError(t, err)
	require.Equal(t, []string{"cut", "true", "true"}, s.started())

	require.NoError(t, r.Close())
	_, err = r.Run(t.Context(), ssl.Command{Name: "true"})
	require.ErrorIs(t, err, ssh.ErrClosed)
}

func TestNoExitCode(t *testing.T) {
	s := start(t, func(line string, channel xssh.Channel, _ <-chan string) uint32 {
		if line == "killed" {
			channel.SendRequest("exit-signal", false, xssh.Marshal(struct {
				Signal     string
				Core       bool
				Text, Lang string
			}{Signal: "SEGV"}))
		}
		channel.Close()
		return 0
	})
	r := dial(t, s.config(t))
	_, err := r.Run(t.Context(), ssl.Command{Name: "vanish"})
	require.ErrorIs(t, err, ssh.ErrLost)
	_, err = r.Run(t.Context(), ssl.Command{Name: "killed"})
	require.ErrorContains(t, err, "signal SEGV")
}

func TestStopsWhatWritesTooMuch(t *testing.T) {
	s := start(t, func(_ string, channel xssh.Channel, _ <-chan string) uint32 {
		io.Copy(channel, io.LimitReader(zeros{}, 1<<30))
		return 0
	})
	c := s.config(t)
	c.OutputLimit = 1000
	out, err := dial(t, c).Run(t.Context(), ssl.Command{Name: "flood"})
	require.ErrorIs(t, err, ssl.ErrOutputLimit)
	require.LessOrEqual(t, len(out.Stdout), 1000)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte{'0'}, len(p))), nil }

// The lines were written by hand from the rules of the shells.
func TestLines(t *testing.T) {
	c := ssl.Command{Name: `C:\Windows\System32\inetsrv\appcmd.exe`, Args: []string{"list", "config", "R&D's 100%/Content"}}
	for shell, want := range map[ssh.Shell]string{
		ssh.Cmd:   `C:\Windows\System32\inetsrv\appcmd.exe list config ^"R^&D^'s^ 100^%^/Content^"`,
		ssh.POSIX: `'C:\Windows\System32\inetsrv\appcmd.exe' list config 'R&D'\''s 100%/Content'`,
	} {
		line, err := shell.Line(c)
		require.NoError(t, err)
		require.Equal(t, want, line, shell)
	}
	line, err := ssh.PowerShell.Line(c)
	require.NoError(t, err)
	require.Regexp(t, `^powershell\.exe -NoProfile -NonInteractive -EncodedCommand [A-Za-z0-9+/=]+$`, line)
	line, err = ssh.Shell(0).Line(ssl.Command{Name: `C:\Program Files\Update Services\Tools\WsusUtil.exe`,
		Args: []string{"configuressl", "wsus01.lab.example"}})
	require.NoError(t, err)
	require.Equal(t, `"C:\Program Files\Update Services\Tools\WsusUtil.exe" configuressl wsus01.lab.example`, line)
}
