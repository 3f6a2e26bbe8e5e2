package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// house is everything that the program runs, assembled.
type house struct {
	folder   string
	db       *sqlite.DB
	server   *wsus.Server
	site     *updatepoint.Site
	point    *updatepoint.Point
	ca       *ssl.CA
	console  net.Listener
	dialTo   string // where the names of the site lead: the host of the listeners
	once     bool   // end with an error when machines cannot comply, instead of waiting for an operator
	progress *progress
	log      *slog.Logger
	closers  []io.Closer

	diagnosis *ssl.Diagnosis // what the doctor found; nil when it was not asked
}

// siteCode of the laboratory site.
const siteCode = "LAB"

func assemble(ctx context.Context, o options, folder string, p *progress, log *slog.Logger) (_ *house, err error) {
	h := &house{folder: folder, progress: p, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.db, err = sqlite.Open(ctx, folder); err != nil {
		return nil, err
	}
	h.closers = append(h.closers, h.db)
	if h.ca, err = ssl.OpenCA(filepath.Join(folder, "ca"), ssl.CAOptions{Names: certificateNames(o.host)}); err != nil {
		return nil, err
	}
	files, err := content.Dir(filepath.Join(folder, "content"))
	if err != nil {
		return nil, err
	}
	if h.server, err = wsus.NewServer(ctx, wsus.Config{Store: h.db.WSUS(), Content: files, Logger: log}); err != nil {
		return nil, err
	}
	h.closers = append(h.closers, files, h.server)
	if err := h.importCatalogs(ctx, o.catalogs); err != nil {
		return nil, err
	}
	return h, h.installRole(ctx, o)
}

func certificateNames(host string) []string {
	names := []string{host}
	for _, name := range []string{"localhost", "127.0.0.1"} {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (h *house) importCatalogs(ctx context.Context, folders []string) error {
	sources := []struct {
		name string
		fsys fs.FS
	}{{"sample catalogue", catalog.Files()}}
	for _, folder := range folders {
		info, err := os.Stat(folder)
		if err != nil {
			return fmt.Errorf("-catalog: %w", err)
		}
		if !info.IsDir() {
			return fmt.Errorf("-catalog %s: cabinets and export files are not read yet; name a folder of update documents (*.xml)", folder)
		}
		sources = append(sources, struct {
			name string
			fsys fs.FS
		}{folder, os.DirFS(folder)})
	}
	for _, source := range sources {
		report, err := h.server.Import(ctx, source.fsys)
		if err != nil {
			return fmt.Errorf("%s: %w", source.name, err)
		}
		h.progress.say("%s: %d revisions added, %d known already, %d files", source.name, report.Added, report.Unchanged, report.Files)
		for _, refused := range report.Refused {
			h.progress.say("  refused %s", printable(refused.String()))
		}
	}
	return nil
}

// printable keeps what strangers named from moving the cursor.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, text)
}

// installRole makes the site and its software update point, and switches the clients' agent on.
func (h *house) installRole(ctx context.Context, o options) (err error) {
	mode := updatepoint.NativeMode // today this is called "HTTPS only"
	secured := ssl.Required(h.ca.GetCertificate)
	if o.plain {
		mode, secured = updatepoint.MixedMode, ssl.Settings{}
	}
	h.site, err = updatepoint.NewSite(ctx, siteCode, updatepoint.Config{
		Mode: mode, Store: h.db.Site(), Compliance: h.db.Compliance(), Logger: h.log})
	if err != nil {
		return err
	}
	plain, secure, pair, err := listenPair(ctx, o, h.log)
	if err != nil {
		return err
	}
	h.closers = append(h.closers, plain)
	if o.plain {
		// Nobody would accept what comes to it. The port stays free, as it is on a web site without a binding for HTTPS.
		if err := secure.Close(); err != nil {
			return err
		}
		secure = nil
	} else {
		h.closers = append(h.closers, secure)
	}
	h.dialTo = loopbackFor(plain.Addr())
	if h.console, err = (&net.ListenConfig{}).Listen(ctx, "tcp", o.console); err != nil {
		return fmt.Errorf("console: %w", err)
	}
	h.closers = append(h.closers, h.console)
	h.point, err = h.site.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{
		Server: o.host, WSUS: updatepoint.Local(h.server), Ports: pair, SSL: secured,
		Roots: h.ca.Pool(), Plain: plain, Secure: secure})
	if err != nil {
		return oneLine(err)
	}
	return h.site.EnableClientAgent(ctx, clientagent.DefaultSettings())
}

// loopbackFor is the host that leads to a listener from this machine, also when it listens on all interfaces.
func loopbackFor(addr net.Addr) string {
	ip := addr.(*net.TCPAddr).IP
	if ip.IsUnspecified() {
		return "127.0.0.1"
	}
	return ip.String()
}

// close ends what was opened, the last first. Listeners that the site has taken over are closed already.
func (h *house) close() error {
	var faults []error
	for _, c := range slices.Backward(h.closers) {
		if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
