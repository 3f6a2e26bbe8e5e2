package metadata

// MSIApplication is MsiApplicationMetadata: what the rules MsiApplicationInstalled, MsiApplicationSuperseded and
// MsiApplicationInstallable refer to.
type MSIApplication struct {
	// ProductCode has braces.
	ProductCode string
	// Version has one to four parts; it may be empty.
	Version string
	// UseRecacheReinstall is Never, LowerVersion or AnyVersion; it may be empty.
	UseRecacheReinstall string
}

// MSIPatch is MsiPatchMetadata with the blob that Windows Installer extracts from an MSP: what the rules MsiPatchInstalled,
// MsiPatchSuperseded and MsiPatchInstallable refer to. Codes have braces.
type MSIPatch struct {
	// FallbackPatchCode is the code under which machines without the patch itself may have it; it may be empty.
	FallbackPatchCode string
	PatchGUID         string
	SchemaVersion     string
	MinMsiVersion     string
	// TargetsRTM says that the patch applies to the first release of its products.
	TargetsRTM bool
	Targets    []MSITarget
	// ProductCodes lists the targets again, without conditions.
	ProductCodes []string
	// Obsoletes are the codes of patches that this one replaces.
	Obsoletes []string
	Sequences []MSISequence
}

// MSITarget is a product that a patch applies to. A value is compared only where its Validate is set.
type MSITarget struct {
	MinMsiVersion       string
	ProductCode         string
	ValidateProductCode bool
	// UpdatedProductCode and UpdatedVersion are what the product becomes; empty: it keeps its own.
	UpdatedProductCode string
	Version            string
	ValidateVersion    bool
	// ComparisonType is LessThan, LessThanOrEqual, Equal, GreaterThanOrEqual, GreaterThan or None, without the To that rules of
	// other families end with. ComparisonFilter is Major, MajorMinor, MajorMinorUpdate or None.
	ComparisonType, ComparisonFilter string
	UpdatedVersion                   string
	Language                         string
	ValidateLanguage                 bool
	UpdatedLanguages                 string
	UpgradeCode                      string
	ValidateUpgradeCode              bool
}

// MSISequence puts a patch in order among those of its family.
type MSISequence struct {
	PatchFamily string
	// ProductCode restricts it to one product; empty: all.
	ProductCode string
	Sequence    string
	// Attributes 1 supersedes earlier patches of the family.
	Attributes int64
}

// MSIApplication reads MsiApplicationMetadata; nil when the rules have none. An error is a [*DataError].
func (r *Rules) MSIApplication() (*MSIApplication, error) {
	data := r.Metadata.Child("MsiApplicationMetadata")
	if data == nil {
		return nil, nil
	}
	code := data.Child("ProductCode")
	if code == nil {
		return nil, &DataError{Element: data.Name, Reason: "it has no ProductCode"}
	}
	a := &attributes{node: code}
	m := &MSIApplication{ProductCode: a.code("", code.Content()), Version: a.text("Version")}
	if _, ok := code.Attr("UseRecacheReinstall"); ok {
		m.UseRecacheReinstall = a.oneOf("UseRecacheReinstall", "", "Never", "LowerVersion", "AnyVersion")
	}
	return m, a.failure()
}

// MSIPatch reads MsiPatchMetadata; nil when the rules have none. An error is a [*DataError].
func (r *Rules) MSIPatch() (*MSIPatch, error) {
	data := r.Metadata.Child("MsiPatchMetadata")
	if data == nil {
		return nil, nil
	}
	blob := data.Child("MsiPatch")
	if blob == nil {
		return nil, &DataError{Element: data.Name, Reason: "it has no MsiPatch"}
	}
	a := &attributes{node: blob}
	p := &MSIPatch{FallbackPatchCode: data.Child("FallbackPatchCode").Content(), PatchGUID: a.code("PatchGUID", a.text("PatchGUID")),
		SchemaVersion: a.text("SchemaVersion"), MinMsiVersion: a.text("MinMsiVersion"), TargetsRTM: a.bool("TargetsRTM")}
	for _, c := range blob.Children {
		switch c.Name {
		case "TargetProduct":
			p.Targets = append(p.Targets, readTarget(a.of(c)))
		case "TargetProductCode":
			p.ProductCodes = append(p.ProductCodes, c.Content())
		case "ObsoletedPatch":
			p.Obsoletes = append(p.Obsoletes, c.Content())
		case "SequenceData":
			p.Sequences = append(p.Sequences, MSISequence{PatchFamily: c.Child("PatchFamily").Content(),
				ProductCode: c.Child("ProductCode").Content(), Sequence: c.Child("Sequence").Content(),
				Attributes: a.of(c).number("Attributes")})
		}
	}
	return p, a.failure()
}

func readTarget(a *attributes) MSITarget {
	t := MSITarget{MinMsiVersion: a.text("MinMsiVersion"), UpdatedProductCode: a.node.Child("UpdatedProductCode").Content(),
		UpdatedVersion: a.node.Child("UpdatedVersion").Content(), UpdatedLanguages: a.node.Child("UpdatedLanguages").Content()}
	t.ProductCode, t.ValidateProductCode = a.validated("TargetProductCode")
	t.Version, t.ValidateVersion = a.validated("TargetVersion")
	t.Language, t.ValidateLanguage = a.validated("TargetLanguage")
	t.UpgradeCode, t.ValidateUpgradeCode = a.validated("UpgradeCode")
	if version := a.node.Child("TargetVersion"); version != nil {
		v := a.of(version)
		t.ComparisonType = v.oneOf("ComparisonType", "None", "LessThan", "LessThanOrEqual", "Equal", "GreaterThanOrEqual", "GreaterThan",
			"None")
		t.ComparisonFilter = v.oneOf("ComparisonFilter", "None", "Major", "MajorMinor", "MajorMinorUpdate", "None")
	}
	return t
}

// validated is the text of a child and whether a product must have it.
func (a *attributes) validated(child string) (text string, validate bool) {
	c := a.node.Child(child)
	if c == nil {
		return "", false
	}
	return c.Content(), a.of(c).bool("Validate")
}
