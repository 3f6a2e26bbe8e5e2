package metadata

// UpdateNamespace is the namespace of update documents.
const UpdateNamespace = "http://schemas.microsoft.com/msus/2002/12/Update"

// The namespaces that matter beyond the local name. Vendor packages keep those of the CorporatePublishing family for the same
// rules when they become update documents.
const (
	baseRules      = "http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules"
	msiRules       = "http://schemas.microsoft.com/msus/2002/12/MsiApplicabilityRules"
	driverRules    = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver"
	vendorBase     = "http://schemas.microsoft.com/wsus/2005/04/CorporatePublishing/BaseApplicabilityRules.xsd"
	vendorMSI      = "http://schemas.microsoft.com/wsus/2005/04/CorporatePublishing/MsiApplicabilityRules.xsd"
	vendorDriver   = "http://schemas.microsoft.com/wsus/2005/04/CorporatePublishing/Installers/WindowsDriver.xsd"
	patchNamespace = "http://www.microsoft.com/msi/patch_applicability.xsd"
	asmNamespace   = "urn:schemas-microsoft-com:asm.v3"
	xmlNamespace   = "http://www.w3.org/XML/1998/namespace"
)

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
