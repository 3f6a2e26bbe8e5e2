package content

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// checkFile is the file by which administrators and health checks see that the virtual root answers without a log-on.
const checkFile = "anonymousCheckFile.txt"

// HandlerOption changes how Handler serves.
type HandlerOption func(*handler)

// WithLogger logs what the store fails at and what is refused; without it nothing is logged.
func WithLogger(log *slog.Logger) HandlerOption { return func(h *handler) { h.log = log } }

// Handler serves the files of a store at the paths that [Path] makes, and the check file: GET and HEAD, with ranges, If-Range,
// a strong ETag that follows from the digest, and no content coding, as agents need it (MS-WUSP §2.2.2.5). Nobody is asked who
// he is. There is no listing. A path that is not exactly of the form is answered without touching the store: 400 when it tries
// to lead elsewhere, else 404.
func Handler(store Store, options ...HandlerOption) http.Handler {
	h := &handler{store: store, log: slog.New(slog.DiscardHandler)}
	for _, option := range options {
		option(h)
	}
	return h
}

type handler struct {
	store Store
	log   *slog.Logger
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "405 Method Not Allowed: files are read with GET and HEAD", http.StatusMethodNotAllowed)
	case isTricky(r.URL):
		h.log.LogAttrs(r.Context(), slog.LevelWarn, "content path refused", slog.String("path", r.URL.EscapedPath()))
		http.Error(w, "400 Bad Request: this is not the path of a file", http.StatusBadRequest)
	case strings.EqualFold(r.URL.Path, root+checkFile):
		serveCheckFile(w, r)
	default:
		h.serveFile(w, r)
	}
}

// isTricky tells attempts from mistakes. Neither reaches the store, whatever this says.
func isTricky(u *url.URL) bool {
	p := u.EscapedPath()
	return strings.ContainsAny(p, `%\`) || strings.Contains(p, "..") || strings.Contains(p, "//") || strings.Contains(p, "/./")
}

func (h *handler) serveFile(w http.ResponseWriter, r *http.Request) {
	sha1, err := ParsePath(r.URL.Path)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	f, err := h.store.Open(r.Context(), sha1)
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		h.log.LogAttrs(r.Context(), slog.LevelError, "content not served", slog.String("sha1", sha1.String()), slog.Any("error", err))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.NotFound(w, r)
		return
	case r.Context().Err() != nil: // the client has gone or the server ends
		http.Error(w, "503 Service Unavailable", http.StatusServiceUnavailable)
		return
	case err != nil:
		h.log.LogAttrs(r.Context(), slog.LevelError, "content not served", slog.String("sha1", sha1.String()), slog.Any("error", err))
		http.Error(w, "500 Internal Server Error", http.StatusInternalServerError)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Etag", etag(sha1))
	http.ServeContent(w, r, "", f.ModTime(), f)
}

// etag is strong and has the form that IIS gives it: hexadecimal digits, a colon, and a change number that is always 0.
func etag(sha1 SHA1) string { return fmt.Sprintf(`"%x:0"`, sha1[:]) }

func serveCheckFile(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.Method == http.MethodGet {
		io.WriteString(w, "This file tells that the content of this server can be read without a log-on.\n")
	}
}
