package clientsync_test

import "github.com/seed599db172/softwareupdates/wsus/clientsync"

// contract is a service's messages: element of the body to type.
type contract struct {
	namespace string
	messages  map[string]string
}

// contracts are the sixteen operations that are served (MS-WUSP §2.2.2, WSDLs in §6). The children of every message are in the
// namespace of its service, though §2.2.3 has the common types in another (the WSDLs and both real ends do not).
var contracts = []contract{
	{clientsync.SimpleAuthNamespace, map[string]string{
		"GetAuthorizationCookie":         "GetAuthorizationCookie", // §2.2.2.1.1
		"GetAuthorizationCookieResponse": "GetAuthorizationCookieResponse",
	}},
	{clientsync.ClientNamespace, map[string]string{
		"GetConfig": "GetConfig", "GetConfigResponse": "GetConfigResponse", // §2.2.2.2.1
		"GetCookie": "GetCookie", "GetCookieResponse": "GetCookieResponse", // §2.2.2.2.2
		"RegisterComputer": "RegisterComputer", "RegisterComputerResponse": "RegisterComputerResponse", // §2.2.2.2.3
		"SyncUpdates": "SyncUpdates", "SyncUpdatesResponse": "SyncUpdatesResponse", // §2.2.2.2.4
		"RefreshCache": "RefreshCache", "RefreshCacheResponse": "RefreshCacheResponse", // §2.2.2.2.5
		"GetExtendedUpdateInfo": "GetExtendedUpdateInfo", "GetExtendedUpdateInfoResponse": "GetExtendedUpdateInfoResponse", // §2.2.2.2.6
		"GetFileLocations": "GetFileLocations", "GetFileLocationsResponse": "GetFileLocationsResponse", // §2.2.2.2.7
		"StartCategoryScan": "StartCategoryScan", "StartCategoryScanResponse": "StartCategoryScanResponse", // §2.2.2.2.8
		"SyncPrinterCatalog": "SyncPrinterCatalog", "SyncPrinterCatalogResponse": "SyncPrinterCatalogResponse", // §2.2.2.2.9
		"GetExtendedUpdateInfo2": "GetExtendedUpdateInfo2", "GetExtendedUpdateInfo2Response": "GetExtendedUpdateInfo2Response", // §2.2.2.2.10
		"GetConfig2": "GetConfig2", "GetConfig2Response": "GetConfig2Response", // Microsoft's newer contract
		"GetTimestamps": "GetTimestamps", "GetTimestampsResponse": "GetTimestampsResponse", // Microsoft's newer contract
	}},
	{clientsync.ReportingNamespace, map[string]string{
		"ReportEventBatch": "ReportEventBatch", "ReportEventBatchResponse": "ReportEventBatchResponse", // §2.2.2.3.1
		"ReportEventBatch2": "ReportEventBatch2", "ReportEventBatch2Response": "ReportEventBatch2Response", // §6.3
		"GetRequiredInventoryType": "GetRequiredInventoryType", "GetRequiredInventoryTypeResponse": "GetRequiredInventoryTypeResponse",
		"ReportInventory": "ReportInventory", "ReportInventoryResponse": "ReportInventoryResponse",
	}},
}

// contractTypes has each type's children in order, one a line: name, type, occurrence. No occurrence is exactly once.
//
//	?     [0..1]
//	!     [0..1] in the WSDL, yet the text demands it
//	*     [0..n]
//	nil   may be nil
//	newer not in the published WSDL, but written by agents of today or in Microsoft's newer contract; it may be absent
var contractTypes = map[string]string{
	// SimpleAuth, §2.2.2.1.1
	"GetAuthorizationCookie":         `clientId string ! | targetGroupName string ? | dnsName string !`,
	"GetAuthorizationCookieResponse": `GetAuthorizationCookieResult AuthorizationCookie !`,

	// GetConfig, §2.2.2.2.1
	"GetConfig":         `protocolVersion string ?`,
	"GetConfigResponse": `GetConfigResult Config !`,
	"Config": `LastChange dateTime | IsRegistrationRequired boolean | AuthInfo ArrayOfAuthPlugInInfo ! |
		AllowedEventIds ArrayOfInt ? | Properties ArrayOfConfigurationProperty !`,
	"ArrayOfAuthPlugInInfo":        `AuthPlugInInfo AuthPlugInInfo * nil`,
	"AuthPlugInInfo":               `PlugInID string ! | ServiceUrl string ! | Parameter string ?`,
	"ArrayOfConfigurationProperty": `ConfigurationProperty ConfigurationProperty * nil`,
	"ConfigurationProperty":        `Name string ? | Value string ?`,

	// GetCookie, §2.2.2.2.2. The first oldCookie of an agent has no EncryptedData.
	"GetCookie": `authCookies ArrayOfAuthorizationCookie ! | oldCookie OldCookie ? | lastChange dateTime |
		currentTime dateTime | protocolVersion string !`,
	"GetCookieResponse":          `GetCookieResult Cookie !`,
	"ArrayOfAuthorizationCookie": `AuthorizationCookie AuthorizationCookie * nil`,

	// RegisterComputer, §2.2.2.2.3
	"RegisterComputer":         `cookie Cookie ! | computerInfo ComputerInfo !`,
	"RegisterComputerResponse": ``,
	"ComputerInfo": `DnsName string ! | OSMajorVersion int | OSMinorVersion int | OSBuildNumber int |
		OSServicePackMajorNumber short | OSServicePackMinorNumber short | OSLocale string ? |
		ComputerManufacturer string ? | ComputerModel string ? | BiosVersion string ? | BiosName string ? |
		BiosReleaseDate dateTime | ProcessorArchitecture string ? | SuiteMask short | OldProductType unsignedByte |
		NewProductType int | SystemMetrics int | ClientVersionMajorNumber short | ClientVersionMinorNumber short |
		ClientVersionBuildNumber short | ClientVersionQfeNumber short | OSDescription string ? | OEM string ? |
		DeviceType string ? | FirmwareVersion string ? | MobileOperator string ?`,

	// SyncUpdates, §2.2.2.2.4
	"SyncUpdates": `cookie Cookie ! | parameters SyncUpdateParameters !`,
	"SyncUpdateParameters": `ExpressQuery boolean | InstalledNonLeafUpdateIDs ArrayOfInt ? | OtherCachedUpdateIDs ArrayOfInt ? |
		SystemSpec ArrayOfDevice ? | CachedDriverIDs ArrayOfInt ? | SkipSoftwareSync boolean |
		FilterCategoryIds ArrayOfCategoryIdentifier ? | NeedTwoGroupOutOfScopeUpdates boolean ? |
		FilterAppCategoryIds ArrayOfCategoryIdentifier newer | TreatAppCategoryIdsAsInstalled boolean newer |
		AlsoPerformRegularSync boolean newer | ComputerSpec ComputerHardwareSpecification ? |
		FeatureScoreMatchingKey string ? | ClientPreferredLanguages ArrayOfString newer | WuBundleId guid newer |
		ProductsParameters ProductsParameters newer`,
	"ProductsParameters": `SyncCurrentVersionOnly boolean newer | DeviceAttributes string newer |
		CallerAttributes string newer | Products string newer`,
	"ArrayOfCategoryIdentifier":     `CategoryIdentifier CategoryIdentifier * nil`,
	"CategoryIdentifier":            `Id guid`,
	"ComputerHardwareSpecification": `HardwareIDs ArrayOfGuid ?`,
	"ArrayOfDevice":                 `Device Device * nil`,
	// The WSDL calls the fourth extensionDriver, agents and the newer contract as it is here.
	"Device": `HardwareIDs ArrayOfString ? | CompatibleIDs ArrayOfString ? | installedDriver InstalledDriver ? |
		extensionDrivers ArrayOfExtensionDriver newer | DriverRecoveryIDs ArrayOfDriverRecoveryID ? | DeviceFlags unsignedByte ?`,
	"InstalledDriver": `MatchingID string ? | DriverVerDate dateTime | DriverVerVersion long | Class string ? |
		Manufacturer string ? | Provider string ? | Model string ? | MatchingComputerHWID guid ? nil | DriverRank int |
		SkipProviderFiltering boolean newer | IsGeneric boolean newer`,
	"ArrayOfExtensionDriver": `ExtensionDriver ExtensionDriver * nil`,
	"ExtensionDriver": `ExtensionId string | DriverVerDate dateTime | DriverVerVersion long | Class string | DriverRank int |
		MatchingComputerHWID guid ? nil`,
	"ArrayOfDriverRecoveryID": `DriverRecoveryID string * nil`,

	"SyncUpdatesResponse": `SyncUpdatesResult SyncInfo !`,
	"SyncInfo": `NewUpdates ArrayOfUpdateInfo ? | OutOfScopeRevisionIDs ArrayOfInt ? | ChangedUpdates ArrayOfUpdateInfo ? |
		Truncated boolean | NewCookie Cookie ! | DeployedOutOfScopeRevisionIds ArrayOfInt ? | DriverSyncNotNeeded truth ?`,
	"ArrayOfUpdateInfo": `UpdateInfo UpdateInfo * nil`,
	"UpdateInfo":        `ID int | Deployment Deployment ! | IsLeaf boolean | Xml string ?`,
	"Deployment": `ID int | Action DeploymentAction | Deadline dateTimeText ? | IsAssigned boolean | LastChangeTime dateText |
		DownloadPriority string ? | HardwareIds ArrayOfString ? | AutoSelect zero ? | AutoDownload zero ? |
		SupersedenceBehavior zero ? | FlagBitmask zero ?`,

	// RefreshCache, §2.2.2.2.5. The array and its items have the same name.
	"RefreshCache":              `cookie Cookie ! | globalIDs ArrayOfUpdateIdentity !`,
	"RefreshCacheResponse":      `RefreshCacheResult ArrayOfRefreshCacheResult !`,
	"ArrayOfRefreshCacheResult": `RefreshCacheResult RefreshCacheResult * nil`,
	"RefreshCacheResult":        `RevisionID int | GlobalID UpdateIdentity ! | IsLeaf boolean | Deployment Deployment !`,

	// GetExtendedUpdateInfo, §2.2.2.2.6. FileLocation has six more children, for GetExtendedUpdateInfo2 alone.
	"GetExtendedUpdateInfo": `cookie Cookie ! | revisionIDs ArrayOfInt ? | infoTypes ArrayOfXmlUpdateFragmentType ! |
		locales ArrayOfString ? | deviceAttributes string newer | GeoId string ? | callerAttributes string ?`,
	"ArrayOfXmlUpdateFragmentType":  `XmlUpdateFragmentType XmlUpdateFragmentType *`,
	"GetExtendedUpdateInfoResponse": `GetExtendedUpdateInfoResult ExtendedUpdateInfo !`,
	"ExtendedUpdateInfo":            `Updates ArrayOfUpdateData ? | FileLocations ArrayOfFileLocation ? | OutOfScopeRevisionIDs ArrayOfInt ?`,
	"ArrayOfUpdateData":             `Update UpdateData * nil`,
	"UpdateData":                    `ID int | Xml string !`,
	"ArrayOfFileLocation":           `FileLocation FileLocation * nil`,
	"FileLocation":                  `FileDigest base64Binary ! | Url string !`,

	// GetFileLocations, §2.2.2.2.7
	"GetFileLocations":         `cookie Cookie ! | fileDigests ArrayOfBase64Binary !`,
	"GetFileLocationsResponse": `GetFileLocationsResult GetFileLocationsResults !`,
	"GetFileLocationsResults":  `FileLocations ArrayOfFileLocation ? | NewCookie Cookie ?`,

	// StartCategoryScan, §2.2.2.2.8. No cookie, and no element around the result.
	"StartCategoryScan":           `requestedCategories ArrayOfCategoryRelationship !`,
	"ArrayOfCategoryRelationship": `CategoryRelationship CategoryRelationship * nil`,
	"CategoryRelationship":        `IndexOfAndGroup int | CategoryId guid`,
	"StartCategoryScanResponse":   `preferredCategoryIds ArrayOfGuid ? | requestedCategoryIdsInError ArrayOfGuid ?`,

	// SyncPrinterCatalog, §2.2.2.2.9
	"SyncPrinterCatalog":         `cookie Cookie ! | installedNonLeafUpdateIDs ArrayOfInt ? | printerUpdateIDs ArrayOfInt ?`,
	"SyncPrinterCatalogResponse": `SyncPrinterCatalogResult SyncInfo !`,

	// GetExtendedUpdateInfo2, §2.2.2.2.10
	"GetExtendedUpdateInfo2": `cookie Cookie ! | updateIDs ArrayOfUpdateIdentity ? | infoTypes ArrayOfXmlUpdateFragmentType ! |
		locales ArrayOfString ? | callerAttributes string ?`,
	"GetExtendedUpdateInfo2Response": `GetExtendedUpdateInfo2Result ExtendedUpdateInfo2 !`,
	"ExtendedUpdateInfo2": `Updates ArrayOfUpdateData ? | FileLocations ArrayOfFileLocation ? |
		FileDecryptionData ArrayOfFileDecryption ? | FileDecryptionData2 ArrayOfFileDecryption ? |
		UpdateEncryptionDetails ArrayOfUpdateEncryptionDetail ?`,
	"ArrayOfFileDecryption":         `FileDecryption FileDecryption * nil`,
	"FileDecryption":                `FileDigest base64Binary ? | DecryptionKey base64Binary ? | SecurityData ArrayOfBase64Binary ?`,
	"ArrayOfUpdateEncryptionDetail": `UpdateEncryptionDetail UpdateEncryptionDetail * nil`,
	"UpdateEncryptionDetail":        `UpdateIdentity UpdateIdentity | HasEncryptedFiles boolean`,

	// GetConfig2 and GetTimestamps stand in the newer contract alone.
	"GetConfig2": `clientConfiguration ClientConfiguration ?`,
	"ClientConfiguration": `ProcessorArchitecture ClientArchitecture | AlwaysOnAlwaysConnected boolean | ClientVersion ClientVersion ? |
		OSVersion ClientVersion ? | ProtocolVersion string ?`,
	"ClientVersion": `MajorVersion int | MinorVersion int | BuildNumber int | ServicePackMajorNumber short |
		ServicePackMinorNumber short`,
	"GetConfig2Response":    `GetConfig2Result Config !`,
	"GetTimestamps":         `timestamps ArrayOfDateTime ?`,
	"ArrayOfDateTime":       `dateTime dateTime * nil`,
	"GetTimestampsResponse": `GetTimestampsResult ArrayOfBase64Binary ?`,

	// Reporting without a cookie, and inventory, §6.3
	"ReportEventBatch2":                `computerId string ! | clientTime dateTime | eventBatch ArrayOfReportingEvent !`,
	"ReportEventBatch2Response":        `ReportEventBatch2Result boolean`,
	"GetRequiredInventoryType":         `cookie Cookie ? | rulesId guid | rulesVersion string ?`,
	"GetRequiredInventoryTypeResponse": `GetRequiredInventoryTypeResult int`,
	"ReportInventory":                  `cookie Cookie ? | clientTime dateTime | inventory ReportingInventory ?`,
	"ReportingInventory":               `IsCompressed boolean | RawXml string ? | CompressedXml base64Binary ?`,
	"ReportInventoryResponse":          `ReportInventoryResult boolean`,

	// Reporting, §2.2.2.3.1
	"ReportEventBatch":         `cookie Cookie ! | clientTime dateTime | eventBatch ArrayOfReportingEvent !`,
	"ReportEventBatchResponse": `ReportEventBatchResult boolean`,
	"ArrayOfReportingEvent":    `ReportingEvent ReportingEvent * nil`,
	"ReportingEvent":           `BasicData BasicData ? | ExtendedData ExtendedData ? | PrivateData PrivateData ?`,
	"BasicData": `TargetID ComputerTargetIdentifier ? | SequenceNumber int | TimeAtTarget dateTime | EventInstanceID guid |
		NamespaceID int | EventID short | SourceID short | UpdateID UpdateRevisionIdentifier ? | Win32HResult int | AppName string ?`,
	"ComputerTargetIdentifier": `Sid string ?`,
	"UpdateRevisionIdentifier": `UpdateID guid | RevisionNumber int`,
	"ExtendedData": `ReplacementStrings ArrayOfString ? | MiscData ArrayOfString ? | ComputerBrand string ? |
		ComputerModel string ? | BiosRevision string ? | ProcessorArchitecture ProcessorArchitecture |
		OSVersion DetailedVersion | OSLocaleID int | DeviceID string ?`,
	"DetailedVersion": `Major int | Minor int | Build int | Revision int | ServicePackMajor int | ServicePackMinor int`,
	"PrivateData":     `ComputerDnsName string ? | UserAccountName string ?`,

	// Common types, §2.2.3 and §2.2.4
	"Cookie":                `Expiration dateTime | EncryptedData base64Binary !`,
	"OldCookie":             `Expiration dateTime | EncryptedData base64Binary ?`,
	"AuthorizationCookie":   `PlugInId string ? | CookieData base64Binary !`,
	"UpdateIdentity":        `UpdateID guid | RevisionNumber int`,
	"ArrayOfInt":            `int int *`,
	"ArrayOfString":         `string string * nil`,
	"ArrayOfGuid":           `guid guid *`,
	"ArrayOfBase64Binary":   `base64Binary base64Binary * nil`,
	"ArrayOfUpdateIdentity": `UpdateIdentity UpdateIdentity * nil`,

	// Faults, §2.2.2.4 and SOAP 1.1 §4.4: in no namespace.
	"Fault":       `faultcode faultCode | faultstring string | faultactor string ? | detail FaultDetail`,
	"FaultDetail": `ErrorCode ErrorCode | Message string ? | ID guid | Method string ?`,
}

// contractEnums are the values of simple types that list them.
var contractEnums = map[string][]string{
	"DeploymentAction": {"OptionalInstall", "Install", "Uninstall", "PreDeploymentCheck", "Block", "Evaluate", "Bundle"},
	"XmlUpdateFragmentType": {"Published", "Core", "Extended", "VerificationRule", "LocalizedProperties", "Eula", "FileUrl",
		"FileDecryption"},
	"ClientArchitecture":    {"Unknown", "X86Compatible", "IA64Compatible", "Amd64Compatible", "ArmCompatible", "LpiaCompatible"},
	"ProcessorArchitecture": {"Unknown", "X86Compatible", "IA64Compatible", "Amd64Compatible"},
	"ErrorCode": {"InvalidCookie", "ServerChanged", "ConfigChanged", "CookieExpired", "RegistrationRequired",
		"RegistrationNotRequired", "InvalidAuthorizationCookie", "InvalidParameters", "InternalServerError", "ServerBusy",
		"FileLocationChanged"},
	"truth": {"true", "false"}, // a string in the WSDL
	"zero":  {"0"},             // a string in the WSDL; the text allows nothing else
}
