package soap_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

const (
	head = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><op xmlns="urn:x">`
	tail = `</op></s:Body></s:Envelope>`
)

// readAll passes over a whole message.
func readAll(message string) error {
	s, _, err := soap.Open([]byte(message), soap.Limits{})
	if err != nil {
		return err
	}
	s.Skip()
	return s.Close()
}

func TestScannerAccepts(t *testing.T) {
	for name, message := range map[string]string{
		"plain":                  head + `<a>1</a>` + tail,
		"declaration":            `<?xml version="1.0" encoding="utf-8"?>` + head + tail,
		"standalone declaration": `<?xml version='1.0' standalone='yes' ?>` + "\r\n" + head + tail,
		"byte order mark":        "\uFEFF" + head + tail,
		"comments":               `<!-- a -->` + head + `<!--b--><a>1<!--c-->2</a>` + tail + `<!--d--> `,
		"section":                head + `<a><![CDATA[<&>]]></a>` + tail,
		"self-closing":           head + `<a/><b /><c x="1"/>` + tail,
		"attributes":             head + `<a x = "1" y='"&lt;'></a >` + tail,
		"prefixes":               head + `<p:a xmlns:p="urn:p"><p:b p:c=""/></p:a>` + tail,
		"xml prefix":             head + `<a xml:lang="en"/>` + tail,
		"references":             head + `<a>&amp;&lt;&gt;&apos;&quot;&#65;&#x41;&#x10FFFF;</a>` + tail,
		"header":                 strings.Replace(head, "<s:Body>", "<s:Header><h/></s:Header><s:Body>", 1) + tail,
		"default envelope":       `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><op xmlns="urn:x"/></Body></Envelope>`,
		"sixty levels":           head + strings.Repeat("<a>", 60) + strings.Repeat("</a>", 60) + tail,
	} {
		t.Run(name, func(t *testing.T) { require.NoError(t, readAll(message)) })
	}
}

func TestScannerRefuses(t *testing.T) {
	for name, message := range map[string]string{
		"nothing":                  ``,
		"text":                     `hello`,
		"crossed tags":             head + `<a><b></a></b>` + tail,
		"prefix differs":           head + `<p:a xmlns:p="urn:p"></a>` + tail,
		"end tag is longer":        head + `<a></ab>` + tail,
		"end tag is shorter":       head + `<ab></a>` + tail,
		"missing end":              head + `<a>`,
		"cut tag":                  head + `<a`,
		"cut attribute":            head + `<a x="1`,
		"undeclared prefix":        head + `<p:a/>` + tail,
		"undeclared on attribute":  head + `<a p:b=""/>` + tail,
		"scope of a prefix":        head + `<a xmlns:p="urn:p"/><p:b/>` + tail,
		"unknown entity":           head + `<a>&nbsp;</a>` + tail,
		"entity without end":       head + `<a>&amp</a>` + tail,
		"bare ampersand":           head + `<a>a & b</a>` + tail,
		"reference to NUL":         head + `<a>&#0;</a>` + tail,
		"reference to surrogate":   head + `<a>&#xD800;</a>` + tail,
		"reference too large":      head + `<a>&#x110000;</a>` + tail,
		"entity in skipped text":   head + `<a><b>&x;</b></a>` + tail,
		"entity in attribute":      head + `<a b="&x;"/>` + tail,
		"document type":            `<!DOCTYPE a [<!ENTITY x "y">]>` + head + tail,
		"document type inside":     head + `<!DOCTYPE a>` + tail,
		"instruction":              `<?xml version="1.0"?><?pi x?>` + head + tail,
		"instruction inside":       head + `<?pi x?>` + tail,
		"late declaration":         ` <?xml version="1.0"?>` + head + tail,
		"other encoding":           `<?xml version="1.0" encoding="utf-16"?>` + head + tail,
		"other version":            `<?xml version="1.1"?>` + head + tail,
		"declaration order":        `<?xml encoding="utf-8" version="1.0"?>` + head + tail,
		"declaration without end":  `<?xml version="1.0"`,
		"not UTF-8":                head + "<a>\xff</a>" + tail,
		"overlong":                 head + "<a>\xc0\xaf</a>" + tail,
		"control character":        head + "<a>\x01</a>" + tail,
		"noncharacter":             head + "<a>\uFFFF</a>" + tail,
		"section end in text":      head + `<a>]]></a>` + tail,
		"section without end":      head + `<a><![CDATA[x</a>` + tail,
		"dashes in comment":        head + `<!-- a -- b -->` + tail,
		"comment without end":      head + `<!-- a ->` + tail,
		"attribute twice":          head + `<a b="" b=""/>` + tail,
		"attributes run together":  head + `<a b=""c=""/>` + tail,
		"attribute without quotes": head + `<a b=c/>` + tail,
		"attribute without value":  head + `<a b/>` + tail,
		"less-than in attribute":   head + `<a b="<"/>` + tail,
		"name begins with digit":   head + `<1a/>` + tail,
		"name with two colons":     head + `<a:b:c xmlns:a="urn:a"/>` + tail,
		"name ends with colon":     head + `<a: xmlns:a="urn:a"/>` + tail,
		"space before name":        head + `< a/>` + tail,
		"empty prefix namespace":   head + `<a xmlns:p=""/>` + tail,
		"xmlns bound":              head + `<a xmlns:xmlns="urn:x"/>` + tail,
		"two bodies' children":     head + `</op><op/></s:Body></s:Envelope>`,
		"two bodies":               head + `</op></s:Body><s:Body><op/></s:Body></s:Envelope>`,
		"empty body":               `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>`,
		"no body":                  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"></s:Envelope>`,
		"body of another space":    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><Body><a/></Body></s:Envelope>`,
		"not an envelope":          `<html><body/></html>`,
		"other namespace":          `<Envelope xmlns="urn:x"><Body><a/></Body></Envelope>`,
		"something after":          head + tail + `<a/>`,
		"text after":               head + tail + `a`,
		"text among elements":      head + `</op>x</s:Body></s:Envelope>`,
	} {
		t.Run(name, func(t *testing.T) {
			var syntax *soap.SyntaxError
			require.ErrorAs(t, readAll(message), &syntax)
		})
	}
}

func TestChildRefusesText(t *testing.T) {
	for _, content := range []string{"x<a/>", "<a/>x", "<![CDATA[x]]><a/>", "&amp;"} {
		s, _, err := soap.Open([]byte(head+content+tail), soap.Limits{})
		require.NoError(t, err)
		for s.Child() {
			s.Skip()
		}
		require.Error(t, s.Err(), content)
	}
}

func TestScannerNamesThePlace(t *testing.T) {
	err := readAll(head + "\n\n<a></b>" + tail)
	var syntax *soap.SyntaxError
	require.ErrorAs(t, err, &syntax)
	require.Equal(t, 3, syntax.Line)
	require.Equal(t, len(head)+2+len("<a>"), syntax.Offset)
}

func TestScannerLimits(t *testing.T) {
	for name, message := range map[string]string{
		"depth":      head + strings.Repeat("<a>", 100_000),
		"elements":   head + strings.Repeat("<a/>", 1<<20) + tail,
		"attributes": head + `<a ` + attributes(100) + `/>` + tail,
		"namespaces": head + strings.Repeat(`<a xmlns="urn:y" xmlns:a="urn:a" xmlns:b="urn:b">`, 30) + tail,
	} {
		t.Run(name, func(t *testing.T) {
			var limit *soap.LimitError
			require.ErrorAs(t, readAll(message), &limit)
		})
	}
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(` x` + strings.Repeat("y", i) + `=""`)
	}
	return b.String()
}

func TestOpenRefusesSOAP12(t *testing.T) {
	_, _, err := soap.Open([]byte(`<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><a/></s:Body></s:Envelope>`), soap.Limits{})
	require.True(t, errors.Is(err, soap.ErrVersion))
}

func TestOpenFindsTheOperation(t *testing.T) {
	for name, message := range map[string]string{
		"default namespace": head + tail,
		"prefix on it":      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x:op xmlns:x="urn:x"/></s:Body></s:Envelope>`,
		"prefix far up":     `<s:Envelope xmlns:x="urn:x" xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x:op/></s:Body></s:Envelope>`,
		"escaped namespace": `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><op xmlns="urn:&#120;"/></s:Body></s:Envelope>`,
	} {
		t.Run(name, func(t *testing.T) {
			_, op, err := soap.Open([]byte(message), soap.Limits{})
			require.NoError(t, err)
			require.Equal(t, soap.Operation{Space: "urn:x", Name: "op"}, op)
		})
	}
}

// MS-WUSP §4 has samples with nil on whole elements, with either value; agents of today declare the prefix locally.
func TestNilIsAbsent(t *testing.T) {
	const xsi = "http://www.w3.org/2001/XMLSchema-instance"
	message := head + `<a a:nil="true" xmlns:a="` + xsi + `"/><b xmlns:xsi="` + xsi + `" xsi:nil="1">x<y/></b>` +
		`<c xmlns:xsi="` + xsi + `" xsi:nil="false">c</c><d nil="true">d</d><e xmlns:q="urn:q" q:nil="true">e</e>` + tail
	s, _, err := soap.Open([]byte(message), soap.Limits{})
	require.NoError(t, err)
	var seen []string
	for s.Child() {
		seen = append(seen, string(s.Name())+"="+s.String())
	}
	require.NoError(t, s.Close())
	require.Equal(t, []string{"c=c", "d=d", "e=e"}, seen)
}
