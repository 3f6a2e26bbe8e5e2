package ssh_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	xssh "golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// server is an SSH server in this process whose commands are functions of the test.
type server struct {
	address string
	keys    []xssh.Signer // of the host
	user    xssh.Signer   // who may log on

	mu          sync.Mutex
	connections []net.Conn
	lines       []string
}

// command is what the server does with a line; it answers the exit code. signals is closed when the client has signalled or gone.
type command func(line string, channel xssh.Channel, signals <-chan string) uint32

// shell hands the line to sh, as the OpenSSH server does.
func shell(line string, channel xssh.Channel, _ <-chan string) uint32 {
	c := exec.Command("sh", "-c", line)
	c.Stdout, c.Stderr = channel, channel.Stderr()
	var exit *exec.ExitError
	if err := c.Run(); errors.As(err, &exit) {
		return uint32(exit.ExitCode())
	}
	return 0
}

func newSigner(t *testing.T) xssh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	signer, err := xssh.NewSignerFromKey(key)
	require.NoError(t, err)
	return signer
}

// start starts a server on loopback that lasts as long as the test; keys are more keys of the host.
func start(t *testing.T, do command, keys ...xssh.Signer) *server {
	t.Helper()
	s := &server{keys: append([]xssh.Signer{newSigner(t)}, keys...), user: newSigner(t)}
	config := &xssh.ServerConfig{
		PublicKeyCallback: func(c xssh.ConnMetadata, key xssh.PublicKey) (*xssh.Permissions, error) {
			if c.User() != "admin" || string(key.Marshal()) != string(s.user.PublicKey().Marshal()) {
				return nil, errors.New("unknown key")
			}
			return nil, nil
		},
		PasswordCallback: func(c xssh.ConnMetadata, password []byte) (*xssh.Permissions, error) {
			if string(password) != "secret" {
				return nil, errors.New("wrong password")
			}
			return nil, nil
		},
	}
	for _, key := range s.keys {
		config.AddHostKey(key)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.address = listener.Addr().String()
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.connections = append(s.connections, conn)
			s.mu.Unlock()
			running.Go(func() { s.serve(conn, config, do) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.cut()
		running.Wait()
	})
	return s
}

// cut closes all connections.
func (s *server) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.connections {
		conn.Close()
	}
}

func (s *server) started() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.lines...)
}

func (s *server) serve(conn net.Conn, config *xssh.ServerConfig, do command) {
	defer conn.Close()
	connection, channels, requests, err := xssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	defer connection.Close()
	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() { xssh.DiscardRequests(requests) })
	for channel := range channels {
		running.Go(func() { s.session(channel, do) })
	}
}

func (s *server) session(offered xssh.NewChannel, do command) {
	channel, requests, err := offered.Accept()
	if err != nil {
		return
	}
	defer channel.Close()
	signals := make(chan string, 1)
	var running sync.WaitGroup
	defer running.Wait()
	for request := range requests {
		switch request.Type {
		case "exec":
			var line struct{ Text string }
			xssh.Unmarshal(request.Payload, &line)
			s.mu.Lock()
			s.lines = append(s.lines, line.Text)
			s.mu.Unlock()
			request.Reply(true, nil)
			running.Go(func() {
				code := do(line.Text, channel, signals)
				channel.SendRequest("exit-status", false, xssh.Marshal(struct{ Code uint32 }{code}))
				channel.Close()
			})
		case "signal":
			var name struct{ Text string }
			xssh.Unmarshal(request.Payload, &name)
			select {
			case signals <- name.Text:
			default:
			}
		default:
			request.Reply(false, nil)
		}
	}
	close(signals)
}

// knownHosts writes a file with one key of a host.
func knownHosts(t *testing.T, address string, key xssh.PublicKey) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "known_hosts")
	require.NoError(t, os.WriteFile(path, []byte(knownhosts.Line([]string{address}, key)+"\n"), 0o600))
	return path
}
