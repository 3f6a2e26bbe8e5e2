package applicability

import "github.com/google/uuid"

// Logic says what becomes of a rule that cannot be judged.
type Logic uint8

// The two logics. Inside of a rule they agree: a part that cannot be judged leaves And and Or to the other parts. They differ in
// what is made of the whole.
const (
	// TwoValued is how agents judge, and the default. A rule that cannot be judged is an error: it does not hold, its Err says
	// why, and its update is not offered. The update is [NotApplicable] and nothing that depends on it is installed through it.
	TwoValued Logic = iota
	// ThreeValued keeps such a rule [Unknown] and its update [Undecided], with all that depends on it.
	ThreeValued
)

// String returns two-valued or three-valued.
func (l Logic) String() string {
	if l == ThreeValued {
		return "three-valued"
	}
	return "two-valued"
}

// settle gives a judged rule the truth that it has in this logic.
func (l Logic) settle(r Result) Result {
	if l == TwoValued && r.Truth == Unknown {
		r.Truth = False
	}
	return r
}

// verdict gives a judged update the state that it has in this logic.
func (l Logic) verdict(v Verdict) Verdict {
	if l == TwoValued && v.State == Undecided {
		v.State = NotApplicable
	}
	return v
}

// Options of an evaluation. The zero value judges as agents do.
type Options struct {
	Logic Logic
	// Rules lets scans share what they learn of the documents; nil lets each scan learn it anew. Only a [Scan] uses it.
	Rules *Rulebook
	// Update is the update that the rule belongs to; only InstalledOnce asks for it. A [Scan] sets it itself.
	Update uuid.UUID
}
