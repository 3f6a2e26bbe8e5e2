package applicability

import (
	"errors"
	"fmt"
)

// ErrNotFound is what Facts answer for a key, file, product or package that is not there.
var ErrNotFound = errors.New("not found")

// ErrUnknownUpdate answers a question about an update that was never added to the scan.
var ErrUnknownUpdate = errors.New("update is not known to this scan")

// MaxDepth bounds how deep rules and bundles nest; a deeper one is Unknown.
const MaxDepth = 1000

// MaxExplained bounds how deep an [Explanation] follows prerequisites and members. Real catalogues have about ten levels.
const MaxExplained = 100

// The error codes of the product's expression evaluator.
const (
	ExpressionUnrecognised int32 = -0x7FDB1FFF // 0x8024E001
	ExpressionInvalid      int32 = -0x7FDB1FFE // 0x8024E002
	MetadataMissing        int32 = -0x7FDB1FFD // 0x8024E003
	AttributeInvalid       int32 = -0x7FDB1FFA // 0x8024E006
	ClusterStateUnknown    int32 = -0x7FDB1FF9 // 0x8024E007
	ExpressionUnexpected   int32 = -0x7FDB1001 // 0x8024EFFF
)

// RuleError says why a rule is Unknown.
type RuleError struct {
	// Rule is the name of the element, such as RegDword.
	Rule string
	// Code is what the product reports for the same.
	Code int32
	// Fact names what the machine does not tell, as snapshots have it: "system.processors", "history", "wmi root\cimv2: SELECT …".
	// It is empty where no fact would help, because the rule itself is wrong or not documented.
	Fact string
	Err  error
}

// Error names the rule and the cause.
func (e *RuleError) Error() string { return fmt.Sprintf("%s: %v", e.Rule, e.Err) }

// Unwrap returns the cause.
func (e *RuleError) Unwrap() error { return e.Err }

// fault is a cause with its code, before the rule's name is put to it.
type fault struct {
	code int32
	fact string
	err  error
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

func faultf(code int32, format string, args ...any) error {
	return &fault{code: code, err: fmt.Errorf(format, args...)}
}

// untold is the cause of a rule that a fact is missing for.
func untold(fact, format string, args ...any) error {
	return &fault{code: ExpressionUnexpected, fact: fact, err: fmt.Errorf(format, args...)}
}

// unread is the cause of a rule that a fact could not be read for; nil stays nil.
func unread(fact string, err error) error {
	if err == nil {
		return nil
	}
	return &fault{code: ExpressionUnexpected, fact: fact, err: err}
}
