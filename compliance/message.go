package compliance

import "time"

// State of one update on one computer, with the state IDs of topic type 500 (Configuration Manager, "State messages"). The zero
// value is Unknown.
type State uint8

// The four states in which the product's console shows an update on a computer.
const (
	// Unknown: no message says anything, and no completed scan covers the update.
	Unknown State = iota
	NotRequired
	// Required stays until the restart that completes an installation.
	Required
	Installed
)

// TopicType is the kind of a state message.
type TopicType int

// The topic types of the software updates feature (Configuration Manager, "State messages"; KB 4459394).
const (
	AssignmentCompliance  TopicType = 300
	AssignmentEnforcement TopicType = 301
	AssignmentEvaluation  TopicType = 302
	CIEnforcement         TopicType = 402
	UpdateDetection       TopicType = 500
	UpdateSourceScan      TopicType = 501
	// ResyncStateMsg is the site's request for a full report. Here it is Receipt.Resync; a report must not hold one.
	ResyncStateMsg TopicType = 700
)

// Message is one state message: the current state of a topic. Two messages of one topic and id differ only in age.
type Message struct {
	// Serial numbers of a client increase by one, without gaps, from 1.
	Serial int64 `xml:"SerialNumber,attr"`
	// Time of the change on the client's clock.
	Time  time.Time `xml:"MessageTime,attr"`
	Topic Topic     `xml:"Topic"`
	// StateID is a number of the topic type, such as int(ScanCompleted), or of State for topic type 500.
	StateID int `xml:"-"`
	// ErrorCode is the HRESULT of a failure, 0 otherwise. Topic type 500 has none.
	ErrorCode int32 `xml:"-"`
	// ContentVersion is set on topic 501 state 3: the catalogue version that the scan covered. Others have none.
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
	// Date on which the report was put together, on the client's clock.
	Date time.Time
	// Full says that the report holds every current state: rows it does not name are gone. Serials may then have gaps, since
	// states that were overwritten are not sent.
	Full     bool
	Messages []Message
}

// Receipt answers a report.
type Receipt struct {
	// Serial is the last serial number that has been taken over; messages up to it need not be sent again.
	Serial int64 `json:"serial"`
	// Resync asks for a full report: serials had a gap, or the client has gone back behind what it had reported (a restored
	// machine).
	Resync bool `json:"resync"`
}
