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
	operations map[soap.Operation]operation
	limits     Limits
	log        *slog.Logger
	now        func() time.Time
	buffers    sync.Pool // of *[]byte
	large      chan struct{}
}

// NewHandler makes a Handler. Limits that are zero or negative are the defaults.
func NewHandler(backend Backend, options ...Option) *Handler {
	h := &Handler{backend: backend, operations: operations(), log: slog.New(slog.DiscardHandler), now: time.Now}
	for _, option := range options {
		option(h)
	}
	h.limits = h.limits.withDefaults()
	h.large = make(chan struct{}, h.limits.LargeBodies)
	h.buffers.New = func() any { return new([]byte) }
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
	body, answer := h.buffer(), h.buffer()
	defer h.release(body)
	defer h.release(answer)

	seat := &largeSeat{seats: h.large}
	defer seat.leave()

	out := soap.NewWriter(*answer)
	x := &exchange{ctx: r.Context(), backend: h.backend, limits: h.limits, now: h.now(), host: r.Host, form: svc.form, out: out}
	status := http.StatusOK
	// Where a deadline cannot be set, whoever mounted the handler bounds the time himself.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.limits.BodyTime))
	if err := h.exchange(x, r, svc, body, seat); err != nil {
		h.refuse(x, r, err)
		status = http.StatusInternalServerError
	}
	*answer = out.Bytes()

	header := w.Header()
	header.Set("Content-Type", "text/xml; charset=utf-8")
	header.Set("Cache-Control", "private")
	header.Set("Vary", "Accept-Encoding")
	message := *answer
	// Whether agents take a compressed fault is not known, so they are never sent one.
	if status == http.StatusOK && len(message) >= minCompressed && accepts(r.Header) {
		packed := h.buffer()
		defer h.release(packed)
		*packed = xpress.Append((*packed)[:0], message)
		message = *packed
		header.Set("Content-Encoding", xpressEncoding)
	}
	header.Set("Content-Length", strconv.Itoa(len(message)))
	w.WriteHeader(status)
	if _, err := w.Write(message); err != nil {
		h.log.LogAttrs(x.ctx, slog.LevelDebug, "answer not delivered", slog.String("error", err.Error()))
	}
}

// exchange makes the answer. A panic below is an error like others: no client shall see anything but a fault.
func (h *Handler) exchange(x *exchange, r *http.Request, svc service, buffer *[]byte, seat *largeSeat) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := h.readMessage(r, buffer, seat); err != nil {
		return err
	}
	limits := soap.Limits{Depth: h.limits.Depth, Elements: h.limits.Elements}
	if x.in, x.operation, err = soap.Open(*buffer, limits); err != nil {
		return err
	}
	serve, ok := h.operations[x.operation]
	if !ok || x.operation.Space != svc.namespace {
		return invalid(fmt.Sprintf("%.100s is no operation of this service", x.operation.Name))
	}
	x.config = h.backend.Config(x.ctx)
	return serve(x)
}

// readMessage reads the body into buffer, decoded. The limit holds for what arrives and for what it means.
func (h *Handler) readMessage(r *http.Request, buffer *[]byte, seat *largeSeat) (err error) {
	if *buffer, err = readBody(r, (*buffer)[:0], h.limits.Body, seat); err != nil {
		return err
	}
	encoding := encodingOf(r.Header)
	if encoding == "" {
		return nil
	}
	if err := seat.take(); err != nil {
		return err
	}
	packed := h.buffer()
	defer h.release(packed)
	*packed, *buffer = *buffer, *packed
	if *buffer, err = expand((*buffer)[:0], *packed, encoding, h.limits.Body); err != nil {
		return fmt.Errorf("%w: %w", invalid("the request cannot be decoded"), err)
	}
	return nil
}

// refuse writes the fault that answers err and logs it, once.
func (h *Handler) refuse(x *exchange, r *http.Request, err error) {
	fault := faultOf(err)
	fault.ID = uuid.New()
	if x.operation.Name != "" {
		fault.Method = action(x.operation)
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
		slog.String("operation", x.operation.Name), slog.String("code", string(fault.Code)), slog.String("fault", fault.ID.String()),
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
