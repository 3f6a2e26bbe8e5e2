package iis

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// RedirectedError says that the server does not use the file that was asked for: redirection.config leads to another.
type RedirectedError struct {
	// File is the redirection.config, and Path the folder that it leads to.
	File, Path string
	// Reason says why it was not followed, and what to do.
	Reason string
}

// Error names both and what to do.
func (e *RedirectedError) Error() string {
	return fmt.Sprintf("%s redirects the configuration to %s: %s", e.File, e.Path, e.Reason)
}

// redirected returns the folder that redirection.config leads to; nil when there is none, or it does not redirect.
func redirected(at folder, o Options) (folder, error) {
	name := filepath.Join(at.path(), redirectionName)
	r, err := readRedirection(at)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, explained(name, err)
	case !r.Enabled:
		return nil, nil
	}
	refused := &RedirectedError{File: name, Path: r.Path}
	switch {
	case r.Path == "":
		refused.Reason = "the path is missing, so that IIS itself has no configuration"
	case !o.FollowRedirection:
		refused.Reason = "open the file there, or allow to follow redirection"
	case runtime.GOOS != "windows" && isWindowsPath(r.Path):
		refused.Reason = "a path of Windows, which this system does not open: mount it and open the file there"
	case !filepath.IsAbs(r.Path):
		refused.Reason = "no full path, and environment variables are not replaced here: open the file by its full path"
	default:
		return osFolder(filepath.Clean(r.Path)), nil
	}
	return nil, refused
}

// isWindowsPath tells \\server\share and C:\folder.
func isWindowsPath(path string) bool {
	return strings.HasPrefix(path, `\\`) || len(path) > 1 && path[1] == ':'
}

func readRedirection(at folder) (Redirection, error) {
	fsys, done, err := at.open()
	if err != nil {
		return Redirection{}, err
	}
	defer done()
	data, err := durable.ReadFile(fsys, redirectionName, MaxBytes)
	if err != nil {
		return Redirection{}, err
	}
	return ParseRedirection(data)
}
