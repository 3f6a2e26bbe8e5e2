package soap_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

func TestEnvelopes(t *testing.T) {
	op := soap.Operation{Space: "urn:x", Name: "op"}
	for form, want := range map[soap.Form]string{
		soap.Request: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><op xmlns="urn:x"></op></s:Body></s:Envelope>`,
		soap.BareAnswer: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
			`xmlns:xsd="http://www.w3.org/2001/XMLSchema"><op xmlns="urn:x"></op></s:Body></s:Envelope>`,
		soap.DeclaredAnswer: `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ` +
			`xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>` +
			`<op xmlns="urn:x"></op></soap:Body></soap:Envelope>`,
	} {
		w := soap.NewWriter(nil)
		w.Envelope(form, op, func() {})
		require.Equal(t, want, string(w.Bytes()))
		require.NoError(t, readAll(string(w.Bytes())))
	}
}

func TestWriterElements(t *testing.T) {
	var w soap.Writer
	w.Int("i", -1)
	w.Bool("b", true)
	w.StringIf("no", "")
	w.Empty("e")
	w.Base64("d", []byte{1, 2, 3, 4})
	w.GUID("g", uuid.MustParse("4D2C1F6E-0B1A-4C55-9A77-3F0E5D1C2B3A"))
	w.Int32s("none", nil)
	w.Int32s("is", []int32{1, 2})
	w.Strings("ss", []string{"a<b", ""})
	w.GUIDs("none", nil)
	w.String("t", "&<>\"'\r\n\t\x00\xffé")
	require.Equal(t, `<i>-1</i><b>true</b><e/><d>AQIDBA==</d><g>4d2c1f6e-0b1a-4c55-9a77-3f0e5d1c2b3a</g>`+
		`<is><int>1</int><int>2</int></is><ss><string>a&lt;b</string><string></string></ss>`+
		"<t>&amp;&lt;&gt;\"'&#xD;\n\t\uFFFD\uFFFDé</t>", string(w.Bytes()))
}

func TestFault(t *testing.T) {
	fault := soap.Fault{Code: soap.ClientCode, Reason: "Fault occurred", Detail: soap.Detail{
		ErrorCode: "ConfigChanged", ID: "0b8f7d62-6f0d-4f7e-9c52-0e4f3c8a9b10", Method: `"urn:x/op"`}}
	w := soap.NewWriter(nil)
	w.Fault(soap.Request, fault)
	require.Equal(t, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>`+
		`<faultstring>Fault occurred</faultstring><detail><ErrorCode>ConfigChanged</ErrorCode><Message/>`+
		`<ID>0b8f7d62-6f0d-4f7e-9c52-0e4f3c8a9b10</ID><Method>"urn:x/op"</Method></detail></s:Fault></s:Body></s:Envelope>`, string(w.Bytes()))

	s, op, err := soap.Open(w.Bytes(), soap.Limits{})
	require.NoError(t, err)
	require.True(t, op.IsFault())
	read, err := soap.ReadFault(s)
	require.NoError(t, err)
	require.Equal(t, fault, read)
}

// What is written comes back from the scanner and from encoding/xml, save what no document can hold.
func TestTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("&<>\"'\r\n\t]]>")))).Draw(t, "text")
		text = strings.Map(func(r rune) rune {
			if r < ' ' && !strings.ContainsRune("\r\n\t", r) || r == 0xFFFE || r == 0xFFFF {
				return -1
			}
			return r
		}, text)
		w := soap.NewWriter(nil)
		w.Envelope(soap.BareAnswer, soap.Operation{Space: "urn:x", Name: "op"}, func() { w.String("a", text) })
		s, _, err := soap.Open(w.Bytes(), soap.Limits{})
		if err != nil || !s.Child() {
			t.Fatal(err, s.Err())
		}
		if got := s.String(); got != text || s.Child() || s.Close() != nil {
			t.Fatalf("scanner: %q, want %q (%v)", got, text, s.Err())
		}
		var m struct {
			Text string `xml:"Body>op>a"`
		}
		if err := xml.Unmarshal(w.Bytes(), &m); err != nil || m.Text != text {
			t.Fatalf("encoding/xml: %q, want %q (%v)", m.Text, text, err)
		}
	})
}

// The fast path for runs and the general path see the same list, however the items are written.
func TestInt32sHoweverWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Int32(), 0, 20).Draw(t, "list")
		var b strings.Builder
		for _, n := range list {
			form := rapid.SampledFrom([]string{
				"<int>%d</int>", "<int>%d</int>", "<int>%d</int>", " <int>%d</int>", "<int> %d\n</int>", "<int >%d</int >",
				"<int><!-- -->%d</int>", "<int><![CDATA[%d]]></int>", "<x:int xmlns:x='urn:x'>%d</x:int>", "<other/><int>%d</int>",
				"<!--%[1]d--><int>%[1]d</int>",
			}).Draw(t, "form")
			fmt.Fprintf(&b, form, n)
		}
		s, _, err := soap.Open([]byte(head+"<l>"+b.String()+"</l><after/>"+tail), soap.Limits{})
		if err != nil || !s.Child() {
			t.Fatal(err)
		}
		got := s.Int32s(nil, len(list))
		if s.Err() != nil || fmt.Sprint(got) != fmt.Sprint(list) {
			t.Fatalf("%v, want %v (%v)", got, list, s.Err())
		}
		if !s.Child() || string(s.Name()) != "after" {
			t.Fatal("the list is not closed")
		}
	})
}
