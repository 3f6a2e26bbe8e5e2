package compliance

import "time"

// State of one update on one computer, with the numbers of topic 500 (configmgr.md §8.1).
type State uint8

// The four states of §8.4, in the product's words.
const (
	Unknown State = iota
	NotRequired
	Required
	Installed
)

// TopicType is the kind of a state message.
type TopicType int

// The topic types of the software updates feature (configmgr.md §8.1).
const (
	AssignmentCompliance  TopicType = 300
	AssignmentEnforcement TopicType = 301
	AssignmentEvaluation  TopicType = 302
	CIEnforcement         TopicType = 402
	UpdateDetection       TopicType = 500
	UpdateSourceScan      TopicType = 501
	ResyncStateMsg        TopicType = 700
)

// Message is one state message: the current state of a topic. Two messages of one topic and id differ only in age.
type Message struct {
	// Serial numbers of a client increase by one, without gaps.
	Serial  int64     `xml:"SerialNumber,attr"`
	Time    time.Time `xml:"MessageTime,attr"`
	Topic   Topic     `xml:"Topic"`
	StateID int       `xml:"-"`
	// ErrorCode is the HRESULT of a failure, 0 otherwise.
	ErrorCode int32 `xml:"-"`
	// ContentVersion is set on topic 501 state 3: the catalogue version that the scan covered.
	ContentVersion int64 `xml:"-"`
}

// Topic is what a message is about.
type Topic struct {
	Type TopicType
	// ID is the update's GUID for topics 402 and 500, the assignment's for 300 to 302, the update source's for 501.
	ID string
}

// Report is what a client sends in one go.
type Report struct {
	ClientID string
	Name     string
	Date     time.Time
	// Full says that the report holds every current state: rows it does not name are gone.
	Full     bool
	Messages []Message
}

// Receipt answers a report.
type Receipt struct {
	// Serial is the last serial number that has been taken over; messages up to it need not be sent again.
	Serial int64 `json:"serial"`
	// Resync asks for a full report: serials had a gap.
	Resync bool `json:"resync"`
}
