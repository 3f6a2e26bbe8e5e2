package wsus_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// documentAttacks are bombs of XML. Each is sent to the Reporting service over plain HTTP, where nobody has to show a cookie first,
// and to the Client service over TLS.
func documentAttacks() []attack {
	var rows []attack
	add := func(name, weakness, sent, because string, body func(path string) string) {
		rows = append(rows, attack{name: name, weakness: weakness, sent: sent, answer: "InvalidParameters: " + because,
			memory: 64 << 20,
			run: func(t *testing.T, v *victim) {
				for path, d := range map[string]door{clientsync.ReportingPath: overHTTP, clientsync.ClientPath: overTLS} {
					r := v.post(t, d, path, "", body(path))
					requireFault(t, clientsync.InvalidParameters, r)
					require.Contains(t, r.body, because)
				}
			}})
	}
	inside := func(text string) func(string) string { // of an element that nobody knows
		return func(path string) string { return envelope(path, operationAt(path), text) }
	}
	const xxe, bomb = "XML external entities", "XML bombs"
	const noTypes = "document types, processing instructions and sections have no place here"
	add("billion laughs", bomb, "ten entities of ten of the one before", noTypes,
		func(path string) string { return laughs() + inside("<x>&l9;</x>")(path) })
	add("one large entity", bomb, "an entity of 100 KB, used 10,000 times", noTypes, func(path string) string {
		return `<!DOCTYPE a [<!ENTITY e "` + strings.Repeat("x",
			100_000) + `">]>` + inside("<x>"+strings.Repeat("&e;", 10_000)+"</x>")(path)
	})
	add("external entity", xxe, "a DOCTYPE with a file and an address", noTypes, func(path string) string {
		return `<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>` +
			inside("<x>&e;</x>")(path)
	})
	add("entity without declaration", xxe, "&evil; in an element", "an entity that is not one of the five of XML",
		inside(known("<x>&evil;</x>")))
	add("processing instruction", xxe, "a style sheet of elsewhere", noTypes, func(path string) string {
		return `<?style-sheet href="http://192.0.2.1/"?>` + inside("")(path)
	})
	add("inclusion", xxe, "xi:include of a file, in an operation that does not exist", "is no operation of this service",
		func(path string) string {
			return strings.ReplaceAll(inside(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>`)(path), operationAt(path), "Nothing")
		})
	add("depth", bomb, "a million open elements", "levels of elements", inside(known(strings.Repeat("<a>", 1_000_000))))
	add("elements", bomb, "600,000 empty elements", "elements", inside(known(strings.Repeat("<a/>", 600_000))))
	add("attributes", bomb, "100,000 attributes of one element", "attributes",
		inside(known("<a"+numbered(` a%d=""`, 100_000)+"/>")))
	add("namespaces", bomb, "32 levels with 60 declarations each", "namespace declarations",
		inside(known(numbered("<a"+numbered(` xmlns:n%d="u"`, 60)+" b%d=''>", 20))))
	add("names", bomb, "an element whose name has a megabyte", "an end tag does not match",
		inside(known("<"+strings.Repeat("n", 1<<20)+"></n>")))
	add("another encoding", "filters that read bytes in another way than the parser",
		"UTF-16, UTF-7 by declaration, an overlong slash", "", nil)
	rows[len(rows)-1] = encodings(rows[len(rows)-1])
	return append(rows, countAttacks()...)
}

// operationAt is one that takes a cookie.
func operationAt(path string) string {
	if path == clientsync.ClientPath {
		return "SyncUpdates"
	}
	return "ReportEventBatch"
}

// known puts elements where they are read over: in a cookie.
func known(text string) string { return "<cookie>" + text + "</cookie>" }

func laughs() string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE l [<!ENTITY l0 "ha">`)
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, `<!ENTITY l%d "%s">`, i, strings.Repeat(fmt.Sprintf("&l%d;", i-1), 10))
	}
	return b.String() + "]>"
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func encodings(row attack) attack {
	row.answer = "InvalidParameters"
	row.run = func(t *testing.T, v *victim) {
		wide := []byte{0xff, 0xfe}
		for _, c := range []byte(envelope(clientsync.ReportingPath, "ReportEventBatch", "")) {
			wide = append(wide, c, 0)
		}
		for _, body := range []string{string(wide), `<?xml version="1.0" encoding="utf-7"?>` + envelope(clientsync.ReportingPath,
			"ReportEventBatch", ""),
			envelope(clientsync.ReportingPath, "ReportEventBatch", "<x>\xc0\xaf</x>"), envelope(clientsync.ReportingPath,
				"ReportEventBatch", "<x>\x00</x>")} {
			requireFault(t, clientsync.InvalidParameters, v.post(t, overHTTP, clientsync.ReportingPath, "", body))
		}
	}
	return row
}
