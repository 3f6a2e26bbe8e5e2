package applicability

import (
	"encoding/json"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

type (
	explanationForm struct {
		ID            uuid.UUID           `json:"id"`
		Revision      int32               `json:"revision"`
		Type          metadata.UpdateType `json:"type,omitempty"`
		Title         string              `json:"title,omitempty"`
		State         State               `json:"state"`
		Reason        string              `json:"reason,omitempty"`
		Error         *errorForm          `json:"error,omitempty"`
		SupersededBy  *uuid.UUID          `json:"supersededBy,omitempty"`
		Superseders   []*explanationForm  `json:"superseders,omitempty"`
		Repeated      bool                `json:"repeated,omitempty"`
		TooDeep       bool                `json:"tooDeep,omitempty"`
		Prerequisites []clauseForm        `json:"prerequisites,omitempty"`
		Rules         []ruleForm          `json:"rules,omitempty"`
		Bundled       []clauseForm        `json:"bundled,omitempty"`
		Missing       []string            `json:"missing,omitempty"`
	}
	ruleForm struct {
		Name  string     `json:"name"`
		Trace *traceForm `json:"trace"`
	}
	clauseForm struct {
		State   *State              `json:"state,omitempty"`
		Reason  string              `json:"reason,omitempty"`
		Skipped bool                `json:"skipped,omitempty"`
		Members []*explanationForm  `json:"members,omitempty"`
		Others  int                 `json:"others,omitempty"`
		Unknown []metadata.Identity `json:"unknown,omitempty"`
	}
)

// MarshalJSON writes the explanation as an object with id, revision, type, title, state and reason, and where there are some error,
// supersededBy, superseders, repeated, tooDeep, prerequisites, rules, bundled and missing. What is empty is left out.
func (x *Explanation) MarshalJSON() ([]byte, error) { return json.Marshal(x.form()) }

func (x *Explanation) form() *explanationForm {
	form := &explanationForm{ID: x.Update.UpdateID, Revision: x.Update.Revision, Type: x.Type, Title: x.Title,
		State: x.Verdict.State, Reason: x.Verdict.Reason, Error: errorOf(x.Verdict.Err),
		Superseders: formsOf(x.Superseders), Repeated: x.Repeated, TooDeep: x.TooDeep,
		Prerequisites: clausesOf(x.Prerequisites), Bundled: clausesOf(x.Bundled), Missing: x.Missing()}
	if x.SupersededBy != uuid.Nil {
		form.SupersededBy = &x.SupersededBy
	}
	for _, r := range x.Rules {
		form.Rules = append(form.Rules, ruleForm{r.Name, r.Trace.form()})
	}
	return form
}

func formsOf(list []*Explanation) []*explanationForm {
	var forms []*explanationForm
	for _, x := range list {
		forms = append(forms, x.form())
	}
	return forms
}

func clausesOf(clauses []ExplainedClause) []clauseForm {
	var forms []clauseForm
	for _, c := range clauses {
		form := clauseForm{Reason: c.Reason, Skipped: c.Skipped, Members: formsOf(c.Members), Others: c.Others, Unknown: c.Unknown}
		if !c.Skipped {
			form.State = &c.State
		}
		forms = append(forms, form)
	}
	return forms
}
