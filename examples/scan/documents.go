package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const noCabinets = "cabinets are not read yet; unpack it to a folder of update documents (.xml)"

// documents are the updates of all catalogues, each in its highest revision: a lower one is no longer in force.
type documents struct {
	updates map[uuid.UUID]*metadata.Update
	from    map[uuid.UUID]string
}

// loadDocuments reads the catalogues, or the sample when none is named. A document that is refused is named on stderr and the
// rest is read; catalogues without a single document are an error.
func loadDocuments(ctx context.Context, catalogs []string, stderr io.Writer) (*documents, error) {
	all := &documents{updates: map[uuid.UUID]*metadata.Update{}, from: map[uuid.UUID]string{}}
	if len(catalogs) == 0 {
		if err := all.readFolder(ctx, catalog.Files(), "", stderr); err != nil {
			return nil, fmt.Errorf("sample catalogue: %w", err)
		}
	}
	for _, name := range catalogs {
		if err := all.readCatalog(ctx, name, stderr); err != nil {
			return nil, fmt.Errorf("-catalog %s: %w", name, err)
		}
	}
	if len(all.updates) == 0 {
		return nil, errors.New("no update document could be read; -catalog wants a folder of .xml files with one whole Update document in each")
	}
	return all, nil
}

func (d *documents) readCatalog(ctx context.Context, name string, stderr io.Writer) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file or folder")
	case err != nil:
		return err
	case info.IsDir():
		return d.readFolder(ctx, os.DirFS(name), name, stderr)
	case isCabinet(name):
		return errors.New(noCabinets)
	}
	d.read(os.DirFS(filepath.Dir(name)), filepath.Base(name), filepath.Dir(name), stderr)
	return nil
}

// readFolder reads every .xml at any depth. Cabinets are refused by name, except those that a document lists as its payload.
func (d *documents) readFolder(ctx context.Context, fsys fs.FS, folder string, stderr io.Writer) error {
	var cabinets []string
	payloads := map[string]bool{}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && name == ".":
			return err
		case err != nil:
			// A folder below that cannot be read, or what is gone since its folder was listed.
			refuse(stderr, place(folder, name), 0, reason(err))
			return nil
		case entry.IsDir():
		case strings.EqualFold(path.Ext(name), ".xml"):
			for _, payload := range d.read(fsys, name, folder, stderr) {
				payloads[strings.ToLower(payload.Name)] = true
			}
		case isCabinet(name):
			cabinets = append(cabinets, name)
		}
		return nil
	})
	for _, name := range cabinets {
		if !payloads[strings.ToLower(path.Base(name))] {
			refuse(stderr, place(folder, name), 0, noCabinets)
		}
	}
	return err
}

// sorted are the updates ordered by id.
func (d *documents) sorted() []*metadata.Update {
	return slices.SortedFunc(maps.Values(d.updates), func(a, b *metadata.Update) int {
		return bytes.Compare(a.UpdateID[:], b.UpdateID[:])
	})
}

// read takes one document in and returns its payloads. What is wrong with it is written, and nothing is kept of it.
func (d *documents) read(fsys fs.FS, name, folder string, stderr io.Writer) []metadata.File {
	full := place(folder, name)
	update, err := parse(fsys, name)
	if err != nil {
		var syntax *metadata.SyntaxError
		if errors.As(err, &syntax) {
			refuse(stderr, full, syntax.Line, syntax.Reason)
		} else {
			refuse(stderr, full, 0, reason(err))
		}
		return nil
	}
	if other, known := d.updates[update.UpdateID]; known && other.Revision >= update.Revision {
		if other.Revision == update.Revision && !bytes.Equal(other.Document, update.Document) {
			refuse(stderr, full, 0, fmt.Sprintf("%s holds revision %d of the same update with other content; a changed update needs a higher revision",
				d.from[update.UpdateID], update.Revision))
		}
		return update.Extended.Files
	}
	d.updates[update.UpdateID], d.from[update.UpdateID] = update, full
	return update.Extended.Files
}

// parse reads one byte more than a document may have, so that a longer one is refused and not cut.
func parse(fsys fs.FS, name string) (*metadata.Update, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, metadata.MaxDocumentBytes+1))
	if err != nil {
		return nil, err
	}
	return metadata.Parse(text)
}

// reason is an error without the path, which stands before it.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

func isCabinet(name string) bool { return strings.EqualFold(filepath.Ext(name), ".cab") }

func place(folder, name string) string { return filepath.Join(folder, filepath.FromSlash(name)) }

// refuse names a document on a line of its own. Line 0 is left out: the fault has no place.
func refuse(stderr io.Writer, name string, line int, reason string) {
	if line > 0 {
		name = fmt.Sprintf("%s:%d", name, line)
	}
	fmt.Fprintf(stderr, "scan: refused %s: %s\n", oneLine(name), oneLine(reason))
}
