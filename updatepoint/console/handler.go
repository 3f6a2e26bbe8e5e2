package console

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"

	"github.com/seed599db172/softwareupdates/updatepoint"
)

// User is whoever looks at the console.
type User struct {
	// Name is shown on the page.
	Name string
}

// ErrUnauthenticated from Options.User answers 401 with a challenge; any other error answers 403.
var ErrUnauthenticated = errors.New("nobody has signed in")

// Options of a console.
type Options struct {
	// User tells who sends a request. Nil refuses every request: a console without a door does not open. An error refuses the
	// request, and its text is shown to the visitor.
	User func(*http.Request) (User, error)
	// Challenge is the WWW-Authenticate header of a 401; empty means Basic, which browsers ask for by themselves.
	Challenge string
	// Logger gets one line for each refused or failed request; nil discards.
	Logger *slog.Logger
}

//go:embed page.html style.css
var files embed.FS

type console struct {
	site *updatepoint.Site
	o    Options
	log  *slog.Logger
	page *template.Template
	css  []byte
}

// Handler serves the console of a site.
func Handler(site *updatepoint.Site, o Options) http.Handler {
	c := &console{site: site, o: o, log: o.Logger, page: template.Must(template.ParseFS(files, "page.html"))}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.o.Challenge == "" {
		c.o.Challenge = fmt.Sprintf("Basic realm=%q, charset=\"UTF-8\"", "site "+site.Code())
	}
	var err error
	if c.css, err = files.ReadFile("style.css"); err != nil {
		panic(err) // it is part of the program
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.servePage)
	mux.HandleFunc("GET /style.css", c.serveStyle)
	return c.guarded(mux)
}

// guarded lets only known users pass, and forbids browsers whatever the page does not need.
func (c *console) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy",
			"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if c.o.User == nil {
			c.refuse(w, r, http.StatusForbidden, errors.New("this console has no way to tell who may see it: set console.Options.User"))
			return
		}
		user, err := c.o.User(r)
		switch {
		case errors.Is(err, ErrUnauthenticated):
			h.Set("WWW-Authenticate", c.o.Challenge)
			c.refuse(w, r, http.StatusUnauthorized, err)
		case err != nil:
			c.refuse(w, r, http.StatusForbidden, err)
		default:
			next.ServeHTTP(w, r.WithContext(withUser(r.Context(), user)))
		}
	})
}

func (c *console) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	c.log.WarnContext(r.Context(), "console request refused", "remote", r.RemoteAddr, "path", r.URL.Path, "status", status, "reason", err)
	http.Error(w, fmt.Sprintf("%d %s: %v", status, http.StatusText(status), err), status)
}

func (c *console) serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(c.css) // the browser is gone: nobody is left to tell
}

// servePage builds the whole page first, so that a failure in the middle is not half a page.
func (c *console) servePage(w http.ResponseWriter, r *http.Request) {
	page, err := c.gather(r)
	status := http.StatusOK
	if errors.Is(err, updatepoint.ErrNoSoftwareUpdatePoint) {
		status, page.Missing, err = http.StatusConflict, err.Error(), nil
	}
	var body bytes.Buffer
	if err == nil {
		err = c.page.Execute(&body, page)
	}
	if err != nil {
		c.log.ErrorContext(r.Context(), "console page failed", "error", err)
		http.Error(w, "500 Internal Server Error: the page cannot be made; the log says why", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the browser is gone: nobody is left to tell
}
