package applicability

// Truth is a value of Kleene's logic. The zero value is False.
type Truth uint8

// The three values.
const (
	False Truth = iota
	True
	Unknown
)

// String returns false, true or unknown.
func (t Truth) String() string {
	switch t {
	case True:
		return "true"
	case Unknown:
		return "unknown"
	}
	return "false"
}

// MarshalText writes false, true or unknown.
func (t Truth) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// And is False as soon as one side is.
func (t Truth) And(u Truth) Truth {
	switch {
	case t == False || u == False:
		return False
	case t == Unknown || u == Unknown:
		return Unknown
	}
	return True
}

// Or is True as soon as one side is.
func (t Truth) Or(u Truth) Truth {
	switch {
	case t == True || u == True:
		return True
	case t == Unknown || u == Unknown:
		return Unknown
	}
	return False
}

// Not leaves Unknown as it is.
func (t Truth) Not() Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Result is what came of a rule.
type Result struct {
	Truth Truth
	// Reason says in words what decided.
	Reason string
	// Value is what the machine has, in words: the part of Reason that does not depend on what was asked for.
	Value string
	// Err is the *RuleError of a rule that cannot be judged, nil otherwise.
	Err error
}

// result is for rules that ask whether something is there.
func result(holds bool, reason string) Result {
	return Result{Truth: truth(holds), Reason: reason, Value: reason}
}

// compared is for rules that compare what the machine has with what they say.
func compared(holds bool, have, asked string) Result {
	reason := have + ", asked for " + asked
	return Result{Truth: truth(holds), Reason: reason, Value: reason[:len(have)]}
}
