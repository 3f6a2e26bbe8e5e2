package wsus

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl"
)

// maxSelfUpdateDepth is how deep folders of the tree may lie; the product's has four.
const maxSelfUpdateDepth = 16

// selfUpdate serves the tree from which agents before Windows 10 renew themselves (MS-WUSP §2.1): they fetch wuident.cab first and stop
// talking to a server that has none. The files bear signatures that nobody else can make, so that an administrator has to bring them. There
// is no listing, and case makes no difference.
func (s *Server) selfUpdate(tree fs.FS) http.Handler {
	if tree == nil {
		return notBuiltFolder("SelfUpdate")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "405 Method Not Allowed: files are read with GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		_, rest, _, _ := ssl.FindRoot(r.URL) // the routes have looked at it before
		err := serveTreeFile(w, r, tree, strings.TrimPrefix(rest, "/"))
		switch {
		case err == nil:
		case errors.Is(err, fs.ErrNotExist):
			http.NotFound(w, r)
		default:
			s.log.LogAttrs(r.Context(), slog.LevelError, "self-update file not served", attrs(r, err.Error())...)
			http.Error(w, "500 Internal Server Error", http.StatusInternalServerError)
		}
	})
}

// serveTreeFile writes nothing when it answers an error.
func serveTreeFile(w http.ResponseWriter, r *http.Request, tree fs.FS, rest string) error {
	name, err := findFolded(tree, rest)
	if err != nil {
		return err
	}
	f, err := openRegular(tree, name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	file, ok := f.(io.ReadSeeker)
	if !ok {
		return errors.New("Config.SelfUpdate has files that cannot seek")
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", info.ModTime(), file)
	return nil
}

// findFolded finds a regular file of a tree by a path in any case. A name in just the case asked for comes first.
func findFolded(tree fs.FS, name string) (string, error) {
	if !fs.ValidPath(name) || strings.Count(name, "/") >= maxSelfUpdateDepth {
		return "", fs.ErrNotExist
	}
	if info, err := fs.Stat(tree, name); err == nil && info.Mode().IsRegular() {
		return name, nil
	}
	found := "."
	for segment := range strings.SplitSeq(name, "/") {
		if info, err := fs.Stat(tree, found); err != nil || !info.IsDir() {
			return "", errors.Join(err, fs.ErrNotExist)
		}
		entries, err := fs.ReadDir(tree, found)
		if err != nil {
			return "", err
		}
		i := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return strings.EqualFold(e.Name(), segment) })
		if i < 0 {
			return "", fs.ErrNotExist
		}
		found = path.Join(found, entries[i].Name())
	}
	if info, err := fs.Stat(tree, found); err != nil || !info.Mode().IsRegular() {
		return "", errors.Join(err, fs.ErrNotExist)
	}
	return found, nil
}
