package soap

import "strings"

// The fault codes of SOAP 1.1 §4.4.1.
const (
	ClientCode          = "Client"
	ServerCode          = "Server"
	VersionMismatchCode = "VersionMismatch"
)

// maxFaultText bounds each text of a fault that is read.
const maxFaultText = 64 << 10

// Fault is a SOAP 1.1 fault with the detail of the update services (MS-WUSP §2.2.2.4).
type Fault struct {
	Code   string // faultcode without prefix
	Reason string // faultstring
	Actor  string // faultactor; empty: omitted
	Detail Detail
}

// Detail of a Fault. Its elements are in no namespace.
type Detail struct {
	ErrorCode string
	Message   string
	ID        string // of this occurrence
	Method    string // SOAPAction with its quotes; empty: omitted
}

// Fault writes an envelope with a fault. The envelope is written with a prefix, so that no default namespace reaches the
// children of the detail.
func (w *Writer) Fault(form Form, f Fault) {
	name := form.prefix() + ":Fault"
	w.raw(form.head())
	w.Open(name)
	w.String("faultcode", form.prefix()+":"+f.Code)
	w.String("faultstring", f.Reason)
	w.StringIf("faultactor", f.Actor)
	w.Open("detail")
	w.String("ErrorCode", f.Detail.ErrorCode)
	if f.Detail.Message == "" {
		w.Empty("Message")
	} else {
		w.String("Message", f.Detail.Message)
	}
	w.String("ID", f.Detail.ID)
	w.StringIf("Method", f.Detail.Method)
	w.Close("detail")
	w.Close(name)
	w.raw(form.tail())
}

// ReadFault reads the fault that is the scanner's innermost open element. Any part may be missing, and some servers write
// Detail for detail.
func ReadFault(s *Scanner) (Fault, error) {
	var f Fault
	for s.Child() {
		switch name := string(s.Name()); {
		case name == "faultcode":
			f.Code = strings.TrimSpace(s.StringUpTo(maxFaultText))
			f.Code = f.Code[strings.LastIndexByte(f.Code, ':')+1:]
		case name == "faultstring":
			f.Reason = s.StringUpTo(maxFaultText)
		case name == "faultactor":
			f.Actor = s.StringUpTo(maxFaultText)
		case strings.EqualFold(name, "detail"):
			f.Detail = readDetail(s)
		default:
			s.Skip()
		}
	}
	return f, s.Err()
}

func readDetail(s *Scanner) Detail {
	var d Detail
	for s.Child() {
		switch string(s.Name()) {
		case "ErrorCode":
			d.ErrorCode = s.StringUpTo(maxFaultText)
		case "Message":
			d.Message = s.StringUpTo(maxFaultText)
		case "ID":
			d.ID = s.StringUpTo(maxFaultText)
		case "Method":
			d.Method = s.StringUpTo(maxFaultText)
		default:
			s.Skip()
		}
	}
	return d
}
