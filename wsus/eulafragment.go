package wsus

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// eulaFragment is the license agreement of a revision in the language that fits best, for a country when there is a text for it: the
// EulaFile element of its document, in the form of fragments (MS-WUSP §3.1.1.1). Agents of a server do not ask for it, since an administrator
// accepts agreements for them; other programs do. The answer is false for a revision without such a text.
func eulaFragment(g *catalog.Generation, r *catalog.Revision, locales []string, geoID string) (string, content.Ref, bool, error) {
	u, err := documentOf(g, r)
	if err != nil {
		return "", content.Ref{}, false, err
	}
	file, ok := pickAgreementFor(u, locales, geoID)
	if !ok {
		return "", content.Ref{}, false, nil
	}
	ref := content.Ref{SHA1: file.SHA1, SHA256: file.SHA256, Size: file.Size, Name: file.Name}
	return eulaElement(file), ref, true, nil
}

func eulaElement(f metadata.EulaFile) string {
	var b strings.Builder
	b.WriteString("<EulaFile")
	attribute := func(name, value string) {
		if value != "" {
			b.WriteString(" " + name + `="` + attributeEscapes.Replace(value) + `"`)
		}
	}
	attribute("Digest", base64.StdEncoding.EncodeToString(f.SHA1[:]))
	attribute("DigestAlgorithm", "SHA1")
	attribute("FileName", f.Name)
	attribute("Size", strconv.FormatInt(f.Size, 10))
	if !f.Modified.IsZero() {
		attribute("Modified", f.Modified.UTC().Format(time.RFC3339Nano))
	}
	attribute("Language", f.Language)
	attribute("GeoId", f.GeoID)
	if f.SHA256 == [len(f.SHA256)]byte{} {
		b.WriteString(" />")
		return b.String()
	}
	b.WriteString(`><AdditionalDigest Algorithm="SHA256">` + base64.StdEncoding.EncodeToString(f.SHA256[:]) + `</AdditionalDigest></EulaFile>`)
	return b.String()
}

var attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#xD;", "\n", "&#xA;", "\t", "&#x9;")
