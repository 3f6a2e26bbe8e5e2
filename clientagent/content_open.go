package clientagent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// openFiles are the files of an installation, open from its beginning to its end: whoever shares the cache cannot take them away
// meanwhile.
type openFiles map[[20]byte]content.File

// openContent opens all files of the parts, or none.
func (a *Agent) openContent(ctx context.Context, parts []part) (openFiles, error) {
	files := make(openFiles)
	for _, p := range parts {
		for _, file := range p.files() {
			if files[file.SHA1] != nil {
				continue
			}
			f, err := a.cache.Open(ctx, content.SHA1(file.SHA1))
			if err != nil {
				return nil, errors.Join(fmt.Errorf("file %s: %w", file.Name, err), files.close())
			}
			files[file.SHA1] = f
		}
	}
	return files, nil
}

func (files openFiles) close() error {
	var faults []error
	for _, f := range files {
		faults = append(faults, f.Close())
	}
	return errors.Join(faults...)
}

// opener opens the files of a part by name, as its metadata writes it, without regard to case, each time from its beginning.
func (files openFiles) opener(p part) func(ctx context.Context, name string) (Payload, error) {
	return func(ctx context.Context, name string) (Payload, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, file := range p.files() {
			if f := files[file.SHA1]; f != nil && strings.EqualFold(file.Name, name) {
				return payload{io.NewSectionReader(f, 0, f.Size())}, nil
			}
		}
		return nil, fmt.Errorf("payload %q: %w", name, fs.ErrNotExist)
	}
}

// payload reads a file that stays open until the installation ends.
type payload struct{ *io.SectionReader }

func (payload) Close() error { return nil }
