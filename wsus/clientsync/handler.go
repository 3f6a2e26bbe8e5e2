package clientsync

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/internal/soap"
	"github.com/seed599db172/softwareupdates/internal/xpress"
)

// Handler serves the Client, SimpleAuth and Reporting services of MS-WUSP in front of a Backend, by path. It checks cookies,
// registration and the limits of requests; the backend sees valid ones only. Every failure is answered by a SOAP fault, HTTP
// status 500. It is safe for concurrent use.
type Handler struct {
	backend    Backend
	operations map[string]map[string]*operation
	limits     Limits
	log        *slog.Logger
	now        func() time.Time
	// The values of headers that every answer has. They are never changed, so that answers can share them.
	contentType, cacheControl, vary []string

	workspaces sync.Pool // of *workspace
	large      chan struct{}
}

// NewHandler makes a Handler. Limits that are zero or negative are the defaults.
func NewHandler(backend Backend, options ...Option) *Handler {
	h := &Handler{
		backend: backend, operations: operations(), log: slog.New(slog.DiscardHandler), now: time.Now,
		contentType: []string{"text/xml; charset=utf-8"}, cacheControl: []string{"private"}, vary: []string{"Accept-Encoding"},
	}
	for _, option := range options {
		option(h)
	}
	h.limits = h.limits.withDefaults()
	h.large = make(chan struct{}, h.limits.LargeBodies)
	h.workspaces.New = func() any { return new(workspace) }
	return h
}

// ServeHTTP answers POST at the paths of the services. GET and HEAD there get a line of text, for health checks.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	svc, ok := serviceAt(r.URL.Path)
	switch {
	case !ok:
		http.Error(w, "no service has this path", http.StatusNotFound)
	case r.Method == http.MethodPost:
		h.post(w, r, svc)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = fmt.Fprintln(w, "This is a SOAP 1.1 service. It is here.")
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "a SOAP service takes POST", http.StatusMethodNotAllowed)
	}
}

func (h *Handler) post(w http.ResponseWriter, r *http.Request, svc service) {
	room := h.workspace()
	defer h.release(room)
	room.out.Reset()
	room.seat = largeSeat{seats: h.large}
	defer room.seat.leave()
	x := &room.exchange
	*x = exchange{ctx: r.Context(), backend: h.backend, limits: h.limits, now: h.now(), host: r.Host, remote: r.RemoteAddr, secure: r.TLS != nil,
		form: svc.form, in: &room.in, out: &room.out, room: room}
	status := http.StatusOK
	setReadDeadline(w, time.Now().Add(h.limits.BodyTime))
	if err := h.exchange(x, r, svc); err != nil {
		h.refuse(x, r, err)
		status = http.StatusInternalServerError
	}
	message := room.out.Bytes()

	header := w.Header()
	header["Content-Type"], header["Cache-Control"], header["Vary"] = h.contentType, h.cacheControl, h.vary
	// Whether agents take a compressed fault is not known, so they are never sent one.
	if status == http.StatusOK && len(message) >= minCompressed && accepts(r.Header) {
		room.packed = xpress.Append(room.packed[:0], message)
		message = room.packed
		header.Set("Content-Encoding", xpressEncoding)
	}
	header.Set("Content-Length", strconv.Itoa(len(message)))
	w.WriteHeader(status)
	if _, err := w.Write(message); err != nil {
		h.log.LogAttrs(x.ctx, slog.LevelDebug, "answer not delivered", slog.String("error", err.Error()))
	}
}

// setReadDeadline bounds the time of the body. Where a deadline cannot be set, whoever mounted the handler bounds it himself.
func setReadDeadline(w http.ResponseWriter, at time.Time) {
	if w, ok := w.(interface{ SetReadDeadline(time.Time) error }); ok {
		_ = w.SetReadDeadline(at)
		return
	}
	if w, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
		setReadDeadline(w.Unwrap(), at)
	}
}

// exchange makes the answer. A panic below is an error like others: no client shall see anything but a fault.
func (h *Handler) exchange(x *exchange, r *http.Request, svc service) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := h.readMessage(r, x.room); err != nil {
		return err
	}
	if err := x.in.Open(x.room.body, soap.Limits{Depth: h.limits.Depth, Elements: h.limits.Elements}); err != nil {
		return err
	}
	x.operation = h.operations[string(x.in.Namespace())][string(x.in.Name())]
	if x.operation == nil || x.operation.request.Space != svc.namespace {
		return invalid(fmt.Sprintf("%.100s is no operation of this service", x.in.Name()))
	}
	x.config = h.backend.Config(x.ctx)
	return x.operation.serve(x)
}

// readMessage reads the body into the workspace, decoded. The limit holds for what arrives and for what it means.
func (h *Handler) readMessage(r *http.Request, room *workspace) (err error) {
	if room.body, err = readBody(r, room.body[:0], h.limits.Body, &room.seat); err != nil {
		return err
	}
	encoding := encodingOf(r.Header)
	if encoding == "" {
		return nil
	}
	if err := room.seat.take(); err != nil {
		return err
	}
	room.packed, room.body = room.body, room.packed
	if room.body, err = expand(room.body[:0], room.packed, encoding, h.limits.Body); err != nil {
		return fmt.Errorf("%w: %w", invalid("the request cannot be decoded"), err)
	}
	return nil
}

// refuse writes the fault that answers err and logs it, once.
func (h *Handler) refuse(x *exchange, r *http.Request, err error) {
	fault := faultOf(err)
	fault.ID = uuid.New()
	var name string
	if x.operation != nil {
		name, fault.Method = x.operation.request.Name, action(x.operation.request)
	}
	code := soap.ClientCode
	switch {
	case errors.Is(err, soap.ErrVersion):
		code = soap.VersionMismatchCode
	case fault.Code == InternalServerError, fault.Code == ServerBusy:
		code = soap.ServerCode
	}
	x.out.Reset()
	x.out.Fault(x.form, soap.Fault{Code: code, Reason: "Fault occurred", Detail: soap.Detail{
		ErrorCode: string(fault.Code), Message: fault.Message, ID: fault.ID.String(), Method: fault.Method,
	}})
	h.log.LogAttrs(context.WithoutCancel(x.ctx), levelOf(fault), "request refused",
		slog.String("operation", name), slog.String("code", string(fault.Code)), slog.String("fault", fault.ID.String()),
		slog.String("client", x.clientID), slog.String("remote", r.RemoteAddr), slog.String("error", err.Error()))
}

// levelOf keeps what the protocol provides for out of the way of what someone should look at.
func levelOf(fault *Fault) slog.Level {
	switch fault.Code {
	case InternalServerError:
		return slog.LevelError
	case InvalidParameters, InvalidCookie, InvalidAuthorizationCookie, ServerBusy:
		return slog.LevelWarn
	default:
		return slog.LevelInfo
	}
}
