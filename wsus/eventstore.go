package wsus

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"
)

// EventStore keeps what clients reported.
type EventStore interface {
	// AppendEvents keeps those whose ID is not known yet, all or nothing, and returns how many were new.
	AppendEvents(ctx context.Context, events ...Event) (int, error)
	// KnownEvents returns which of the ids are kept.
	KnownEvents(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]bool, error)
	// Events yields the events of a computer (of all when empty) in the order of arrival.
	Events(ctx context.Context, computerID string) iter.Seq2[Event, error]
}

// StatusStore keeps how updates are doing on computers.
type StatusStore interface {
	// PutReport keeps the events as AppendEvents does and, together with them or not at all, the computer and its statuses.
	PutReport(ctx context.Context, r Report) error
	// Statuses yields the statuses of a computer (of all when empty), ordered by ComputerID and UpdateID. The sequence ends after an error.
	Statuses(ctx context.Context, computerID string) iter.Seq2[Status, error]
}

// Event is one reported event (MS-WUSP §2.2.2.3.1). Its strings are opaque, but for the lists of update ids of status events.
type Event struct {
	ID         uuid.UUID // EventInstanceID
	ComputerID string
	EventID    int
	SourceID   int
	At         time.Time // on the client's clock
	Received   time.Time
	// Unsealed says that no cookie vouched for the sender (ReportEventBatch2): nothing is concluded from the event.
	Unsealed    bool
	UpdateID    uuid.UUID // zero when the event is about no update
	Revision    int32
	HResult     int32
	AppName     string
	Replacement []string
	MiscData    []string
}

// Status is how an update is doing on a computer.
type Status struct {
	ComputerID string
	UpdateID   uuid.UUID
	State      UpdateInstallationState
	// Changed is the time of the event that made it so.
	Changed time.Time
}

// Report is a batch of events and what follows from them.
type Report struct {
	Events []Event
	// Computer replaces the one with its ID.
	Computer Computer
	// Statuses insert or replace by (ComputerID, UpdateID).
	Statuses []Status
}
