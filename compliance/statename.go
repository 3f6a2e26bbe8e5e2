package compliance

import "fmt"

// StateName returns the product's words for a state ID of the topic type, as v_StateNames has them, and "" when the topic type
// has no such state here.
func (t TopicType) StateName(id int) string {
	names := t.stateNames()
	if id < 0 || id >= len(names) {
		return ""
	}
	return names[id]
}

// String returns the name of the product's constant after STATE_TOPICTYPE_.
func (t TopicType) String() string {
	switch t {
	case AssignmentCompliance:
		return "SUM_ASSIGNMENT_COMPLIANCE"
	case AssignmentEnforcement:
		return "SUM_ASSIGNMENT_ENFORCEMENT"
	case AssignmentEvaluation:
		return "SUM_ASSIGNMENT_EVALUATION"
	case CIEnforcement:
		return "SUM_CI_ENFORCEMENT"
	case UpdateDetection:
		return "SUM_UPDATE_DETECTION"
	case UpdateSourceScan:
		return "SUM_UPDATE_SOURCE_SCAN"
	case ResyncStateMsg:
		return "RESYNC_STATE_MSG"
	default:
		return fmt.Sprintf("TopicType(%d)", int(t))
	}
}

// stateNames lists the words by state ID: the IDs of every topic type are dense from 0.
func (t TopicType) stateNames() []string {
	switch t {
	case AssignmentCompliance:
		return []string{"Compliance state unknown", "Compliant", "Non-compliant", "Conflict detected"}
	case AssignmentEnforcement:
		return []string{"Enforcement state unknown", "Installing update(s)", "Waiting for restart",
			"Waiting for another installation to complete", "Successfully installed update(s)", "Pending system restart",
			"Failed to install update(s)", "Downloading update(s)", "Downloaded update(s)", "Failed to download update(s)",
			"Waiting for maintenance window before installing", "Waiting for orchestration", "Waiting for superseding update"}
	case AssignmentEvaluation:
		return []string{"Evaluation state unknown", "Evaluation activated", "Evaluation succeeded", "Evaluation failed"}
	case CIEnforcement:
		return []string{"Enforcement state unknown", "Enforcement started", "Enforcement waiting for content",
			"Waiting for another installation to complete", "Waiting for maintenance window before installing",
			"Restart required before installing", "General failure", "Pending installation", "Installing update",
			"Pending system restart", "Successfully installed update", "Failed to install update", "Downloading update",
			"Downloaded update", "Failed to download update"}
	case UpdateDetection:
		return []string{"Detection state unknown", "Update is not required", "Update is required", "Update is installed"}
	case UpdateSourceScan:
		return []string{"Scan state unknown", "Scan is waiting for catalog location", "Scan is running", "Scan completed",
			"Scan is pending retry", "Scan failed", "Scan completed with errors"}
	default:
		return nil
	}
}

// String returns the product's words.
func (s AssignmentComplianceState) String() string {
	switch s {
	case Compliant:
		return "Compliant"
	case NonCompliant:
		return "Non-compliant"
	case ConflictDetected:
		return "Conflict detected"
	default:
		return "Unknown"
	}
}

// MarshalText writes the state for JSON: unknown, compliant, nonCompliant, conflict.
func (s AssignmentComplianceState) MarshalText() ([]byte, error) {
	switch s {
	case ComplianceUnknown:
		return []byte("unknown"), nil
	case Compliant:
		return []byte("compliant"), nil
	case NonCompliant:
		return []byte("nonCompliant"), nil
	case ConflictDetected:
		return []byte("conflict"), nil
	default:
		return nil, fmt.Errorf("assignment compliance state %d does not exist", int(s))
	}
}
