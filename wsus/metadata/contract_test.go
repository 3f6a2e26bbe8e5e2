package metadata_test

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

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
	case "version":
		return regexp.MustCompile(`^\d{1,5}(\.\d{1,5}){0,3}$`).MatchString(value)
	case "scalar", "words", "either":
		// Comparisons occur in lower case, too.
		words := strings.Fields(map[string]string{"scalar": scalarWords, "words": textWords, "either": scalarWords + textWords}[kind])
		return slices.ContainsFunc(words, func(word string) bool { return strings.EqualFold(word, value) })
	case "uri":
		return strings.HasPrefix(value, "http://")
	}
	return slices.Contains(strings.Split(kind, "|"), value)
}

const (
	scalarWords = " LessThan LessThanOrEqualTo EqualTo GreaterThanOrEqualTo GreaterThan"
	textWords   = " EqualTo BeginsWith Contains EndsWith"
)

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
	// The offline file's cabinets are stored, and none of its fragments runs over a block; the answer has them escaped.
	offline := text(t, filepath.Join(shared, "wsusscn2", "wsusscn2-sample.cab"))
	answer := text(t, filepath.Join(shared, "soap-client", "000010-GetExtendedUpdateInfo.response.xml"))
	answer = html.UnescapeString(answer)
	counts := map[string]int{}
	for pattern, check := range map[string]func(fragment string){
		`(?s)<UpdateIdentity UpdateID="[^"]*" RevisionNumber="\d+" /><Properties .*?</Relationships>`: func(fragment string) {
			c, err := metadata.ParseCore(fragment)
			require.NoError(t, err)
			core("offline", c)
			counts["core"]++
		},
		`(?s)<ExtendedProperties [^>]*?(/>|>.*?</ExtendedProperties>)(<Files>.*?</Files>)?(<HandlerSpecificData .*?</HandlerSpecificData>)?`: func(fragment string) {
			x, err := metadata.ParseExtended(fragment)
			require.NoError(t, err, fragment)
			extended(fragment, x)
			counts["extended"]++
		},
		`(?s)<LocalizedProperties>.*?</LocalizedProperties>`: func(fragment string) {
			l, err := metadata.ParseLocalized(fragment)
			require.NoError(t, err)
			localized("offline", l)
			counts["localized"]++
		},
	} {
		for _, fragment := range regexp.MustCompile(pattern).FindAllString(offline+answer, -1) {
			check(fragment)
		}
	}
	require.Equal(t, map[string]int{"core": 3, "extended": 8, "localized": 6}, counts)
	require.Empty(t, unknown)
}
