package metadata_test

// documentContract is what the reference says of every element of a document outside of rules: its children with their
// occurrence, and its attributes with their types. No schema file of documents is published; this was written by hand from the
// description, and the captured documents hold it to the truth.
//
//	1 exactly once   ? at most once   * any number   + at least once
//	attributes: ! required
var documentContract = map[string]struct {
	ordered              bool
	children, attributes string
}{
	"Update": {ordered: true, children: `UpdateIdentity 1, Properties 1, LocalizedPropertiesCollection ?, Relationships ?,
		ApplicabilityRules ?, Files ?, HandlerSpecificData ?`},
	"UpdateIdentity": {attributes: `UpdateID guid !, RevisionNumber int`},
	"Properties": {
		children: `InstallationBehavior ?, UninstallationBehavior ?, Language *, SupportUrl ?, MoreInfoUrl *, KBArticleID *,
			SecurityBulletinID *, CveID *`,
		attributes: `UpdateType Software|Driver|Category|Detectoid !, DefaultPropertiesLanguage string, Handler uri,
			ExplicitlyDeployable bool, AutoSelectOnWebSites bool, BrowseOnly bool, IsPublic bool, IsBeta bool, PerUser bool,
			EulaID guid, RequiresReacceptanceOfEula bool, MsrcSeverity Critical|Important|Moderate|Low, CreationDate dateTime,
			PublicationState Published|Expired, PublisherID guid, IsLocallyPublished bool, MaxDownloadSize int,
			MinDownloadSize int, CompatibleProtocolVersion string, CanSourceBeRequired bool, OSUpgrade string,
			LegacyName string, DetectoidType string, RecommendedCpuSpeed int, RecommendedMemory int,
			RecommendedHardDiskSpace int, ProductName string, ReleaseVersion string, ReleaseRevision int`},
	"InstallationBehavior": {attributes: `RebootBehavior NeverReboots|AlwaysRequiresReboot|CanRequestReboot,
		Impact Normal|Minor|RequiresExclusiveHandling, CanRequestUserInput bool, RequiresNetworkConnectivity bool`},
	"UninstallationBehavior": {attributes: `RebootBehavior NeverReboots|AlwaysRequiresReboot|CanRequestReboot,
		Impact Normal|Minor|RequiresExclusiveHandling, CanRequestUserInput bool, RequiresNetworkConnectivity bool`},
	"LocalizedPropertiesCollection": {children: `LocalizedProperties *, EulaFile *`},
	"LocalizedProperties":           {children: `Language +, Title 1, Description ?, UninstallNotes ?, MoreInfoUrl *, SupportUrl ?`},
	"Language":                      {}, "Title": {}, "Description": {}, "UninstallNotes": {}, "MoreInfoUrl": {}, "SupportUrl": {}, "KBArticleID": {},
	"SecurityBulletinID": {}, "CveID": {},
	"Relationships":      {children: `Prerequisites ?, BundledUpdates ?, SupersededUpdates ?`},
	"Prerequisites":      {children: `UpdateIdentity *, AtLeastOne *`},
	"BundledUpdates":     {children: `UpdateIdentity *, AtLeastOne *`},
	"SupersededUpdates":  {children: `UpdateIdentity *`},
	"AtLeastOne":         {children: `UpdateIdentity *`, attributes: `IsCategory bool`},
	"ApplicabilityRules": {children: `IsInstalled ?, IsSuperseded ?, IsInstallable ?, Metadata ?`},
	"Files":              {children: `File *`},
	"File": {children: `AdditionalDigest *`, attributes: `Digest base64 !, DigestAlgorithm SHA1, FileName string !, Size int !,
		Modified dateTime, PatchingType string, PatchingTypePreferred string`},
	"AdditionalDigest": {attributes: `Algorithm string !`},
	"HandlerSpecificData": {children: `InstallCommand ?, RepairPath *, MsiData ?, MspData ?, CbsData ?, WindowsPatchData ?, OSInstallData ?,
		CategoryInformation ?`, attributes: `type string`},
	"InstallCommand": {children: `ReturnCode *`, attributes: `Program string !, Arguments string,
		DefaultResult Failed|Succeeded|Cancelled, RebootByDefault bool, IsSetup360 bool`},
	"ReturnCode": {children: `LocalizedDescription *`, attributes: `Code int !, Result Failed|Succeeded|Cancelled !, Reboot bool,
		DefaultLocalizedDescription string`},
	"LocalizedDescription": {children: `Language ?, Description ?`, attributes: `Language string`},
	"RepairPath":           {attributes: `TargetId string, TargetType string, RelativeToServer bool, Path string`},
	"MsiData": {children: `RepairPath ?`, attributes: `MsiFile string, ProductCode braces, CommandLine string,
		UninstallCommandLine string`},
	"MspData": {children: `RepairPath ?`, attributes: `PatchCode braces, FullFilePatchCode braces, CommandLine string,
		UninstallCommandLine string`},
	"CbsData":          {attributes: `PackageIdentity string`},
	"WindowsPatchData": {attributes: `InstallParameters string, UnpackParameters string`},
	"OSInstallData":    {attributes: `InitialModule string`},
	"CategoryInformation": {attributes: `CategoryType Company|ProductFamily|Product|UpdateClassification !,
		ProhibitsSubcategories bool, ProhibitsUpdates bool, DisplayOrder int, ExcludedByDefault bool`},
	// What a rule holds has schemas of its own.
	"IsInstalled": {children: `any 1`}, "IsSuperseded": {children: `any 1`}, "IsInstallable": {children: `any 1`},
	"Metadata": {children: `any *`},
}
