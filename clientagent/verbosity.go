package clientagent

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// StateMessageVerbosity is how much clients tell of a deployment, the console's detail level of state messages. It is about topics 300 to
// 302 of the deployment and 402 of its updates, where the most talkative deployment of an update counts; scans and what they detect are
// always told. Which state belongs to which level is not published but for the pending restart; here it is what each constant says.
type StateMessageVerbosity int

// The levels, with the product's numbers but for its 0, NONE: zero in a policy that does not say is ALL.
const (
	// VerbosityNone tells nothing.
	VerbosityNone StateMessageVerbosity = -1
	// VerbosityErrors tells failures, and of a failure that was told that it is over. A pending restart is not reported (configmgr.md §7.6).
	VerbosityErrors StateMessageVerbosity = 1
	// VerbositySuccesses also tells results: compliance, that an evaluation or an installation succeeded, and a pending restart.
	VerbositySuccesses StateMessageVerbosity = 5
	// VerbosityAll also tells progress.
	VerbosityAll StateMessageVerbosity = 10
)

var verbosityNames = map[StateMessageVerbosity]string{
	VerbosityNone: "NONE", VerbosityErrors: "ERRORS", VerbositySuccesses: "SUCCESSES", 0: "ALL", VerbosityAll: "ALL",
}

// String is the product's name of the level.
func (v StateMessageVerbosity) String() string {
	if name, known := verbosityNames[v]; known {
		return name
	}
	return fmt.Sprintf("StateMessageVerbosity(%d)", int(v))
}

// level is the number to compare with.
func (v StateMessageVerbosity) level() StateMessageVerbosity {
	if v == 0 {
		return VerbosityAll
	}
	return v
}

// tells says whether a message is told that takes the place of the last one of its topic.
func (v StateMessageVerbosity) tells(m, last currentMessage) bool {
	return v.level() >= m.least() || v.level() >= VerbosityErrors && last.Failure && m.succeeds()
}

// stateVerbosity is the lowest level that tells a state of a topic; of what is not named, ALL.
var stateVerbosity = map[compliance.TopicType]map[int]StateMessageVerbosity{
	compliance.AssignmentCompliance: {
		int(compliance.ComplianceUnknown): VerbositySuccesses,
		int(compliance.Compliant):         VerbositySuccesses,
		int(compliance.NonCompliant):      VerbositySuccesses,
	},
	compliance.AssignmentEnforcement: {
		int(compliance.EnforcementInstalled):      VerbositySuccesses,
		int(compliance.EnforcementPendingRestart): VerbositySuccesses,
		int(compliance.EnforcementInstallFailed):  VerbosityErrors,
		int(compliance.EnforcementDownloadFailed): VerbosityErrors,
	},
	compliance.AssignmentEvaluation: {
		int(compliance.EvaluationSucceeded): VerbositySuccesses,
		int(compliance.EvaluationFailed):    VerbosityErrors,
	},
	compliance.CIEnforcement: {
		int(compliance.CIEnforcementSuccessful):    VerbositySuccesses,
		int(compliance.CIPendingRestart):           VerbositySuccesses,
		int(compliance.CIEnforcementInstallFailed): VerbosityErrors,
		int(compliance.CIDownloadFailed):           VerbosityErrors,
	},
}

// least is the lowest level that tells a message. One with a code is a failure, such as the wait for a window that will not come.
func (m currentMessage) least() StateMessageVerbosity {
	least, known := stateVerbosity[m.Topic.Type][m.State]
	switch {
	case m.Code != 0:
		return VerbosityErrors
	case !known:
		return VerbosityAll
	}
	return least
}

// succeeds says whether the message ends a failure of its topic.
func (m currentMessage) succeeds() bool {
	switch m.Topic.Type {
	case compliance.AssignmentEvaluation:
		return m.State == int(compliance.EvaluationSucceeded)
	case compliance.AssignmentEnforcement:
		return m.State == int(compliance.EnforcementInstalled)
	case compliance.CIEnforcement:
		return m.State == int(compliance.CIEnforcementSuccessful)
	}
	return false
}

// updateVerbosity is the level of the deployment of an update that tells most; without a deployment, all is told.
func (p Policy) updateVerbosity(id uuid.UUID) StateMessageVerbosity {
	if !slices.ContainsFunc(p.Deployments, func(d Deployment) bool { return d.StateMessageVerbosity.level() < VerbosityAll }) {
		return VerbosityAll
	}
	var most StateMessageVerbosity
	for _, d := range p.Deployments {
		if slices.Contains(d.Updates, id) && (most == 0 || d.StateMessageVerbosity.level() > most) {
			most = d.StateMessageVerbosity.level()
		}
	}
	return most
}

// tellUntold tells what a lower level of a deployment kept back.
func (c *changes) tellUntold(ctx context.Context, d Deployment) error {
	topics := []compliance.Topic{{Type: compliance.AssignmentCompliance, ID: d.ID.String()},
		{Type: compliance.AssignmentEnforcement, ID: d.ID.String()}, {Type: compliance.AssignmentEvaluation, ID: d.ID.String()}}
	for _, id := range d.Updates {
		topics = append(topics, compliance.Topic{Type: compliance.CIEnforcement, ID: id.String()})
	}
	for _, topic := range topics {
		var message currentMessage
		found, err := c.get(ctx, prefMessage+messageKey(topic), &message)
		if err != nil {
			return err
		}
		if !found || !message.Untold {
			continue
		}
		if err := c.tellAt(ctx, d.StateMessageVerbosity, message); err != nil {
			return err
		}
	}
	return nil
}
