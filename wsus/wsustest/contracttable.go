package wsustest

import "strings"

// contract says what the types of answers hold, in order (MS-WUSP §6). A field is name:type; ! marks what must be there, by the schema or by
// the text, and * what may come several times.
var contract = map[string]string{
	"GetConfigResponse":                "GetConfigResult:Config!",
	"GetConfig2Response":               "GetConfig2Result:Config!",
	"GetCookieResponse":                "GetCookieResult:Cookie!",
	"RegisterComputerResponse":         "",
	"StartCategoryScanResponse":        "preferredCategoryIds:ArrayOfGuid requestedCategoryIdsInError:ArrayOfGuid",
	"SyncUpdatesResponse":              "SyncUpdatesResult:SyncInfo!",
	"SyncPrinterCatalogResponse":       "SyncPrinterCatalogResult:SyncInfo!",
	"RefreshCacheResponse":             "RefreshCacheResult:ArrayOfRefreshCacheResult!",
	"GetExtendedUpdateInfoResponse":    "GetExtendedUpdateInfoResult:ExtendedUpdateInfo!",
	"GetExtendedUpdateInfo2Response":   "GetExtendedUpdateInfo2Result:ExtendedUpdateInfo2!",
	"GetFileLocationsResponse":         "GetFileLocationsResult:GetFileLocationsResults!",
	"GetAuthorizationCookieResponse":   "GetAuthorizationCookieResult:AuthorizationCookie!",
	"ReportEventBatchResponse":         "ReportEventBatchResult:boolean!",
	"ReportEventBatch2Response":        "ReportEventBatch2Result:boolean!",
	"GetRequiredInventoryTypeResponse": "GetRequiredInventoryTypeResult:int!",
	"ReportInventoryResponse":          "ReportInventoryResult:boolean!",

	"Config": "LastChange:dateTime! IsRegistrationRequired:boolean! AuthInfo:ArrayOfAuthPlugInInfo! AllowedEventIds:ArrayOfInt " +
		"Properties:ArrayOfConfigurationProperty!",
	"ArrayOfAuthPlugInInfo":        "AuthPlugInInfo:AuthPlugInInfo*",
	"AuthPlugInInfo":               "PlugInID:string! ServiceUrl:string! Parameter:string",
	"ArrayOfConfigurationProperty": "ConfigurationProperty:ConfigurationProperty*",
	"ConfigurationProperty":        "Name:string! Value:string!",
	"Cookie":                       "Expiration:dateTime! EncryptedData:base64Binary!",
	"AuthorizationCookie":          "PlugInId:string! CookieData:base64Binary!",

	"SyncInfo": "NewUpdates:ArrayOfUpdateInfo OutOfScopeRevisionIDs:ArrayOfInt ChangedUpdates:ArrayOfUpdateInfo Truncated:boolean! " +
		"NewCookie:Cookie! DeployedOutOfScopeRevisionIds:ArrayOfInt DriverSyncNotNeeded:string",
	"ArrayOfUpdateInfo": "UpdateInfo:UpdateInfo*",
	"UpdateInfo":        "ID:int! Deployment:Deployment! IsLeaf:boolean! Xml:string",
	"Deployment": "ID:int! Action:DeploymentAction! Deadline:dateTime IsAssigned:boolean! LastChangeTime:date! DownloadPriority:string " +
		"HardwareIds:ArrayOfString AutoSelect:string AutoDownload:string SupersedenceBehavior:string FlagBitmask:string " +
		"ClientBehaviors:any",
	"ArrayOfRefreshCacheResult": "RefreshCacheResult:RefreshCacheResult*",
	"RefreshCacheResult":        "RevisionID:int! GlobalID:UpdateIdentity! IsLeaf:boolean! Deployment:Deployment!",
	"UpdateIdentity":            "UpdateID:guid! RevisionNumber:int!",

	"ExtendedUpdateInfo": "Updates:ArrayOfUpdate FileLocations:ArrayOfFileLocation OutOfScopeRevisionIDs:ArrayOfInt",
	"ExtendedUpdateInfo2": "Updates:ArrayOfUpdate2 FileLocations:ArrayOfFileLocation FileDecryptionData:any FileDecryptionData2:any " +
		"UpdateEncryptionDetails:any",
	"ArrayOfUpdate":       "Update:Update*",
	"Update":              "ID:int! Xml:string!",
	"ArrayOfUpdate2":      "Update:any*",
	"ArrayOfFileLocation": "FileLocation:FileLocation*",
	"FileLocation": "FileDigest:base64Binary! Url:string! PiecesHashUrl:string BlockMapUrl:string DecryptionInformation:string " +
		"EsrpDecryptionInformation:string FileDigestAlgorithm:string EncryptedFileDigest:base64Binary EncryptedFileDigestAlgorithm:string",
	"GetFileLocationsResults": "FileLocations:ArrayOfFileLocation NewCookie:Cookie",

	"ArrayOfInt":    "int:int*",
	"ArrayOfString": "string:string*",
	"ArrayOfGuid":   "guid:guid*",
}

// contractField is one field of a type.
type contractField struct {
	name, kind     string
	required, many bool
}

func contractFields(text string) []contractField {
	var fields []contractField
	for word := range strings.FieldsSeq(text) {
		var f contractField
		f.name, f.kind, _ = strings.Cut(word, ":")
		f.required = strings.HasSuffix(f.kind, "!")
		f.many = strings.HasSuffix(f.kind, "*")
		f.kind = strings.TrimRight(f.kind, "!*")
		fields = append(fields, f)
	}
	return fields
}
