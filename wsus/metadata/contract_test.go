package metadata_test

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// part is an element for the contract, read by the standard library alone.
type part struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []part     `xml:",any"`
}

// violations lists what an element and everything below it have against the contract.
func violations(e part) []string {
	name := e.XMLName.Local
	contract, known := documentContract[name]
	if !known {
		return []string{name + " is not known"}
	}
	out := attributeViolations(e, contract.attributes)
	want, counts, last := entries(contract.children), map[string]int{}, 0
	for _, c := range e.Children {
		child := c.XMLName.Local
		if _, rules := want["any"]; rules {
			counts["any"]++
			continue
		}
		if _, ok := want[child]; !ok {
			out = append(out, name+" has a child "+child)
			continue
		}
		counts[child]++
		position := strings.Index(contract.children, child+" ")
		if contract.ordered && position < last {
			out = append(out, child+" of "+name+" is out of order")
		}
		last = position
		out = append(out, violations(c)...)
	}
	for child, occurrence := range want {
		n := counts[child]
		if (occurrence == "1" && n != 1) || (occurrence == "?" && n > 1) || (occurrence == "+" && n == 0) {
			out = append(out, fmt.Sprintf("%s has %d of %s", name, n, child))
		}
	}
	return out
}

func attributeViolations(e part, contract string) (out []string) {
	want := entries(contract)
	for _, a := range e.Attrs {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			continue
		}
		kind, ok := want[a.Name.Local]
		if !ok {
			out = append(out, e.XMLName.Local+" has an attribute "+a.Name.Local)
		} else if !fits(strings.TrimSuffix(kind, " !"), a.Value) {
			out = append(out, fmt.Sprintf("%s of %s is %q, want %s", a.Name.Local, e.XMLName.Local, a.Value, kind))
		}
		delete(want, a.Name.Local)
	}
	for name, kind := range want {
		if strings.HasSuffix(kind, " !") {
			out = append(out, e.XMLName.Local+" lacks "+name)
		}
	}
	return out
}

// entries takes "a 1, b string !" apart.
func entries(list string) map[string]string {
	out := map[string]string{}
	for _, entry := range strings.Split(list, ",") {
		if name, rest, ok := strings.Cut(strings.TrimSpace(entry), " "); ok {
			out[name] = rest
		}
	}
	return out
}

func fits(kind, value string) bool {
	switch kind {
	case "string":
		return true
	case "bool":
		return slices.Contains([]string{"true", "false", "1", "0"}, value)
	case "int":
		return regexp.MustCompile(`^-?\d+$`).MatchString(value)
	case "guid":
		return regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`).MatchString(value)
	case "braces":
		return regexp.MustCompile(`^\{[0-9A-Fa-f-]{36}\}$`).MatchString(value)
	case "base64":
		_, err := base64.StdEncoding.DecodeString(value)
		return err == nil
	case "dateTime":
		return regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$`).MatchString(value)
	case "uri":
		return strings.HasPrefix(value, "http://")
	}
	return slices.Contains(strings.Split(kind, "|"), value)
}

func requireContract(t require.TestingT, doc []byte) {
	var root part
	require.NoError(t, xml.Unmarshal(doc, &root))
	require.Equal(t, metadata.UpdateNamespace, root.XMLName.Space)
	require.Empty(t, violations(root), string(doc))
}

// The contract describes real documents, and would notice what is wrong with one.
func TestCapturedDocumentsKeepTheContract(t *testing.T) {
	requireContract(t, []byte(text(t, "testdata/viewer/update.xml")))
	if shared, ok := findShared(); ok {
		files, err := filepath.Glob(filepath.Join(shared, "update-xml", "*.xml"))
		require.NoError(t, err)
		for _, file := range files {
			requireContract(t, []byte(text(t, file)))
		}
	}
	var root part
	require.NoError(t, xml.Unmarshal([]byte(head+properties+identity+`<Files><File Size="x"/></Files><Extra/></Update>`), &root))
	require.ElementsMatch(t, []string{"UpdateIdentity of Update is out of order", `Size of File is "x", want int !`, "File lacks Digest",
		"File lacks FileName", "Update has a child Extra"}, violations(root))
}

func TestPublishedDocumentsKeepTheContract(t *testing.T) {
	for _, file := range packageFiles(t) {
		published, err := packageIn(t, file).Update(metadata.PublishOptions{PublisherID: packagePublisher})
		require.NoError(t, err)
		for _, doc := range append(published.Parts, published.Document) {
			requireContract(t, doc)
		}
	}
}

// Whatever package there is: its documents keep the contract, and what is made of them becomes the same documents.
func TestEveryPackageRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPackage(t)
		options := metadata.PublishOptions{Revision: 5}
		published, err := p.Update(options)
		require.NoError(t, err)
		var parts []*metadata.Update
		for _, doc := range published.Parts {
			requireContract(t, doc)
			part, err := metadata.Parse(doc)
			require.NoError(t, err)
			parts = append(parts, part)
		}
		requireContract(t, published.Document)
		u, err := metadata.Parse(published.Document)
		require.NoError(t, err)
		back, _, err := metadata.PackageOf(u, parts...)
		require.NoError(t, err)
		again, err := back.Update(options)
		require.NoError(t, err)
		require.Equal(t, string(published.Document), string(again.Document))
		require.Equal(t, published.Parts, again.Parts)

		sdp, err := p.Document()
		require.NoError(t, err)
		read, err := metadata.ParsePackage(sdp)
		require.NoError(t, err)
		third, err := read.Update(options)
		require.NoError(t, err)
		require.Equal(t, string(published.Document), string(third.Document))
	})
}

func drawPackage(t *rapid.T) *metadata.Package {
	word := rapid.StringMatching(`[a-zA-Z<>&"'.é-]([a-zA-Z<>&"' .é-]{0,6}[a-z])?`)
	words := rapid.SliceOfN(word, 0, 2)
	id := rapid.Custom(func(t *rapid.T) uuid.UUID { return uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")) })
	p := &metadata.Package{
		PackageID: numbered(1), CreationDate: time.Unix(rapid.Int64Range(1, 2e9).Draw(t, "created"), 0).UTC(),
		PublicationState: rapid.SampledFrom([]string{"", "Published", "Expired"}).Draw(t, "state"),
		Type:             rapid.SampledFrom([]metadata.UpdateType{"", metadata.Software, metadata.Driver, metadata.Detectoid}).Draw(t, "type"),
		VendorName:       word.Draw(t, "vendor"), MoreInfoURLs: words.Draw(t, "more"), SupportURL: word.Draw(t, "support"),
		CanSourceBeRequired: rapid.Bool().Draw(t, "source"), RestrictToClientServicingAPI: rapid.Bool().Draw(t, "restrict"),
		MsrcSeverity: rapid.SampledFrom([]string{"", "Critical", "Low"}).Draw(t, "severity"),
		BulletinIDs:  words.Draw(t, "bulletins"), CveIDs: words.Draw(t, "cves"), KBArticleIDs: words.Draw(t, "kbs"),
		Superseded:    rapid.SliceOfN(id, 0, 2).Draw(t, "superseded"),
		Prerequisites: rapid.SliceOfN(rapid.SliceOfN(id, 1, 2), 0, 2).Draw(t, "prerequisites"),
		Rules:         metadata.PackageRules{IsInstalled: drawRule(t), IsInstallable: drawRule(t)},
	}
	if rapid.Bool().Draw(t, "application") {
		p.Application, p.MsrcSeverity, p.BulletinIDs, p.CveIDs, p.KBArticleIDs = true, "", nil, nil, nil
	} else {
		p.Classification = rapid.SampledFrom(metadata.PackageClassifications()).Draw(t, "class").Name
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "texts") {
		p.Texts = append(p.Texts, metadata.PackageText{Languages: []string{[]string{"en", "de", "fr"}[i]}, Title: word.Draw(t, "title"),
			Description: word.Draw(t, "description")})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "items") {
		p.Items = append(p.Items, drawItem(t, 10+i, word))
	}
	return p
}

func drawItem(t *rapid.T, n int, word *rapid.Generator[string]) metadata.InstallableItem {
	code := "{" + numbered(n).String() + "}"
	item := metadata.InstallableItem{ID: numbered(n), Rules: metadata.PackageRules{IsInstalled: drawRule(t), IsSuperseded: drawRule(t)},
		Languages: rapid.SampledFrom([][]string{nil, {"en"}, {"en", "de"}}).Draw(t, "languages")}
	item.Installer = rapid.SampledFrom([]metadata.Installer{
		&metadata.CommandLine{Program: word.Draw(t, "program"), Arguments: word.Draw(t, "arguments"), DefaultResult: metadata.ResultCancelled,
			ReturnCodes: []metadata.ReturnCode{{Code: rapid.Int32().Draw(t, "code"), Result: metadata.ResultSucceeded, Reboot: true}}},
		&metadata.WindowsInstallerApp{MsiFile: word.Draw(t, "msi"), ProductCode: code, UninstallCommandLine: word.Draw(t, "uninstall")},
		&metadata.WindowsInstallerPatch{PatchCode: code, FullFilePatchCode: code},
		&metadata.WindowsPatch{InstallParameters: word.Draw(t, "install")},
	}).Draw(t, "installer")
	if rapid.Bool().Draw(t, "behavior") {
		item.Installation = &metadata.Behavior{RebootBehavior: "NeverReboots", Impact: "Minor", CanRequestUserInput: true}
		item.Uninstallation = &metadata.Behavior{RebootBehavior: "CanRequestReboot", Impact: "Normal"}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "files") {
		f := metadata.File{Name: fmt.Sprintf("%d.msi", i), Size: rapid.Int64Range(0, 1<<40).Draw(t, "size")}
		f.SHA1[0], f.SHA256[0] = byte(i), byte(rapid.IntRange(0, 1).Draw(t, "sha256"))
		item.Files = append(item.Files, metadata.OriginFile{File: f, URI: word.Draw(t, "uri")})
	}
	return item
}

func drawRule(t *rapid.T) metadata.Markup {
	text := rapid.SampledFrom([]string{"", `<a:True xmlns:a="http://schemas.microsoft.com/wsus/2005/04/CorporatePublishing/LogicalApplicabilityRules.xsd"/>`,
		`<a:FileExists xmlns:a="http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules" Path="a &amp; b"/>`,
		`<x xmlns="urn:x" xml:lang="en" xmlns:b="urn:b" b:y="1">t &lt; u</x>`}).Draw(t, "rule")
	if text == "" {
		return metadata.Markup{}
	}
	m, err := metadata.ParseMarkup(text)
	require.NoError(t, err)
	return m
}

// Nothing in the real documents, fragments and packages is unknown.
func TestNothingCapturedIsUnknown(t *testing.T) {
	shared := sharedTestdata(t)
	var unknown []string
	note := func(file string, attrs []metadata.Attr, nodes []*metadata.Node) {
		for _, a := range attrs {
			unknown = append(unknown, file+": attribute "+a.Name)
		}
		for _, n := range nodes {
			unknown = append(unknown, file+": element "+n.Name)
		}
	}
	core := func(file string, c *metadata.Core) {
		note(file, nil, c.Relationships.Other)
		note(file, nil, c.Rules.Other)
		for _, read := range []func() error{
			func() error { _, err := c.Rules.MSIPatch(); return err },
			func() error { _, err := c.Rules.MSIApplication(); return err },
			func() error { _, err := c.Rules.CBSPackage(); return err },
			func() error { _, err := c.Rules.WindowsDrivers(); return err },
		} {
			require.NoError(t, read(), file)
		}
	}
	extended := func(file string, x *metadata.Extended) {
		note(file, x.OtherAttrs, x.Other)
		for _, f := range x.Files {
			note(file, f.OtherAttrs, f.Other)
		}
		installer, err := x.Installer()
		require.NoError(t, err, file)
		if other, ok := installer.(*metadata.OtherInstaller); ok {
			unknown = append(unknown, file+": handler data "+other.Type)
		}
	}
	localized := func(file string, l *metadata.Localized) { note(file, nil, l.Other) }
	read := 0
	require.NoError(t, filepath.WalkDir(shared, func(file string, entry os.DirEntry, err error) error {
		folder := filepath.Base(filepath.Dir(file))
		if err != nil || entry.IsDir() || !slices.Contains([]string{"update-xml", "fragments", "detectoids", "sdp"}, folder) {
			return err
		}
		read++
		name := entry.Name()
		switch data := text(t, file); {
		case folder == "update-xml" && strings.HasSuffix(name, ".xml"):
			u := update(t, []byte(data))
			note(name, nil, u.Other)
			core(name, &u.Core)
			extended(name, &u.Extended)
			for i := range u.Localized {
				localized(name, &u.Localized[i])
			}
		case folder == "sdp":
			for _, other := range packageIn(t, file).Other {
				unknown = append(unknown, name+": element "+other.Name())
			}
		case strings.Contains(name, "core"):
			c, err := metadata.ParseCore(data)
			require.NoError(t, err, name)
			core(name, c)
		case strings.Contains(name, "extended"):
			x, err := metadata.ParseExtended(data)
			require.NoError(t, err, name)
			extended(name, x)
		case strings.Contains(name, "localized"):
			l, err := metadata.ParseLocalized(data)
			require.NoError(t, err, name)
			localized(name, l)
		default:
			read--
		}
		return nil
	}))
	require.GreaterOrEqual(t, read, 20)
	require.Empty(t, unknown)
}
