package ssl

// State is what Verify found at a root.
type State string

// The states. All but Ready need an administrator; the text of RootState.Remedy tells what to do.
const (
	// Ready: the root answers where it must and, if it requires SSL, nowhere else. That is the channel; what a service behind it
	// can do is another question, and Detail says when it is not built.
	Ready State = "Ready"
	// NotSecured: a root that must require SSL answered plain HTTP with something else than 403.
	NotSecured State = "NotSecured"
	// Blocked: the root answered 403 on a scheme where it must answer, such as content over plain HTTP.
	Blocked State = "Blocked"
	// CertificateInvalid: TLS answered, and an agent would not trust it.
	CertificateInvalid State = "CertificateInvalid"
	// Missing: the web site answers 404, so the root or its service is not there.
	Missing State = "Missing"
	// Failing: the web site answers with a server error.
	Failing State = "Failing"
	// Unreachable: nobody answered at the port, or not in HTTP.
	Unreachable State = "Unreachable"
)

// Report is what Verify found, root by root, in the order of [Roots].
type Report struct {
	Roots []RootState
}

// OK says that every root is ready.
func (r Report) OK() bool {
	for _, root := range r.Roots {
		if root.State != Ready {
			return false
		}
	}
	return len(r.Roots) > 0
}

// Faults returns the roots that are not ready.
func (r Report) Faults() []RootState {
	var faults []RootState
	for _, root := range r.Roots {
		if root.State != Ready {
			faults = append(faults, root)
		}
	}
	return faults
}

// RootState is the state of one root.
type RootState struct {
	Name  string
	State State
	// Detail is what was seen on both schemes.
	Detail string
	// Remedy says in an administrator's words what to do; empty when ready.
	Remedy string
}
