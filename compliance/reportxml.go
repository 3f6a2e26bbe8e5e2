package compliance

import "encoding/xml"

// The layout of a state message report as the product's logs show it (KB "Track software update compliance assessment").
type wireReport struct {
	XMLName xml.Name   `xml:"Report"`
	Header  wireHeader `xml:"ReportHeader"`
	Body    wireBody   `xml:"ReportBody"`
}

type wireHeader struct {
	Machine wireMachine `xml:"Identification>Machine"`
	Details wireDetails `xml:"ReportDetails"`
}

type wireMachine struct {
	ClientInstalled int    `xml:"ClientInstalled"`
	ClientType      int    `xml:"ClientType"`
	ClientID        string `xml:"ClientID"`
	NetBIOSName     string `xml:"NetBIOSName"`
	Priority        int    `xml:"Priority"`
}

type wireDetails struct {
	Content string `xml:"ReportContent"`
	Type    string `xml:"ReportType"`
	Date    string `xml:"Date"`
	Version string `xml:"Version"`
	Format  string `xml:"Format"`
}

type wireBody struct {
	Messages []wireMessage `xml:"StateMessage"`
}

type wireMessage struct {
	Time       string         `xml:"MessageTime,attr"`
	Serial     int64          `xml:"SerialNumber,attr"`
	Topic      wireTopic      `xml:"Topic"`
	State      wireState      `xml:"State"`
	Parameters wireParameters `xml:"UserParameters"`
}

type wireTopic struct {
	ID      string `xml:"ID,attr"`
	Type    int    `xml:"Type,attr"`
	IDType  int    `xml:"IDType,attr"`
	User    string `xml:"User,attr"`
	UserSID string `xml:"UserSID,attr"`
}

type wireState struct {
	ID          int `xml:"ID,attr"`
	Criticality int `xml:"Criticality,attr"`
}

type wireParameters struct {
	Flags  int      `xml:"Flags,attr"`
	Count  int      `xml:"Count,attr"`
	Params []string `xml:"Param"`
}

const (
	reportContent = "State Message Data"
	typeFull      = "Full"
	typeDelta     = "Delta"
	reportVersion = "1.0"
)

// idType is Topic/@IDType: 1 a configuration item, 2 an assignment, 3 an update. The product's value for update sources is not
// known; 0 is written and any is read.
func (t TopicType) idType() int {
	switch t {
	case CIEnforcement:
		return 1
	case AssignmentCompliance, AssignmentEnforcement, AssignmentEvaluation:
		return 2
	case UpdateDetection:
		return 3
	default:
		return 0
	}
}
