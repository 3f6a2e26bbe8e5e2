package clientagent

// Codes of LastEnforcementErrorCode and of state messages: HRESULTs as signed 32-bit numbers (Configuration Manager's
// software updates error table; the 0x8024xxxx ones are Windows Update's).
const (
	CodeExecutionTimeout     int32 = -2016409844 // 0x87D0070C
	CodeGroupPolicyConflict  int32 = -2016409966 // 0x87D00692
	CodeStillActionable      int32 = -2016410008 // 0x87D00668
	CodeNothingToProcess     int32 = -2016410011 // 0x87D00665
	CodeJobCancelled         int32 = -2016410012 // 0x87D00664
	CodeInternal             int32 = -2016410026 // 0x87D00656
	CodePostInstallScan      int32 = -2016410031 // 0x87D00651
	CodePreInstallScan       int32 = -2016410032 // 0x87D00650
	CodeDocumentsTimeout     int32 = -2016411012 // 0x87D0027C
	CodeNoSpaceForContent    int32 = -2016407039 // 0x87D01201
	CodeServerValueMissing   int32 = -2145107951 // 0x80244011
	CodeOperationCancelled   int32 = -2145124341 // 0x8024000B
	CodeDiskFull             int32 = -2147024784 // 0x80070070
	CodeUnknownHandler       int32 = -2145116158 // 0x80242002
	CodeInvalidMetadata      int32 = -2145116154 // 0x80242006
	CodeInstallerFailure     int32 = -2145116149 // 0x8024200B
	CodeURLNotAvailable      int32 = -2145099775 // 0x80246001
	CodeIncorrectHash        int32 = -2145099774 // 0x80246002
	CodeNotDownloaded        int32 = -2145099769 // 0x80246007
	CodeTooManyServerTrips   int32 = -2145107952 // 0x80244010
	CodeCannotConnect        int32 = -2147012867 // 0x80072EFD
	CodeRequestTimeout       int32 = -2145107940 // 0x8024401C
	CodeServiceUnavailable   int32 = -2145107934 // 0x80244022
	CodeSOAPFault            int32 = -2145107961 // 0x80244007
	CodeSOAPAnswerUnreadable int32 = -2145107958 // 0x8024400A
)

// Status messages of the client that say why an update does not install, where there is no HRESULT (LastEnforcementStatusMsgID).
const (
	// StatusRunTimeExceeded is the status message of an installation that ended with CodeExecutionTimeout.
	StatusRunTimeExceeded int32 = 11709
	// StatusContentExceedsFreeCache and StatusContentExceedsCache are in CacheStatus only: updates are fetched and installed all the same.
	StatusContentExceedsFreeCache int32 = 11704
	StatusContentExceedsCache     int32 = 11705
	// StatusNoWindow comes with state 402/4 and 301/10 in place of a code.
	StatusNoWindow int32 = 11717
)

// CodeMeaning puts a code of this package, or one that its scans and downloads end with, in words; it is empty for any other code.
func CodeMeaning(code int32) string {
	switch code {
	case StatusRunTimeExceeded:
		return "exceeded the allowed run time"
	case StatusContentExceedsFreeCache:
		return "content is larger than the free cache"
	case StatusContentExceedsCache:
		return "content is larger than the total cache"
	case StatusNoWindow:
		return "no current or future maintenance window is long enough"
	case CodeExecutionTimeout:
		return "software update execution timed out"
	case CodeGroupPolicyConflict:
		return "group policy conflict"
	case CodeStillActionable:
		return "software update still detected as actionable after apply"
	case CodeNothingToProcess:
		return "no updates to process in the job"
	case CodeJobCancelled:
		return "updates handler job was cancelled"
	case CodeInternal:
		return "updates handler failed: generic internal error"
	case CodePostInstallScan:
		return "post-install scan failed"
	case CodePreInstallScan:
		return "pre-install scan failed"
	case CodeDocumentsTimeout:
		return "download of CI documents timed out"
	case CodeNoSpaceForContent:
		return "not enough cache or disk space for the content"
	case CodeServerValueMissing:
		return "WUServer policy value is missing"
	case CodeOperationCancelled:
		return "operation was cancelled"
	case CodeDiskFull:
		return "disk is full"
	case CodeUnknownHandler:
		return "kind of installation is not known"
	case CodeInvalidMetadata:
		return "metadata of the update is not valid"
	case CodeInstallerFailure:
		return "installer failed"
	case CodeURLNotAvailable:
		return "no location for a file"
	case CodeIncorrectHash:
		return "file does not have its hash"
	case CodeNotDownloaded:
		return "file was not downloaded"
	case CodeTooManyServerTrips:
		return "too many round trips to the server"
	case CodeCannotConnect:
		return "cannot connect to the server"
	case CodeRequestTimeout:
		return "server did not answer in time"
	case CodeServiceUnavailable:
		return "server is temporarily unavailable"
	case CodeSOAPFault:
		return "server answered with a SOAP fault"
	case CodeSOAPAnswerUnreadable:
		return "answer of the server is not readable"
	case codeTimeout:
		return "operation timed out"
	case codeConnectionAborted:
		return "connection to the server was aborted"
	case codeSecureFailure:
		return "certificate or secure channel of the server is not trusted"
	case codeNameNotResolved:
		return "name of the server or its proxy cannot be resolved"
	}
	return statusMeaning(code)
}
