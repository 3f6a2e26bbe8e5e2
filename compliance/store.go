package compliance

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"
)

// Store keeps computers and states. Methods are safe for concurrent use; what is acknowledged survives a crash. Every backend
// passes storagetest.Compliance.
type Store interface {
	// Apply writes one computer with its changed rows, all or nothing, and returns when they are durable. The ComputerID of rows
	// and enforcements must be that of the computer. Several calls at once may be written in one group. Times are kept to the
	// microsecond, in UTC.
	Apply(ctx context.Context, c Changes) error
	// Computers yields all computers, ordered by id. A sequence of this store ends after an error, and may see what is written
	// while it runs.
	Computers(ctx context.Context) iter.Seq2[Computer, error]
	// States yields the rows of a computer (of all when empty), ordered by computer and update.
	States(ctx context.Context, computerID string) iter.Seq2[Row, error]
	// Enforcements yields the deployment states of a computer (of all when empty), ordered by computer, topic and type.
	Enforcements(ctx context.Context, computerID string) iter.Seq2[Enforcement, error]
}

// Changes is what one report of one computer changes.
type Changes struct {
	Computer Computer
	// Reset drops all rows and enforcements of the computer before the others are written (full resend).
	Reset        bool
	Rows         []Row         // replace the row of the same update
	Enforcements []Enforcement // replace the one of the same topic and type
}

// Computer is what is kept of a reporting computer.
type Computer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Serial is the last serial number taken over without a gap.
	Serial int64 `json:"serial"`
	// Scanned is the content version of the last completed scan, 0 before the first. It makes Not Required the implicit state:
	// an update with no row, known since a version up to Scanned, was not required.
	Scanned  int64     `json:"scanned"`
	LastScan time.Time `json:"lastScan"`
	Reported time.Time `json:"reported"`
	// ScanState is the last state of topic 501, ScanError its error code.
	ScanState int   `json:"scanState"`
	ScanError int32 `json:"scanError,omitempty"`
}

// Row is the explicit state of one update on one computer. Not Required is written only to replace another state.
type Row struct {
	ComputerID string
	UpdateID   uuid.UUID
	State      State
	Changed    time.Time
}

// Enforcement is the last state message of a topic other than detection (300, 301, 302, 402).
type Enforcement struct {
	ComputerID string
	Type       TopicType
	TopicID    string
	StateID    int
	ErrorCode  int32
	Changed    time.Time
}
