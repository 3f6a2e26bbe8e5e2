package updatepoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// refusePlain never redirects: a redirect keeps a client working that somebody on the way can lead elsewhere.
func (s *Site) refusePlain(w http.ResponseWriter, r *http.Request) {
	s.logRefused(r, http.StatusForbidden, errors.New("plain HTTP in native mode"))
	hint := "over HTTPS"
	s.mu.RLock()
	if p := s.state.point; p != nil {
		hint = p.Ports.MetadataURL(p.Server, true) + ManagementPath
	}
	s.mu.RUnlock()
	w.Header().Set("Connection", "close")
	http.Error(w, fmt.Sprintf("403 Forbidden: site %s is in native mode and its management point requires the secured channel. Use %s instead.",
		s.Code(), hint), http.StatusForbidden)
}

// refuse answers an error and logs it once. What went wrong inside the site stays inside.
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, text := statusOf(err), err.Error()
	if status == http.StatusInternalServerError {
		text = "internal error"
	}
	s.logRefused(r, status, err)
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
		text = clientagent.ErrNotAuthorized.Error()
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct { // the client is gone: nobody is left to tell
		Error string `json:"error"`
	}{text})
}

func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	var limit *compliance.LimitError
	var invalid *compliance.InvalidError
	switch {
	case errors.Is(err, clientagent.ErrNotAuthorized):
		return http.StatusUnauthorized
	case errors.Is(err, ErrNoSoftwareUpdatePoint):
		return http.StatusConflict
	case errors.Is(err, ErrTooManyClients):
		return http.StatusServiceUnavailable
	case errors.As(err, &tooLarge), errors.As(err, &limit):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, ErrBadRequest), errors.As(err, &invalid):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

func (s *Site) logRefused(r *http.Request, status int, err error) {
	s.log.WarnContext(r.Context(), "request refused", "site", s.Code(), "remote", r.RemoteAddr, "method", r.Method,
		"path", r.URL.Path, "status", status, "reason", err)
}
