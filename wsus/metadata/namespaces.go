package metadata

// UpdateNamespace is the namespace of update documents.
const UpdateNamespace = "http://schemas.microsoft.com/msus/2002/12/Update"

// PackageNamespace is the namespace of vendors' software distribution packages.
const PackageNamespace = vendorFamily + "SoftwareDistributionPackage.xsd"

// The namespaces that matter beyond the local name. Vendor packages keep those of the CorporatePublishing family for the same
// rules when they become update documents.
const (
	baseRules      = "http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules"
	logicalRules   = "http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules"
	msiRules       = "http://schemas.microsoft.com/msus/2002/12/MsiApplicabilityRules"
	cbsRules       = "http://schemas.microsoft.com/msus/2002/12/CbsApplicabilityRules"
	driverRules    = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver"
	vendorFamily   = "http://schemas.microsoft.com/wsus/2005/04/CorporatePublishing/"
	vendorBase     = vendorFamily + "BaseApplicabilityRules.xsd"
	vendorLogical  = vendorFamily + "LogicalApplicabilityRules.xsd"
	vendorMSI      = vendorFamily + "MsiApplicabilityRules.xsd"
	vendorDriver   = vendorFamily + "Installers/WindowsDriver.xsd"
	vendorCommand  = vendorFamily + "Installers/CommandLineInstallation.xsd"
	vendorApp      = vendorFamily + "Installers/MsiInstallation.xsd"
	vendorPatch    = vendorFamily + "Installers/MspInstallation.xsd"
	vendorExe      = vendorFamily + "Installers/UpdateExeInstallation.xsd"
	vendorPSF      = vendorFamily + "Installers/WindowsPatch.xsd"
	patchNamespace = "http://www.microsoft.com/msi/patch_applicability.xsd"
	asmNamespace   = "urn:schemas-microsoft-com:asm.v3"
	xmlNamespace   = "http://www.w3.org/XML/1998/namespace"
	xsiNamespace   = "http://www.w3.org/2001/XMLSchema-instance"
)

// usualPrefixes are those that real documents have.
var usualPrefixes = map[string]string{
	UpdateNamespace: "upd", PackageNamespace: "sdp", xsiNamespace: "xsi", patchNamespace: "mspblob", asmNamespace: "asm",
	baseRules: "bar", logicalRules: "lar", msiRules: "mar", cbsRules: "cbsar", driverRules: "drv",
	vendorBase: "bar", vendorLogical: "lar", vendorMSI: "msiar", vendorDriver: "drv", vendorCommand: "cmd", vendorApp: "msi",
	vendorPatch: "msp", vendorExe: "uei", vendorPSF: "psf",
}

// dotted returns what stands before an element's name in the Core fragment (MS-WUSP §3.1.1.1).
func dotted(space string) string {
	switch space {
	case baseRules, vendorBase:
		return "b."
	case msiRules, vendorMSI:
		return "m."
	case driverRules, vendorDriver:
		return "d."
	}
	return ""
}

// bare undoes dotted.
func bare(name string) string {
	if len(name) > 2 && name[1] == '.' && (name[0] == 'b' || name[0] == 'm' || name[0] == 'd') {
		return name[2:]
	}
	return name
}
