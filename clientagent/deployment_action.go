package clientagent

import (
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"
)

// AssignmentAction is what clients do with a deployment, with the product's numbers.
type AssignmentAction int

const (
	// ActionDetect only finds out whether the updates are missing, and reports it.
	ActionDetect AssignmentAction = 1
	// ActionApply also installs them. Zero means the same.
	ActionApply AssignmentAction = 2
)

// String is the product's name of the action.
func (a AssignmentAction) String() string {
	switch a {
	case ActionDetect:
		return "DETECT"
	case 0, ActionApply:
		return "APPLY"
	}
	return fmt.Sprintf("AssignmentAction(%d)", int(a))
}

// applies says whether the deployment has clients install its updates.
func (d Deployment) applies() bool { return d.AssignmentAction != ActionDetect }

// checkAction refuses what only matters to an installation for a deployment that installs nothing.
func (o DeploymentOptions) checkAction(required bool) error {
	if o.AssignmentAction < 0 || o.AssignmentAction > ActionApply {
		return fmt.Errorf("assignment action %d is neither %d (detect) nor %d (apply)", o.AssignmentAction, ActionDetect, ActionApply)
	}
	if o.AssignmentAction != ActionDetect {
		return nil
	}
	var faults *multierror.Error
	if required {
		faults = multierror.Append(faults, errors.New("a deployment that only detects installs nothing: leave its deadline out"))
	}
	if o.PreDownload {
		faults = multierror.Append(faults, errors.New("a deployment that only detects downloads nothing: leave pre-download out"))
	}
	if o.SuppressReboot != 0 || o.ReevaluateAfterRestart {
		faults = multierror.Append(faults, errors.New("a deployment that only detects restarts nothing: leave out what is to be done about restarts"))
	}
	return faults.ErrorOrNil()
}
