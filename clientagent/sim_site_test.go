package clientagent_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

const simServer = "wsus01.lab.example"

// simSite is the real site with the real server, on stores that outlive a restart of the program.
type simSite struct {
	*updatepoint.Site
	db         *memory.DB
	files      *content.MemoryStore
	random     io.Reader
	clock      func() time.Time
	server     *wsus.Server
	management http.Handler
	updates    http.Handler
}

func newSimSite(ctx context.Context, seed uint64, clock func() time.Time) (*simSite, error) {
	var key [32]byte
	key[0], key[1], key[2] = byte(seed), byte(seed>>8), byte(seed>>16)
	s := &simSite{db: memory.Open(), files: content.Memory(), random: rand.NewChaCha8(key), clock: clock}
	return s, s.start(ctx)
}

// start opens server and site on what the stores hold, as the program does when it starts.
func (s *simSite) start(ctx context.Context) (err error) {
	if s.server, err = wsus.NewServer(ctx, wsus.Config{Store: s.db.WSUS(), Content: s.files, Now: s.clock}); err != nil {
		return err
	}
	s.Site, err = updatepoint.NewSite(ctx, "LAB", updatepoint.Config{Store: s.db.Site(), Compliance: s.db.Compliance(), Now: s.clock, Random: s.random})
	if err != nil {
		return err
	}
	s.management, s.updates = s.Handler(), s.server
	// To the site the server is one elsewhere, so that no port is opened here.
	elsewhere := struct{ updatepoint.WSUS }{updatepoint.Local(s.server)}
	_, err = s.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{Server: simServer, WSUS: elsewhere, Ports: ports.Custom, Dial: s.dial})
	return err
}

// dial connects the site with the server for the check of the channel.
func (s *simSite) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	go http.Serve(&simListener{there}, s.updates) //nolint:errcheck,gosec // it ends with its only connection
	return here, nil
}

// simListener accepts one connection.
type simListener struct{ conn net.Conn }

func (l *simListener) Accept() (net.Conn, error) {
	if l.conn == nil {
		return nil, net.ErrClosed
	}
	conn := l.conn
	l.conn = nil
	return conn, nil
}
func (l *simListener) Close() error   { return nil }
func (l *simListener) Addr() net.Addr { return &net.TCPAddr{} }

// publish imports updates and synchronizes.
func (s *simSite) publish(ctx context.Context, updates []*simUpdate) error {
	folder, err := simFolder(updates)
	if err != nil {
		return err
	}
	report, err := s.server.Import(ctx, folder)
	if err != nil {
		return err
	}
	if len(report.Refused)+len(report.Missing) > 0 {
		return fmt.Errorf("import refused %v and misses %v", report.Refused, report.Missing)
	}
	return s.Synchronize(ctx)
}
