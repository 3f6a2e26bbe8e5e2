package metadata_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const (
	head       = `<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update">` + "\n"
	identity   = `<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001" RevisionNumber="1" />` + "\n"
	properties = `<Properties UpdateType="Software" />` + "\n"
	sound      = head + identity + properties
	sha1Text   = "AQIDBAUGBwgJCgsMDQ4PEBESExQ="
)

func TestParseNamesLineAndReason(t *testing.T) {
	_, err := metadata.Parse([]byte(sound + "</Update>"))
	require.NoError(t, err)
	for name, c := range map[string]struct {
		doc    string
		line   int
		reason string
	}{
		"empty":               {"", 1, "document has no root element"},
		"not XML":             {"hello", 1, "text outside of the elements"},
		"not UTF-8":           {"<a>\n\xff</a>", 2, "document is not valid UTF-8"},
		"big-endian":          {"\xFE\xFF\x00<", 1, "document is UTF-16 big-endian, want UTF-8 or UTF-16 little-endian"},
		"odd UTF-16":          {"<\x00a", 0, "UTF-16 document has an odd number of bytes, 3"},
		"half a surrogate":    {"<\x00\x00\xd8", 1, "UTF-16 document has half of a surrogate pair"},
		"other encoding":      {`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, 1, `xml: opening charset "ISO-8859-1": encoding "ISO-8859-1" is not supported, want UTF-8 or UTF-16`},
		"document type":       {"<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a/>", 1, "document type declarations are not accepted"},
		"vendor package":      {`<s:Package xmlns:s="http://schemas.example/p"/>`, 1, "root element is Package in http://schemas.example/p, want Update in " + metadata.UpdateNamespace},
		"package":             {`<s:SoftwareDistributionPackage xmlns:s="http://schemas.example/p"/>`, 1, "root element is SoftwareDistributionPackage in http://schemas.example/p, want Update in " + metadata.UpdateNamespace + "; this is a package of a vendor, which ParsePackage reads"},
		"Core fragment":       {identity + properties, 1, "root element is UpdateIdentity in no namespace, want Update in " + metadata.UpdateNamespace + "; this is a Core fragment, which ParseCore reads"},
		"Extended fragment":   {`<ExtendedProperties/><Files/>`, 1, "root element is ExtendedProperties in no namespace, want Update in " + metadata.UpdateNamespace + "; this is an Extended fragment, which ParseExtended reads"},
		"texts":               {`<LocalizedProperties/>`, 1, "root element is LocalizedProperties in no namespace, want Update in " + metadata.UpdateNamespace + "; this is a fragment of texts, which ParseLocalized reads"},
		"no namespace":        {`<Update/>`, 1, "root element is Update in no namespace, want Update in " + metadata.UpdateNamespace},
		"second root":         {sound + "</Update>\n<Update/>", 5, "a second root element, Update"},
		"unclosed":            {sound, 4, "unexpected EOF"},
		"wrong end":           {sound + "<Files></File></Update>", 4, "element <Files> closed by </File>"},
		"undeclared prefix":   {sound + "\n<bar:Files/></Update>", 5, "prefix bar of element Files is not declared"},
		"prefix, passed over": {sound + "<a><assembly>\n<file><bar:x/></file></assembly></a></Update>", 5, "prefix bar of element x is not declared"},
		"twice, passed over":  {sound + "<a><assembly>\n<file a='1' a='2'/></assembly></a></Update>", 5, "element file has attribute a twice"},
		"attribute twice":     {sound + `<Files a="1" a="2"/></Update>`, 4, "element Files has attribute a twice"},
		"attribute in two":    {sound + `<Files xmlns:a="urn:a" a:a="1" a="2"/></Update>`, 4, "element Files has attribute a twice"},
		"no identity":         {head + properties + "</Update>", 1, "UpdateIdentity is missing"},
		"two identities":      {head + identity + identity + properties + "</Update>", 3, "Update has a second UpdateIdentity"},
		"bad id":              {head + `<UpdateIdentity UpdateID="17" RevisionNumber="1"/>` + properties + "</Update>", 2, `UpdateID of UpdateIdentity: "17" is not a GUID`},
		"id in braces":        {head + `<UpdateIdentity UpdateID="{0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001}" RevisionNumber="1"/>` + properties + "</Update>", 2, `UpdateID of UpdateIdentity: "{0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001}" is not a GUID`},
		"no revision":         {head + `<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001"/>` + properties + "</Update>", 2, "UpdateIdentity has no RevisionNumber"},
		"bad revision":        {head + `<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001" RevisionNumber="-1"/>` + properties + "</Update>", 2, `RevisionNumber of UpdateIdentity: "-1" is not a number from 0 to 2147483647`},
		"no properties":       {head + identity + "</Update>", 1, "Properties is missing"},
		"no type":             {head + identity + "<Properties/></Update>", 3, "Properties has no UpdateType"},
		"bad type":            {head + identity + `<Properties UpdateType="Firmware"/></Update>`, 3, `UpdateType is "Firmware", want Software, Driver, Category or Detectoid`},
		"bad boolean":         {head + identity + `<Properties UpdateType="Software" ExplicitlyDeployable="maybe"/></Update>`, 3, `ExplicitlyDeployable of Properties: "maybe" is not a boolean`},
		"bad state":           {head + identity + `<Properties UpdateType="Software" PublicationState="Gone"/></Update>`, 3, `PublicationState is "Gone", want Published or Expired`},
		"bad date":            {head + identity + `<Properties UpdateType="Software" CreationDate="today"/></Update>`, 3, `CreationDate of Properties: "today" is not a dateTime`},
		"bad behaviour":       {head + identity + `<Properties UpdateType="Software"><InstallationBehavior RebootBehavior="Perhaps"/></Properties></Update>`, 3, `RebootBehavior of InstallationBehavior is "Perhaps"`},
		"bad category":        {head + identity + `<Properties UpdateType="Category"/><HandlerSpecificData><CategoryInformation CategoryType="Shelf"/></HandlerSpecificData></Update>`, 3, `CategoryType is "Shelf", want Company, ProductFamily, Product or UpdateClassification`},
		"no language":         {sound + "<LocalizedPropertiesCollection><LocalizedProperties><Title>a</Title></LocalizedProperties></LocalizedPropertiesCollection></Update>", 4, "LocalizedProperties has no Language"},
		"no title":            {sound + "<LocalizedPropertiesCollection><LocalizedProperties><Language>en</Language></LocalizedProperties></LocalizedPropertiesCollection></Update>", 4, "LocalizedProperties for language en has no Title"},
		"language twice":      {sound + "<LocalizedPropertiesCollection><LocalizedProperties><Language>en</Language><Language>EN</Language><Title>a</Title></LocalizedProperties></LocalizedPropertiesCollection></Update>", 4, "a second LocalizedProperties for language EN"},
		"stray prerequisite":  {sound + "<Relationships><Prerequisites>\n<Product/></Prerequisites></Relationships></Update>", 5, "Prerequisites has an unknown child, Product"},
		"bundle of nothing":   {sound + "<Relationships><BundledUpdates><AtLeastOne/></BundledUpdates></Relationships></Update>", 4, "AtLeastOne of BundledUpdates has no member"},
		"bundle, no revision": {sound + `<Relationships><BundledUpdates><UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1002"/></BundledUpdates></Relationships></Update>`, 4, "UpdateIdentity has no RevisionNumber"},
		"rule of words":       {sound + "<ApplicabilityRules><IsInstalled>x64 only</IsInstalled></ApplicabilityRules></Update>", 4, "IsInstalled holds text, want one rule"},
		"words beside a rule": {sound + "<ApplicabilityRules><IsInstalled>only <True/></IsInstalled></ApplicabilityRules></Update>", 4, "IsInstalled holds text, want one rule"},
		"two rules":           {sound + "<ApplicabilityRules><IsInstallable><True/>\n<True/></IsInstallable></ApplicabilityRules></Update>", 4, "IsInstallable holds 2 rules, want one rule"},
		"no file name":        {sound + `<Files><File Digest="` + sha1Text + `" Size="1"/></Files></Update>`, 4, "File has no FileName"},
		"file name is a path": {sound + `<Files><File FileName="..\a.exe" Digest="` + sha1Text + `" Size="1"/></Files></Update>`, 4, `FileName "..\\a.exe" is not a plain name`},
		"digest not base64":   {sound + `<Files><File FileName="a" Digest="?" Size="1"/></Files></Update>`, 4, "Digest of a is not base64"},
		"digest too short":    {sound + `<Files><File FileName="a" Digest="AQID" Size="1"/></Files></Update>`, 4, "Digest of a has 3 bytes, want 20"},
		"other digest":        {sound + `<Files><File FileName="a" Digest="AQID" DigestAlgorithm="MD5" Size="1"/></Files></Update>`, 4, `DigestAlgorithm of a is "MD5", want SHA1`},
		"no size":             {sound + `<Files><File FileName="a" Digest="` + sha1Text + `"/></Files></Update>`, 4, "File a has no Size"},
		"negative size":       {sound + `<Files><File FileName="a" Digest="` + sha1Text + `" Size="-5"/></Files></Update>`, 4, "Size of File is negative, -5"},
		"SHA-256 too short":   {sound + `<Files><File FileName="a" Digest="` + sha1Text + `" Size="1"><AdditionalDigest Algorithm="SHA256">AQID</AdditionalDigest></File></Files></Update>`, 4, "SHA256 digest of a has 3 bytes, want 32"},
		"too deep":            {sound + strings.Repeat("<a>", 1001), 4, "elements nest deeper than 1000"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := metadata.Parse([]byte(c.doc))
			var syntax *metadata.SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.Equal(t, metadata.SyntaxError{Line: c.line, Reason: c.reason}, *syntax)
		})
	}
}

func TestParseLimits(t *testing.T) {
	_, err := metadata.Parse(make([]byte, metadata.MaxDocumentBytes+1))
	require.EqualError(t, err, "document has 67108865 bytes, the limit is 67108864")
	_, err = metadata.ParseCore(strings.Repeat(" ", metadata.MaxDocumentBytes+1))
	require.EqualError(t, err, "fragment has 67108865 bytes, the limit is 67108864")
	_, err = metadata.Parse([]byte(sound + "<assembly><file" + strings.Repeat(` a="1"`, metadata.MaxNodes) + "/>"))
	require.ErrorContains(t, err, "more than 2097152 elements and attributes", "what is passed over counts as well")
	_, err = metadata.Parse([]byte(sound + "<a" + strings.Repeat(` a="1"`, metadata.MaxNodes) + "/>"))
	require.EqualError(t, err, "line 4: more than 2097152 elements and attributes")
	manifest := "<ApplicabilityRules><Metadata><assembly>" + strings.Repeat("<x>", 1001)
	_, err = metadata.Parse([]byte(sound + manifest))
	require.EqualError(t, err, "line 4: elements nest deeper than 1000")
}

func TestParseFragmentsNameTheReason(t *testing.T) {
	core := func(s string) error { _, err := metadata.ParseCore(s); return err }
	extended := func(s string) error { _, err := metadata.ParseExtended(s); return err }
	localized := func(s string) error { _, err := metadata.ParseLocalized(s); return err }
	require.EqualError(t, core(""), "line 1: Core fragment has no UpdateIdentity")
	require.EqualError(t, core("</fragment><fragment>"), "line 1: unexpected end element </fragment>")
	require.EqualError(t, core(identity+"<Files/>"), "line 2: fragment has an unexpected element, Files")
	require.EqualError(t, core(identity+identity), "line 2: fragment has a second UpdateIdentity")
	require.EqualError(t, extended("<Files/>"), "line 1: Extended fragment has no ExtendedProperties")
	require.EqualError(t, extended(`<ExtendedProperties MaxDownloadSize="x"/>`), `line 1: MaxDownloadSize of ExtendedProperties: "x" is not a number of bytes`)
	require.EqualError(t, localized(""), "line 1: fragment has no LocalizedProperties")
	require.EqualError(t, localized("<LocalizedProperties/>"), "line 1: LocalizedProperties has no Language")
}

// WSUS writes an empty group for vendor packages of the class Hotfixes.
func TestParseEmptyPrerequisiteIsNoClause(t *testing.T) {
	u, err := metadata.Parse([]byte(sound + `<Relationships><Prerequisites><AtLeastOne IsCategory="true"/></Prerequisites></Relationships></Update>`))
	require.NoError(t, err)
	require.Empty(t, u.Relationships.Prerequisites)
}
