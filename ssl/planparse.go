package ssl

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Bounds of a plan as data.
const (
	maxPlan      = 1 << 20
	maxPlanSteps = 1000
)

// ErrPlan says that data are no plan, or one that this package would not have made.
var ErrPlan = errors.New("not a usable plan")

// ParsePlan reads a plan that was written as JSON, to be looked at and applied later: at most 1 MiB and 1000 steps. The commands, scripts
// and edits in it are not believed but made anew from the settings and what they should be, so that a changed file cannot run something
// else.
func ParsePlan(data []byte) (Plan, error) {
	if len(data) > maxPlan {
		return Plan{}, fmt.Errorf("%w: it has %d bytes of at most %d", ErrPlan, len(data), maxPlan)
	}
	// What is made anew is not read.
	var file struct {
		Plan
		Steps []struct {
			Step
			Check json.RawMessage `json:"check"`
			Do    json.RawMessage `json:"do"`
			Edit  json.RawMessage `json:"edit"`
		} `json:"steps"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return Plan{}, fmt.Errorf("%w: %w", ErrPlan, err)
	}
	if len(file.Steps) > maxPlanSteps {
		return Plan{}, fmt.Errorf("%w: it has %d steps of at most %d", ErrPlan, len(file.Steps), maxPlanSteps)
	}
	m := &planner{plan: file.Plan}
	if err := m.plan.validate(); err != nil {
		return Plan{}, fmt.Errorf("%w: %w", ErrPlan, err)
	}
	for i, entry := range file.Steps {
		step := entry.Step
		err := step.validate(m.plan)
		if slices.ContainsFunc(m.plan.Steps, func(s Step) bool { return s.ID == step.ID }) {
			err = fmt.Errorf("its id %q is there twice", step.ID)
		}
		if err != nil {
			return Plan{}, fmt.Errorf("%w: step %d: %w", ErrPlan, i+1, err)
		}
		m.add(step)
	}
	if m.err != nil {
		return Plan{}, fmt.Errorf("%w: %w", ErrPlan, m.err)
	}
	return m.plan, nil
}

// validate holds the head of a plan to what its commands need.
func (p Plan) validate() error {
	return Journal{Version: journalVersion, Site: p.Site, Name: p.Name, Ports: p.Ports, Tools: p.Tools}.validate()
}

func (s Step) validate(p Plan) error {
	switch {
	case s.ID == "":
		return errors.New("its id is missing")
	case s.Setting == nil && s.Manual:
		return nil
	case s.Setting == nil:
		return errors.New("it is not manual and changes nothing")
	}
	if err := s.Setting.validate(); err != nil {
		return err
	}
	return s.Setting.validateWant(s.Want, p)
}
