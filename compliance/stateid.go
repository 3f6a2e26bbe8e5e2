package compliance

// The state IDs of a message depend on its topic type; each topic type has its own Go type here, and Message.StateID holds the
// plain number: Message{StateID: int(ScanCompleted)}. The states of topic 500 are those of State. Numbers and words are those of
// the product's page "State messages in Configuration Manager" (and KB 4459394).

// AssignmentComplianceState is a state ID of AssignmentCompliance (300): whether a client complies with a deployment.
type AssignmentComplianceState int

// The states of topic type 300.
const (
	ComplianceUnknown AssignmentComplianceState = 0
	Compliant         AssignmentComplianceState = 1
	NonCompliant      AssignmentComplianceState = 2
	ConflictDetected  AssignmentComplianceState = 3 // older list only
)

// AssignmentEnforcementState is a state ID of AssignmentEnforcement (301): how far the installation of a deployment is.
type AssignmentEnforcementState int

// The states of topic type 301.
const (
	EnforcementUnknown                AssignmentEnforcementState = 0
	EnforcementInstalling             AssignmentEnforcementState = 1
	EnforcementWaitingForRestart      AssignmentEnforcementState = 2
	EnforcementWaitingForInstallation AssignmentEnforcementState = 3 // another installation is running
	EnforcementInstalled              AssignmentEnforcementState = 4 // ASSIGNMENT_ENFORCE_SUCCESS
	EnforcementPendingRestart         AssignmentEnforcementState = 5 // ASSIGNMENT_ENFORCE_PENDING_REBOOT
	EnforcementInstallFailed          AssignmentEnforcementState = 6
	EnforcementDownloading            AssignmentEnforcementState = 7
	EnforcementDownloaded             AssignmentEnforcementState = 8 // ASSIGNMENT_ENFORCE_ADVANCE_DOWNLOAD_SUCCESS
	EnforcementDownloadFailed         AssignmentEnforcementState = 9
	EnforcementWaitingForWindow       AssignmentEnforcementState = 10 // maintenance window
	EnforcementWaitingForOrchestrator AssignmentEnforcementState = 11 // third-party orchestrator
	EnforcementWaitingForSuperseding  AssignmentEnforcementState = 12
)

// AssignmentEvaluationState is a state ID of AssignmentEvaluation (302): the evaluation of a deployment's updates.
type AssignmentEvaluationState int

// The states of topic type 302.
const (
	EvaluationUnknown   AssignmentEvaluationState = 0
	EvaluationActivated AssignmentEvaluationState = 1
	EvaluationSucceeded AssignmentEvaluationState = 2 // ASSIGNMENT_EVALUATE_SUCCESS
	EvaluationFailed    AssignmentEvaluationState = 3
)

// CIEnforcementState is a state ID of CIEnforcement (402): how far the installation of one update is.
type CIEnforcementState int

// The states of topic type 402.
const (
	CIEnforcementUnknown       CIEnforcementState = 0
	CIEnforcementStarted       CIEnforcementState = 1
	CIWaitingForContent        CIEnforcementState = 2
	CIWaitingForInstallation   CIEnforcementState = 3 // another installation is running
	CIWaitingForWindow         CIEnforcementState = 4 // maintenance window
	CIRestartBeforeInstalling  CIEnforcementState = 5
	CIGeneralFailure           CIEnforcementState = 6
	CIPendingInstallation      CIEnforcementState = 7
	CIInstalling               CIEnforcementState = 8
	CIPendingRestart           CIEnforcementState = 9
	CIEnforcementSuccessful    CIEnforcementState = 10 // CI_ENFORCEMENT_SUCCESSFULL, product spelling
	CIEnforcementInstallFailed CIEnforcementState = 11
	CIDownloading              CIEnforcementState = 12
	CIDownloaded               CIEnforcementState = 13
	CIDownloadFailed           CIEnforcementState = 14
)

// UpdateSourceScanState is a state ID of UpdateSourceScan (501): where the scan against an update source is.
type UpdateSourceScanState int

// The states of topic type 501. Only ScanCompleted with a content version moves Computer.Scanned.
const (
	ScanUnknown             UpdateSourceScanState = 0
	ScanWaitingForCatalog   UpdateSourceScanState = 1 // catalog location or content
	ScanRunning             UpdateSourceScanState = 2
	ScanCompleted           UpdateSourceScanState = 3
	ScanPendingRetry        UpdateSourceScanState = 4
	ScanFailed              UpdateSourceScanState = 5
	ScanCompletedWithErrors UpdateSourceScanState = 6
)
