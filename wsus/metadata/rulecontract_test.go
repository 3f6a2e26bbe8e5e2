package metadata_test

import (
	"encoding/xml"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const (
	registryAttributes = `Key HKEY_LOCAL_MACHINE|HKEY_LOOP_TARGET !, Subkey string !, RegType32 bool`
	prependAttributes  = registryAttributes + `, Value string !, Path string !`
	fileAttributes     = `Path string !, Csidl int`
	boundAttributes    = `ProductCode braces !, VersionMin version, VersionMax version, ExcludeVersionMin bool, ExcludeVersionMax bool, Language int`
	versionAttributes  = `Comparison scalar, MajorVersion int, MinorVersion int, BuildNumber int, ServicePackMajor int, ServicePackMinor int,
		ProductType int, SuiteMask int, AllSuitesMustBePresent bool`
)

// ruleContract is what the published rule schemas (base, MSI and driver rules, and the logical operators) and the description of the
// newer rules say of every rule element: the rules that it holds ("0", "1" or "+"), or the texts, and its attributes. Written by hand;
// the real documents and fragments hold it to the truth.
var ruleContract = map[string]struct{ rules, texts, attributes string }{
	"True": {}, "False": {}, "And": {rules: "+"}, "Or": {rules: "+"}, "Not": {rules: "1"},

	"RegKeyExists":        {attributes: registryAttributes},
	"RegValueExists":      {attributes: registryAttributes + `, Value string, Type string`},
	"RegDword":            {attributes: registryAttributes + `, Value string !, Comparison scalar !, Data int !`},
	"RegSz":               {attributes: registryAttributes + `, Value string !, Comparison words !, Data string !`},
	"RegExpandSz":         {attributes: registryAttributes + `, Value string !, Comparison words !, Data string !`},
	"RegSzToVersion":      {attributes: registryAttributes + `, Value string !, Comparison scalar !, Data version !`},
	"RegKeyLoop":          {rules: "1", attributes: registryAttributes + `, TrueIf Any|All|None !`},
	"WUv4RegKeyValue":     {attributes: registryAttributes + `, Value string, Data string !`},
	"WUv4RegKeySubstring": {attributes: registryAttributes + `, Value string, Data string !`},

	"FileExists":   {attributes: fileAttributes + `, Version version, Created dateTime, Modified dateTime, Size int, Language int`},
	"FileVersion":  {attributes: fileAttributes + `, Comparison scalar !, Version version !`},
	"FileCreated":  {attributes: fileAttributes + `, Comparison scalar !, Created dateTime !`},
	"FileModified": {attributes: fileAttributes + `, Comparison scalar !, Modified dateTime !`},
	"FileSize":     {attributes: fileAttributes + `, Comparison scalar !, Size int !`},
	"FileExistsPrependRegSz": {attributes: prependAttributes + `, Version version, Created dateTime, Modified dateTime, Size int,
		Language int`},
	"FileVersionPrependRegSz":  {attributes: prependAttributes + `, Comparison scalar !, Version version !`},
	"FileCreatedPrependRegSz":  {attributes: prependAttributes + `, Comparison scalar !, Created dateTime !`},
	"FileModifiedPrependRegSz": {attributes: prependAttributes + `, Comparison scalar !, Modified dateTime !`},
	"FileSizePrependRegSz":     {attributes: prependAttributes + `, Comparison scalar !, Size int !`},

	"WindowsVersion": {attributes: versionAttributes}, "PlatformVersion": {attributes: versionAttributes},
	"WindowsLanguage": {attributes: `Language string !`}, "PlatformLanguage": {attributes: `Language string !`},
	"MuiInstalled": {}, "MuiLanguageInstalled": {attributes: `Language string !`}, "Platform": {attributes: `PlatformID string !`},
	"SystemMetric":         {attributes: `Comparison scalar !, Index int !, Value int !`},
	"Processor":            {attributes: `Architecture int !, Level int, Revision int`},
	"NumberOfProcessors":   {attributes: `Comparison scalar !, Number int !`},
	"Memory":               {attributes: `MinSizeInMB int !, Type string`},
	"VideoMemory":          {attributes: `MinSizeInMB int !`},
	"Direct3D":             {attributes: `HardwareVersion string, FeatureLevelMajor int, FeatureLevelMinor int`},
	"SensorById":           {attributes: `Id string !`},
	"NFC":                  {attributes: `Capability string !`},
	"Camera":               {attributes: `Location string !`},
	"ClusteredOS":          {},
	"ClusterResourceOwner": {attributes: registryAttributes + `, Value string, Prefix string, Suffix string`},
	"WmiQuery":             {attributes: `Namespace string, WqlQuery string !`},
	"LicenseDword":         {attributes: `Value string !, Comparison scalar !, Data int !`},
	"LicenseValueExists":   {attributes: `Value string !`},
	"InstalledOnce":        {},
	"GenericQuery":         {attributes: `Namespace string !, Type string !, Parameter string !, Comparison scalar, Value string`},

	"MsiProductInstalled":             {attributes: boundAttributes},
	"MsiPatchInstalledForProduct":     {attributes: `PatchCode braces !, ` + boundAttributes},
	"MsiFeatureInstalledForProduct":   {texts: "Feature Product", attributes: `AllFeaturesRequired bool, AllProductsRequired bool`},
	"MsiComponentInstalledForProduct": {texts: "Component Product", attributes: `AllComponentsRequired bool, AllProductsRequired bool`},
	"MsiPatchInstalled":               {}, "MsiPatchSuperseded": {}, "MsiPatchInstallable": {},
	"MsiApplicationInstalled": {}, "MsiApplicationSuperseded": {}, "MsiApplicationInstallable": {},

	"CbsPackageInstalledByIdentity": {attributes: `PackageIdentity string !`}, "CbsPackageInstalled": {}, "CbsPackageInstallable": {},
	"WindowsDriverInstalled": {}, "WindowsDriverSuperseded": {}, "WindowsDriverInstallable": {},

	"ProductReleaseInstalled": {attributes: `Name string !, Version version !`},
	"ProductReleaseVersion":   {attributes: `Name string !, Version version !, Comparison scalar !`},
	"DeviceAttribute":         {attributes: `Name string !, Type String|Version !, Comparison either !, Value string !`},
}

// ruleViolations lists what a rule and those in it have against the contract.
func ruleViolations(e part) []string {
	name := bareName(e)
	contract, known := ruleContract[name]
	if !known {
		return []string{"rule " + name + " is not known"}
	}
	out := attributeViolations(part{XMLName: xml.Name{Local: name}, Attrs: e.Attrs}, contract.attributes)
	switch n := len(e.Children); {
	case contract.texts != "":
		for _, want := range strings.Fields(contract.texts) {
			if !slices.ContainsFunc(e.Children, func(c part) bool { return bareName(c) == want }) {
				out = append(out, name+" has no "+want)
			}
		}
		return out
	case contract.rules == "" && n > 0, contract.rules == "1" && n != 1, contract.rules == "+" && n == 0:
		out = append(out, fmt.Sprintf("%s holds %d rules", name, n))
	}
	for _, c := range e.Children {
		out = append(out, ruleViolations(c)...)
	}
	return out
}

// bareName is the name of an element in a document, which has namespaces, and in a fragment, which has dots.
func bareName(e part) string {
	return regexp.MustCompile(`^[bmd]\.`).ReplaceAllString(e.XMLName.Local, "")
}

// ruleElements visits the rules of a document or a fragment, and says how many there are, those inside of others too.
func ruleElements(e part, visit func(rule part)) (total int) {
	switch e.XMLName.Local {
	case "IsInstalled", "IsSuperseded", "IsInstallable":
		for _, rule := range e.Children {
			visit(rule)
			total += countElements(rule)
		}
		return total
	}
	for _, c := range e.Children {
		total += ruleElements(c, visit)
	}
	return total
}

func countElements(e part) int {
	n := 1
	for _, c := range e.Children {
		n += countElements(c)
	}
	return n
}

// The rules of every document that the project generates keep the schemas, and so do those of every real document and fragment.
func TestRulesKeepTheContract(t *testing.T) {
	check := func(name, text string, allowed ...string) int {
		var root part
		require.NoError(t, xml.Unmarshal([]byte("<all>"+text+"</all>"), &root), name)
		return ruleElements(root, func(rule part) { require.Subset(t, allowed, ruleViolations(rule), name) })
	}
	generated := 0
	require.NoError(t, fs.WalkDir(catalog.Files(), "updates", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		document, err := fs.ReadFile(catalog.Files(), name)
		require.NoError(t, err)
		requireContract(t, document)
		generated += check(name, string(document))
		return nil
	}))
	require.Greater(t, generated, 200)
	for _, file := range packageFiles(t) {
		published, err := packageIn(t, file).Update(metadata.PublishOptions{PublisherID: packagePublisher})
		require.NoError(t, err)
		for _, document := range append(published.Parts, published.Document) {
			// One of them has a rule of the vendor's own, to show that it is kept.
			check(file, string(document), "rule Pending is not known")
		}
	}
	if shared, ok := findShared(); ok {
		captured := 0
		for _, pattern := range []string{"update-xml/*.xml", "fragments/*core*.xml", "fragments/detectoids/*.xml"} {
			files, err := filepath.Glob(filepath.Join(shared, filepath.FromSlash(pattern)))
			require.NoError(t, err)
			for _, file := range files {
				captured += check(file, text(t, file))
			}
		}
		require.Greater(t, captured, 200)
	}
	// It notices what is wrong.
	for rule, want := range map[string]string{
		`<RegDword Key="HKEY_USERS" Subkey="a" Value="b" Comparison="EqualTo" Data="1"/>`: `Key of RegDword is "HKEY_USERS", want HKEY_LOCAL_MACHINE|HKEY_LOOP_TARGET !`,
		`<And/>`:                    `And holds 0 rules`,
		`<Not><True/><True/></Not>`: `Not holds 2 rules`,
		`<Or><MoonPhase/></Or>`:     `rule MoonPhase is not known`,
		`<FileSize Path="a" Comparison="Like" Size="1"/>`: `Comparison of FileSize is "Like", want scalar !`,
		`<Processor/>`: `Processor lacks Architecture`,
		`<MsiFeatureInstalledForProduct><Feature>a</Feature></MsiFeatureInstalledForProduct>`: `MsiFeatureInstalledForProduct has no Product`,
	} {
		var root part
		require.NoError(t, xml.Unmarshal([]byte(rule), &root))
		require.Equal(t, []string{want}, ruleViolations(root))
	}
}
