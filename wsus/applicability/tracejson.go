package applicability

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

type (
	traceForm struct {
		Rule       string          `json:"rule,omitempty"`
		Attributes []attributeForm `json:"attributes,omitempty"`
		Subkey     string          `json:"subkey,omitempty"`
		Truth      *Truth          `json:"truth,omitempty"`
		Skipped    bool            `json:"skipped,omitempty"`
		Reason     string          `json:"reason,omitempty"`
		Value      string          `json:"value,omitempty"`
		Error      *errorForm      `json:"error,omitempty"`
		Children   []*traceForm    `json:"children,omitempty"`
	}
	attributeForm struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	errorForm struct {
		Rule    string `json:"rule,omitempty"`
		Code    string `json:"code,omitempty"`
		Fact    string `json:"fact,omitempty"`
		Message string `json:"message"`
	}
)

// MarshalJSON writes the trace as an object with rule, attributes, subkey, truth (false, true or unknown; none for skipped parts),
// skipped, reason, value, error (rule, code in hexadecimal, fact, message) and children. What is empty is left out.
func (t *Trace) MarshalJSON() ([]byte, error) { return json.Marshal(t.form()) }

// form is the whole tree, so that it is written once and not once for each level above it.
func (t *Trace) form() *traceForm {
	form := &traceForm{Rule: t.Rule, Attributes: attributesOf(t.Attrs), Subkey: t.Subkey, Skipped: t.Skipped,
		Value: t.Value, Error: errorOf(t.Err)}
	if !t.Skipped {
		form.Truth, form.Reason = &t.Truth, t.Reason
	}
	for _, c := range t.Children {
		form.Children = append(form.Children, c.form())
	}
	return form
}

func attributesOf(attrs []metadata.Attr) []attributeForm {
	var forms []attributeForm
	for _, a := range attrs {
		forms = append(forms, attributeForm{a.Name, a.Value})
	}
	return forms
}

func errorOf(err error) *errorForm {
	if err == nil {
		return nil
	}
	form := &errorForm{Message: err.Error()}
	var typed *RuleError
	if errors.As(err, &typed) {
		form.Rule, form.Code, form.Fact = typed.Rule, fmt.Sprintf("0x%08X", uint32(typed.Code)), typed.Fact
	}
	return form
}
