package updatepoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// ManagementPath is where the management point is, on the same ports as WSUS.
const ManagementPath = "/SMS_MP/"

// Limits of what a client may send. A report is limited by compliance.Limits.
const (
	// MaxRegistrationBytes is the largest registration.
	MaxRegistrationBytes = 16 << 10
	// BodyTimeout is how long a client may take to send a body.
	BodyTimeout = 2 * time.Minute
)

// Handler is the management point: what clientagent.HTTP speaks to. Run serves it beside a WSUS that runs in this program; mount it
// at ManagementPath of a server of your own otherwise.
//
// Errors are JSON objects with a member "error": 400 and 413 for what is malformed or too large, 401 for a missing or forged token,
// 409 without a software update point, 503 when the site is full. In native mode plain HTTP gets 403 with a text that names the
// HTTPS address; what counts is the connection itself, never a header.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+clientagent.RegisterPath, s.serveRegister)
	mux.HandleFunc("GET "+clientagent.PolicyPath, s.servePolicy)
	mux.HandleFunc("POST "+clientagent.ReportPath, s.serveReport)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.config.Mode == NativeMode && r.TLS == nil:
			s.refusePlain(w, r)
		case path.Clean(r.URL.Path) != r.URL.Path: // which ServeMux would redirect; nobody is led elsewhere here
			http.NotFound(w, r)
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

func (s *Site) serveRegister(w http.ResponseWriter, r *http.Request) {
	limitBody(w)
	var registration clientagent.Registration
	if err := decodeJSON(http.MaxBytesReader(w, r.Body, MaxRegistrationBytes), &registration); err != nil {
		s.refuse(w, r, fmt.Errorf("%w: registration: %w", ErrBadRequest, err))
		return
	}
	token, err := s.register(r.Context(), registration)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, struct {
		Token string `json:"token"`
	}{token})
}

func (s *Site) servePolicy(w http.ResponseWriter, r *http.Request) {
	known := r.Header.Get("If-None-Match")
	policy, err := s.policy(r.Context(), bearer(r), func(etag string) bool { return names(known, etag) })
	if err == nil || errors.Is(err, clientagent.ErrNotModified) {
		w.Header().Set("ETag", `"`+policy.ETag+`"`)
	}
	switch {
	case err == nil:
		answer(w, policy)
	case errors.Is(err, clientagent.ErrNotModified):
		w.WriteHeader(http.StatusNotModified)
	default:
		s.refuse(w, r, err)
	}
}

// serveReport checks the token before it reads what may be 32 MB.
func (s *Site) serveReport(w http.ResponseWriter, r *http.Request) {
	token := bearer(r)
	if _, err := s.authenticate(token); err != nil {
		s.refuse(w, r, err)
		return
	}
	limitBody(w)
	report, err := compliance.DecodeReport(r.Body, compliance.Limits{})
	if err != nil {
		s.refuse(w, r, fmt.Errorf("%w: %w", ErrBadRequest, err))
		return
	}
	receipt, err := s.report(r.Context(), token, report)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, receipt)
}

// limitBody bounds how long the body may take. A writer that cannot set a deadline is one without a connection.
func limitBody(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(BodyTimeout))
}

// decodeJSON reads exactly one value.
func decodeJSON(r io.Reader, to any) error {
	d := json.NewDecoder(r)
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the value")
	}
	return nil
}

// bearer returns the token of a request, empty when there is none.
func bearer(r *http.Request) string {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// names tells whether an If-None-Match header lists the ETag (RFC 9110 §13.1.2).
func names(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(candidate), "W/") == `"`+etag+`"` {
			return true
		}
	}
	return false
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, no-cache")
	_ = json.NewEncoder(w).Encode(value) // the client is gone: nobody is left to tell
}
