package applicability

import (
	"encoding/json"

	"github.com/google/uuid"
)

type (
	impactForm struct {
		Machines int                `json:"machines"`
		Updates  []updateImpactForm `json:"updates"`
		Missing  []gapForm          `json:"missing"`
		Faults   []gapForm          `json:"faults,omitempty"`
		Damaged  []damageForm       `json:"damaged,omitempty"`
	}
	updateImpactForm struct {
		ID            uuid.UUID `json:"id"`
		Revision      int32     `json:"revision"`
		Title         string    `json:"title,omitempty"`
		Required      int       `json:"required"`
		Installed     int       `json:"installed"`
		NotApplicable int       `json:"notApplicable"`
		Superseded    int       `json:"superseded"`
		Unknown       int       `json:"unknown"`
	}
	gapForm struct {
		Fact     string   `json:"fact,omitempty"`
		Fault    string   `json:"fault,omitempty"`
		Settles  int      `json:"settles"`
		Involved int      `json:"involved"`
		Machines int      `json:"machines"`
		Examples []string `json:"examples"`
	}
	damageForm struct {
		Machine string `json:"machine"`
		Error   string `json:"error"`
	}
)

// MarshalJSON writes the impact as an object with machines, updates (id, revision, title, and the counts required, installed,
// notApplicable, superseded and unknown) and missing (fact, settles, involved, machines and examples), and where there are some
// faults (fault in place of fact) and damaged (machine and error).
func (m *Impact) MarshalJSON() ([]byte, error) {
	form := impactForm{Machines: m.Machines, Updates: []updateImpactForm{}, Missing: []gapForm{}}
	for _, u := range m.Updates {
		form.Updates = append(form.Updates, updateImpactForm{u.Update.UpdateID, u.Update.Revision, u.Title,
			u.Required, u.Installed, u.NotApplicable, u.Superseded, u.Unknown})
	}
	for _, g := range m.Missing {
		form.Missing = append(form.Missing, gapForm(g))
	}
	for _, g := range m.Faults {
		form.Faults = append(form.Faults, gapForm(g))
	}
	for _, d := range m.Damaged {
		form.Damaged = append(form.Damaged, damageForm{d.Machine, d.Err.Error()})
	}
	return json.Marshal(form)
}
