package iis_test

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

func TestParseRefuses(t *testing.T) {
	const root = "<configuration>"
	for _, c := range []struct {
		text, reason string
		line, column int
	}{
		{"", "no element", 1, 1},
		{"<?xml version=\"1.0\"?>\n<!-- <configuration/> -->\n", "no element", 3, 1},
		{root + "\n  <a>\n</configuration>", "</configuration> where </a> is due: <a> of line 2 is still open", 3, 1},
		{root + "\n<a></A></configuration>", "</A> where </a> is due", 2, 4},
		{root + "</configuration>\n</configuration>", "</configuration> closes an element that is not open", 2, 1},
		{root + "</configuration>\n<configuration/>", "a second root element", 2, 1},
		{root + "\n <a b='1'\n  c='2' b='3'/></configuration>", "<a> has the attribute b twice", 3, 9},
		{root + "<a b=1/></configuration>", "the value of the attribute b of <a> is not in quotes", 1, 19},
		{root + "<a b/></configuration>", "the attribute b of <a> has no value", 1, 19},
		{root + "<a b='1'c='2'/></configuration>", "a blank is missing within the tag <a>", 1, 24},
		{root + "<a b='1></configuration>", "does not end", 1, 19},
		{root + "<a b=\"x\n<c d='1'/></configuration>", "the value of the attribute b of <a> does not end", 1, 19},
		{root + "<a b='1<2'/></configuration>", "< within a value", 1, 23},
		{root + "<a b='&nbsp;'/></configuration>", "a reference that XML does not know", 1, 22},
		{root + "<a b='a & b'/></configuration>", "& that begins no reference: write &amp;", 1, 24},
		{root + "<a b='&#0;'/></configuration>", "a reference", 1, 22},
		{root + "<a b='&#xD800;'/></configuration>", "a reference", 1, 22},
		{root + "&lt;&copy;</configuration>", "a reference", 1, 20},
		{root + "]]></configuration>", "]]&gt;", 1, 16},
		{root + "<!-- a -- b --></configuration>", "-- within a comment", 1, 23},
		{root + "<!-- a ---></configuration>", "-- within a comment", 1, 23},
		{root + "<!-- a</configuration>", "a comment that does not end", 1, 16},
		{root + "<![CDATA[ a</configuration>", "a CDATA section that does not end", 1, 16},
		{root + "<?a b</configuration>", "a processing instruction that does not end", 1, 16},
		{root + "<?xml version='1.0'?></configuration>", "not at the very beginning", 1, 16},
		{"\n<?xml version='1.0'?><configuration/>", "not at the very beginning", 2, 1},
		{"<!DOCTYPE configuration [<!ENTITY a 'b'>]><configuration/>", "a document type", 1, 1},
		{"x<configuration/>", "text outside of the root element", 1, 1},
		{"<configuration/>\n\n  x", "text outside of the root element", 3, 3},
		{"<configuration/><![CDATA[x]]>", "text outside of the root element", 1, 17},
		{root + "< a/></configuration>", "the name of an element is expected here", 1, 17},
		{root + "<1a/></configuration>", "the name of an element is expected here", 1, 17},
		{root + "<a:b:c/></configuration>", "the name of an element is expected here", 1, 17},
		{root + "<é×/></configuration>", "the name of an element is expected here", 1, 17},
		{root + "é<a b='\x01'/></configuration>", "a character that XML does not allow", 1, 23},
		{root + "\xE9</configuration>", "bytes that are not UTF-8", 1, 16},
		{"<?xml version='1.1'?><configuration/>", "not the XML declaration that is expected", 1, 1},
		{"<?xml encoding='UTF-8'?><configuration/>", "not the XML declaration that is expected", 1, 1},
		{"<?xml version='1.0' encoding='windows-1252'?><configuration/>", "declares the encoding windows-1252 but is written in UTF-8", 1, 1},
		{"<?xml version='1.0' encoding='utf-16'?><configuration/>", "declares the encoding utf-16 but is written in UTF-8", 1, 1},
		{"<\x00c\x00", "UTF-16 without byte order mark", 1, 1},
		{"\xFF\xFE<\x00", "the name of an element is expected here", 1, 2},
		{"\xFF\xFE\n\x00\x00\xD8\x00\x00", "a character that XML does not allow", 2, 1},
		{"\xFE\xFF\x00\n\xDC\x00", "a character that XML does not allow", 2, 1},
		{"<Configuration/>", "the root element is <Configuration>, not <configuration>", 1, 1},
		{"<a:configuration xmlns:a='b'/>", "the root element is <a:configuration>", 1, 1},
		{"<configuration xmlns='urn:a'/>", `in the namespace "urn:a"`, 1, 16},
		{strings.Repeat("<a>", 65), "nested more than 64 deep", 1, 193},
	} {
		_, err := iis.Parse([]byte(c.text))
		var syntax *iis.SyntaxError
		require.ErrorAs(t, err, &syntax, c.text)
		require.Contains(t, syntax.Reason, c.reason, c.text)
		require.Equal(t, []int{c.line, c.column}, []int{syntax.Line, syntax.Column}, c.text)
	}
	_, err := iis.Parse([]byte("\xFF\xFE<\x00/"))
	require.ErrorContains(t, err, "the file was cut off")
}

func TestParseLimits(t *testing.T) {
	for name, text := range map[string]string{
		"more than 16777216 bytes":   strings.Repeat(" ", iis.MaxBytes+1),
		"more than 250000 elements":  "<configuration>" + strings.Repeat("<a/>", 250_000) + "</configuration>",
		"more than 256 of one":       "<configuration " + manyAttributes(257) + "/>",
		"more than 500000 attribute": "<configuration>" + strings.Repeat("<a "+manyAttributes(100)+"/>", 5001) + "</configuration>",
	} {
		_, err := iis.Parse([]byte(text))
		require.ErrorContains(t, err, name)
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d='' ", i)
	}
	return b.String()
}

// What is allowed though it looks odd, and what values mean.
func TestParseAccepts(t *testing.T) {
	for text, outline := range map[string][]string{
		"<configuration/>": {"<configuration"},
		"<?xml version='1.0' encoding='utf-8' standalone=\"yes\" ?>\r\n<configuration\t></configuration\n><!-- end --> <?pi?>": {"<configuration"},
		"<configuration><a b = '\"' c='x\r\ny\tz&#10;&#x9;&amp;&lt;&gt;&apos;&quot;>]]>'/></configuration>": {"<configuration",
			"<a\nb=\"\nc=x y z\n\t&<>'\">]]>"},
		"<configuration>text &amp; <![CDATA[<b>]]><!-- <c> --><?d <e>?><x:y z:w='&#x1F512;'/></configuration>": {"<configuration", "<x:y\nz:w=\U0001F512"},
		"<configuration xmlns=''><größe ß='1'/></configuration>":                                               {"<configuration\nxmlns=", "<größe\nß=1"},
	} {
		c, err := iis.Parse([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, outline, c.Outline(), text)
		require.Equal(t, text, string(c.Bytes()))
	}
}

// The places that elements keep hold what they say, in files of every style.
func TestPlaces(t *testing.T) {
	files := real(t)
	for _, name := range []string{"wsus.config", "default-web-site.config"} {
		for style, data := range readFixture(t, name) {
			files[name+" "+style] = data
		}
	}
	for name, data := range files {
		c := parsed(t, data)
		checkPlaces(t, c, name)
		require.Equal(t, data, c.Reencoded(), name)
		checkOutline(t, c, name)
	}
}

func checkPlaces(t testing.TB, c *iis.Config, name string) {
	t.Helper()
	outline, places := c.Outline(), c.Places()
	for _, element := range outline {
		tag := strings.Split(element, "\n")[0]
		start := places[0]
		require.True(t, strings.HasPrefix(start, tag) && strings.HasSuffix(start, ">"), "%s: %s", name, start)
		places = places[1:]
		for len(places) >= 2 && !strings.HasPrefix(places[0], "</") && places[0] != "" && places[0][0] != '<' {
			written, quoted, ok := strings.Cut(places[1], "|")
			require.True(t, ok)
			require.True(t, strings.HasPrefix(places[0], written) && strings.HasSuffix(places[0], quoted), "%s: %s", name, places[0])
			require.Contains(t, start, places[0])
			places = places[2:]
		}
		if strings.HasSuffix(start, "/>") {
			require.Empty(t, places[0], name)
		} else {
			require.True(t, strings.HasPrefix(places[0], "</"+tag[1:]), "%s: %s", name, places[0])
		}
		places = places[1:]
	}
	require.Empty(t, places)
}

// checkOutline compares with encoding/xml, which leaves line ends and tabs in values.
func checkOutline(t testing.TB, c *iis.Config, name string) {
	t.Helper()
	blank := strings.NewReplacer("\t", " ", "\r", " ", "\n", " ")
	ours, theirs := c.Outline(), outlineOf(t, c.Text())
	require.Len(t, ours, len(theirs), name)
	for i := range ours {
		require.Equal(t, blank.Replace(theirs[i]), blank.Replace(ours[i]), name)
	}
}

// outlineOf writes what encoding/xml reads as Outline does.
func outlineOf(t testing.TB, text string) []string {
	t.Helper()
	var out []string
	checked := xml.NewDecoder(strings.NewReader(text))
	raw := xml.NewDecoder(strings.NewReader(text))
	for _, d := range []*xml.Decoder{checked, raw} {
		d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	}
	for {
		_, err := checked.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		token, err := raw.RawToken()
		require.NoError(t, err)
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		line := "<" + qualified(start.Name)
		for _, a := range start.Attr {
			line += "\n" + qualified(a.Name) + "=" + a.Value
		}
		out = append(out, line)
	}
}

func qualified(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

// FuzzParse: nothing panics; what is accepted is the same to encoding/xml, and is written back byte for byte.
func FuzzParse(f *testing.F) {
	// Seeds are small, so that the fuzzer is quick; TestPlaces holds the same of whole files.
	site := "<system.applicationHost><sites><site name='S' id='1'><application path='/'><virtualDirectory path='/' physicalPath='C:'/>" +
		"</application><bindings><clear/><binding protocol='https' bindingInformation='*:443:'/></bindings></site></sites></system.applicationHost>"
	pool := "<system.applicationHost><applicationPools><add name='P' queueLength='10'/></applicationPools></system.applicationHost>"
	for _, text := range []string{
		"<configuration>" + site + location(`path="S/Content" overrideMode="Deny"`, access(`sslFlags="Ssl" lockItem="true"`)) + "</configuration>",
		"<?xml version='1.0' encoding='utf-8'?>\r\n<configuration>" + pool + "<!-- a --></configuration>\r\n",
		"<configuration xmlns=''><größe ß='&#x9;\t\r\n&quot;'/>&amp;<![CDATA[a]]><?b c?></configuration >",
	} {
		f.Add([]byte(text))
		f.Add(utf16Bytes(text, binary.LittleEndian))
		f.Add(utf16Bytes(text, binary.BigEndian))
		f.Add([]byte("\xEF\xBB\xBF" + text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := iis.Parse(data)
		if err != nil {
			require.Nil(t, c)
			return
		}
		require.True(t, bytes.Equal(data, c.Bytes()))
		require.True(t, bytes.Equal(data, c.Reencoded()))
		checkPlaces(t, c, "fuzz")
		checkOutline(t, c, "fuzz")
		for _, site := range c.Sites() {
			_, _ = site.Ports()
			_, _ = c.AccessWith(site.Name+"/Content", func(string) ([]byte, error) { return data, nil })
		}
	})
}

// FuzzRedirection: nothing panics, and no password comes out.
func FuzzRedirection(f *testing.F) {
	f.Add([]byte(`<configuration><configurationRedirection enabled="true" path="\\files\iis" userName="u" password="secret"/></configuration>`))
	f.Add([]byte(`<configuration/>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := iis.ParseRedirection(data)
		if err != nil {
			require.Equal(t, iis.Redirection{}, got)
		}
	})
}

// FuzzBinding: what is read of an address, a port and a host stands in the information, and is the same when it is composed anew.
func FuzzBinding(f *testing.F) {
	for _, s := range []string{"*:80:", ":8080:localhost", "[::1]:443:", "10.0.0.7:8531:*.lab.example", "808:*", "[[::1]]:1:", "*:00080:"} {
		f.Add("https", s)
	}
	f.Add("net.pipe", "*")
	f.Fuzz(func(t *testing.T, protocol, information string) {
		b, err := iis.ParseBinding(protocol, information)
		require.Equal(t, protocol, b.Protocol)
		require.Equal(t, information, b.Information)
		if err != nil || b.Port == 0 {
			require.Equal(t, iis.Binding{Protocol: protocol, Information: information}, b)
			return
		}
		address := b.Address
		if strings.Contains(address, ":") {
			address = "[" + address + "]"
		}
		again, err := iis.ParseBinding(protocol, fmt.Sprintf("%s:%d:%s", address, b.Port, b.Host))
		require.NoError(t, err)
		again.Information = information
		require.Equal(t, b, again)
	})
}

// FuzzSSLFlags: what is read is the same when it is written and read again, and is a sum of the four flags.
func FuzzSSLFlags(f *testing.F) {
	for _, s := range []string{"", "None", "Ssl, SslNegotiateCert", "8", "ssl,256", "SslMapCert", "360"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		flags, err := iis.ParseSSLFlags(value)
		if err != nil {
			return
		}
		require.Zero(t, flags&^(iis.Ssl|iis.SslNegotiateCert|iis.SslRequireCert|iis.Ssl128))
		again, err := iis.ParseSSLFlags(flags.String())
		require.NoError(t, err)
		require.Equal(t, flags, again)
	})
}
