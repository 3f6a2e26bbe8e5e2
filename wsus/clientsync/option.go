package clientsync

import (
	"cmp"
	"log/slog"
	"time"
)

// Defaults of Limits. The largest scan request of a real agent is 65 KB with some 6,000 ids.
const (
	DefaultMaxBody           = 16 << 20
	DefaultMaxIDs            = 100_000
	DefaultMaxDevices        = 2_000
	DefaultMaxEvents         = 1_000
	DefaultMaxEventStrings   = 1_000
	DefaultMaxText           = 256 << 10
	DefaultMaxRequestDepth   = 32
	DefaultMaxRequestElement = 500_000
	DefaultMaxLargeBodies    = 16
	DefaultBodyTime          = time.Minute
)

// Limits bound a request. Zero means the default.
type Limits struct {
	// Body in bytes.
	Body int64
	// BodyTime is how long a body may take to arrive; what is slower is cut off. It needs a server that lets a handler set deadlines,
	// as net/http's does.
	BodyTime time.Duration
	// IDs in one list: revision ids, identities, digests, categories.
	IDs int
	// Devices of a driver pass.
	Devices int
	// Events in one batch.
	Events int
	// EventStrings in one list of an event.
	EventStrings int
	// Text of one element in bytes. Lists of ids in status events are the longest.
	Text int
	// Depth and Elements of the whole message.
	Depth, Elements int
	// LargeBodies is how many requests may hold a body of more than LargeBody bytes, or a compressed one, at the same time. Further ones get
	// ServerBusy. It bounds the memory that senders can take who have shown no cookie yet; no agent's request is that large.
	LargeBodies int
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Body:         cmp.Or(max(l.Body, 0), DefaultMaxBody),
		BodyTime:     cmp.Or(max(l.BodyTime, 0), DefaultBodyTime),
		IDs:          cmp.Or(max(l.IDs, 0), DefaultMaxIDs),
		Devices:      cmp.Or(max(l.Devices, 0), DefaultMaxDevices),
		Events:       cmp.Or(max(l.Events, 0), DefaultMaxEvents),
		EventStrings: cmp.Or(max(l.EventStrings, 0), DefaultMaxEventStrings),
		Text:         cmp.Or(max(l.Text, 0), DefaultMaxText),
		Depth:        cmp.Or(max(l.Depth, 0), DefaultMaxRequestDepth),
		Elements:     cmp.Or(max(l.Elements, 0), DefaultMaxRequestElement),
		LargeBodies:  cmp.Or(max(l.LargeBodies, 0), DefaultMaxLargeBodies),
	}
}

// Option sets something of a Handler.
type Option func(*Handler)

// WithLogger sets where refused requests and failures are logged; they are discarded by default. Cookies never are.
func WithLogger(log *slog.Logger) Option {
	return func(h *Handler) { h.log = cmp.Or(log, h.log) }
}

// WithClock sets the time that cookies are checked against; time.Now by default.
func WithClock(now func() time.Time) Option {
	return func(h *Handler) {
		if now != nil {
			h.now = now
		}
	}
}

// WithMaxBody sets Limits.Body alone.
func WithMaxBody(bytes int64) Option {
	return func(h *Handler) { h.limits.Body = bytes }
}

// WithLimits sets all limits.
func WithLimits(limits Limits) Option { return func(h *Handler) { h.limits = limits } }
