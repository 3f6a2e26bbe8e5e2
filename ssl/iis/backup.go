package iis

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// backupsOfASecond bounds how many backups may have one second's name.
const backupsOfASecond = 1000

// backUp copies what was read of the file, under a name that is free, and makes the copy durable. It has the rights of the file, since
// it holds the same secrets.
func (f *File) backUp(fsys durable.FS) (string, error) {
	now := time.Now
	if f.options.Now != nil {
		now = f.options.Now
	}
	stem := f.name + "." + now().UTC().Format("20060102T150405Z")
	for n := 1; n <= backupsOfASecond; n++ {
		name := stem + ".bak"
		if n > 1 {
			name = fmt.Sprintf("%s-%d.bak", stem, n)
		}
		err := f.create(fsys, name, f.config.raw)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("back up: %w", err)
		}
		if err := fsys.SyncDir("."); err != nil {
			return "", errors.Join(fmt.Errorf("back up: %w", err), fsys.Remove(name))
		}
		return name, nil
	}
	return "", fmt.Errorf("back up: there are %d backups of this second: remove old ones", backupsOfASecond)
}

// Restore puts a backup back that [File.Write] made, with all the care of Write: the file of now is backed up as well. The backup is
// named by its path, or by its name in the folder of the file, and stays.
func (f *File) Restore(ctx context.Context, backup string) (replaced string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, err := f.readBackup(backup)
	if err == nil {
		replaced, err = f.write(ctx, c)
	}
	if err != nil {
		err = fmt.Errorf("restore configuration: %w", err)
	}
	return replaced, err
}

func (f *File) readBackup(backup string) (*Config, error) {
	if dir := filepath.Dir(backup); dir != "." && dir != f.folder.path() {
		return nil, fmt.Errorf("the backup %s does not lie beside %s: copy it there", backup, f.Path())
	}
	fsys, done, err := f.folder.open()
	if err != nil {
		return nil, err
	}
	defer done()
	data, err := durable.ReadFile(fsys, filepath.Base(backup), MaxBytes)
	if err != nil {
		return nil, err
	}
	return Parse(data)
}
