package iis_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// node is an element, a comment or a text that is not blank, as encoding/xml reads it: a view of a file that owes nothing to the
// scanner of this package.
type node struct {
	name     string // empty for comments and texts
	text     string
	attrs    []xml.Attr
	children []*node
}

func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// find returns the elements at the end of a way down.
func (n *node) find(way ...string) []*node {
	if len(way) == 0 {
		return []*node{n}
	}
	var out []*node
	for _, c := range n.children {
		if c.name == way[0] {
			out = append(out, c.find(way[1:]...)...)
		}
	}
	return out
}

// utf8Text undoes the encoding of a file.
func utf8Text(data []byte) string {
	s := string(data)
	big, isBig := strings.CutPrefix(s, "\xFE\xFF")
	little, isLittle := strings.CutPrefix(s, "\xFF\xFE")
	if !isBig && !isLittle {
		return strings.TrimPrefix(s, "\xEF\xBB\xBF")
	}
	wide, high := little, 1
	if isBig {
		wide, high = big, 0
	}
	var units []uint16
	for i := 0; i+1 < len(wide); i += 2 {
		units = append(units, uint16(wide[i+high])<<8|uint16(wide[i+1-high]))
	}
	return string(utf16.Decode(units))
}

func tree(t require.TestingT, data []byte) *node {
	d := xml.NewDecoder(strings.NewReader(utf8Text(data)))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	root := &node{}
	open := []*node{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root
		}
		require.NoError(t, err)
		top := open[len(open)-1]
		switch x := token.(type) {
		case xml.StartElement:
			n := &node{name: x.Name.Local, attrs: x.Copy().Attr}
			top.children = append(top.children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.Comment:
			top.children = append(top.children, &node{text: "<!--" + string(x)})
		case xml.CharData:
			if strings.TrimSpace(string(x)) != "" {
				top.children = append(top.children, &node{text: string(x)})
			}
		case xml.ProcInst:
			top.children = append(top.children, &node{text: "<?" + string(x.Inst)})
		}
	}
}

func same(a, b *node) bool {
	return a.name == b.name && a.text == b.text && slices.Equal(a.attrs, b.attrs) && slices.EqualFunc(a.children, b.children, same)
}

// difference is one place where two trees differ. way leads from the document to it; what is there is what came, went or changed.
type difference struct {
	way       []*node // of the new tree
	came      *node
	went      *node
	attr      string // of the last of way
	old, new  string
	attrIsNew bool
}

// differences compares trees that one edit lies between.
func differences(t require.TestingT, way []*node, a, b *node) []difference {
	way = append(slices.Clone(way), b)
	require.Equal(t, a.name, b.name)
	require.Equal(t, a.text, b.text)
	var out []difference
	require.LessOrEqual(t, len(a.attrs), len(b.attrs), "attributes do not go")
	for i, attr := range b.attrs {
		if i >= len(a.attrs) {
			out = append(out, difference{way: way, attr: attr.Name.Local, new: attr.Value, attrIsNew: true})
			continue
		}
		require.Equal(t, a.attrs[i].Name, attr.Name, "attributes keep their order")
		if a.attrs[i].Value != attr.Value {
			out = append(out, difference{way: way, attr: attr.Name.Local, old: a.attrs[i].Value, new: attr.Value})
		}
	}
	old, now := a.children, b.children
	for len(old) > 0 && len(now) > 0 && same(old[0], now[0]) {
		old, now = old[1:], now[1:]
	}
	for len(old) > 0 && len(now) > 0 && same(old[len(old)-1], now[len(now)-1]) {
		old, now = old[:len(old)-1], now[:len(now)-1]
	}
	if len(old) == 1 && len(now) == 1 {
		return append(out, differences(t, way, old[0], now[0])...)
	}
	for _, n := range old {
		if len(now) > 0 && same(n, now[0]) {
			now = now[1:]
			continue
		}
		out = append(out, difference{way: way, went: n})
	}
	for _, n := range now {
		out = append(out, difference{way: way, came: n})
	}
	return out
}

// checkEdit proves that between two files, of which old and now are the trees, lies what an edit asks for, and nothing else.
func checkEdit(t require.TestingT, edit iis.Edit, before, after []byte, old, now *node) {
	checkWish(t, edit, now)
	if e, ok := edit.(iis.SetSSLFlags); ok && effectiveFlags(t, old, e.Path) == e.Flags {
		require.True(t, string(before) == string(after), "%s: what a place comes to already is not stated anew", e)
	}
	if string(before) == string(after) {
		return
	}
	diffs := differences(t, nil, old, now)
	require.NotEmpty(t, diffs, "blanks alone are not changed")
	for _, d := range diffs {
		checkAsked(t, edit, d)
	}
	if _, remove := edit.(iis.RemoveBinding); !remove {
		require.Len(t, diffs, 1)
	}
	checkBytes(t, diffs, utf8Text(before), utf8Text(after))
	require.Equal(t, string(before[:2]), string(after[:2]), "the encoding stays")
}

// checkAsked says whether an edit asks for a difference.
func checkAsked(t require.TestingT, edit iis.Edit, d difference) {
	var names []string
	for _, n := range d.way[1:] {
		names = append(names, n.name)
	}
	way := strings.Join(names, "/")
	switch e := edit.(type) {
	case iis.SetSSLFlags:
		for n := d.came; n != nil; {
			way += "/" + n.name
			switch {
			case len(n.children) == 1 && n.name == "location":
				require.Len(t, n.attrs, 1)
				d.way = append(d.way, nil, n)
				n = n.children[0]
			case len(n.children) == 1:
				require.Empty(t, n.attrs)
				n = n.children[0]
			default:
				require.Empty(t, n.children)
				require.Len(t, n.attrs, 1)
				d.attr, d.new = n.attrs[0].Name.Local, n.attrs[0].Value
				n = nil
			}
		}
		place := ""
		for _, n := range d.way {
			if n != nil && n.name == "location" {
				place = strings.Trim(n.attr("path"), "/.")
			}
		}
		require.True(t, strings.EqualFold(place, strings.Trim(e.Path, "/")), "%q, %q", place, e.Path)
		require.Equal(t, "system.webServer/security/access", strings.TrimPrefix(strings.TrimPrefix(way, "configuration/"), "location/"))
		require.Equal(t, "sslFlags", d.attr)
	case iis.AddBinding:
		site := d.way[4]
		require.True(t, strings.EqualFold(site.attr("name"), e.Site))
		if d.came == nil {
			require.Equal(t, "sslFlags", d.attr)
			require.True(t, strings.HasSuffix(way, "/site/bindings/binding"), way)
			return
		}
		if d.came.name == "bindings" {
			require.Len(t, d.came.children, 1)
			require.Empty(t, d.came.attrs)
			d.came, way = d.came.children[0], way+"/bindings"
		}
		require.True(t, strings.HasSuffix(way, "sites/site/bindings"), way)
		require.Equal(t, "binding", d.came.name)
		require.Empty(t, d.came.children)
	case iis.RemoveBinding:
		require.True(t, strings.EqualFold(d.way[4].attr("name"), e.Site))
		require.True(t, strings.HasSuffix(way, "sites/site/bindings"), way)
		require.True(t, strings.EqualFold(d.went.attr("protocol"), e.Protocol))
	case iis.SetPool:
		require.True(t, strings.EqualFold(d.way[4].attr("name"), e.Pool))
		for n := d.came; n != nil; {
			way += "/" + n.name
			if len(n.children) == 1 {
				require.Empty(t, n.attrs)
				n = n.children[0]
				continue
			}
			require.Empty(t, n.children)
			require.Len(t, n.attrs, 1)
			d.attr = n.attrs[0].Name.Local
			n = nil
		}
		require.Equal(t, "configuration/system.applicationHost/applicationPools/add/"+e.Attribute, way+"/"+d.attr)
	}
}

// checkWish says whether a file has what an edit asks for, by the words of the reference and not by the code of this package.
func checkWish(t require.TestingT, edit iis.Edit, doc *node) {
	switch e := edit.(type) {
	case iis.SetSSLFlags:
		require.Equal(t, e.Flags, effectiveFlags(t, doc, e.Path))
	case iis.AddBinding:
		for _, b := range siteBindings(doc, e.Site) {
			if bindingKey(b.attr("protocol"), b.attr("bindingInformation")) == bindingKey(e.Binding.Protocol, e.Binding.Information) {
				return
			}
		}
		require.Fail(t, "the binding is not there")
	case iis.RemoveBinding:
		for _, b := range siteBindings(doc, e.Site) {
			require.NotEqual(t, bindingKey(e.Protocol, e.Information), bindingKey(b.attr("protocol"), b.attr("bindingInformation")))
		}
	}
}

func siteBindings(doc *node, site string) []*node {
	for _, s := range doc.find("configuration", "system.applicationHost", "sites", "site") {
		if strings.EqualFold(s.attr("name"), site) {
			return s.find("bindings", "binding")
		}
	}
	return nil
}

var emptyAddress, starHost = regexp.MustCompile(`^:(\d+:)`), regexp.MustCompile(`:\*$`)

func bindingKey(protocol, information string) string {
	protocol = strings.ToLower(protocol)
	if protocol == "http" || protocol == "https" {
		information = starHost.ReplaceAllString(emptyAddress.ReplaceAllString(information, "*:$1"), ":")
	}
	return protocol + " " + strings.ToLower(information)
}

// effectiveFlags walks from the whole server to a place; the innermost statement counts.
func effectiveFlags(t require.TestingT, doc *node, path string) iis.SSLFlags {
	path = strings.Trim(path, "/")
	flags := "None"
	take := func(from *node) {
		for _, access := range from.find("system.webServer", "security", "access") {
			if value := access.attr("sslFlags"); value != "" {
				flags = value
			}
		}
	}
	take(doc.find("configuration")[0])
	for _, depth := range append([]string{""}, prefixes(path)...) {
		for _, location := range doc.find("configuration", "location") {
			if strings.EqualFold(strings.Trim(location.attr("path"), "/."), depth) {
				take(location)
			}
		}
	}
	numbers := map[string]iis.SSLFlags{"none": 0, "ssl": 8, "sslnegotiatecert": 32, "sslrequirecert": 64, "ssl128": 256}
	var sum iis.SSLFlags
	for _, name := range strings.Split(flags, ",") {
		number, ok := numbers[strings.ToLower(strings.TrimSpace(name))]
		require.True(t, ok, name)
		sum |= number
	}
	return sum
}

func prefixes(path string) []string {
	var out []string
	parts := strings.Split(path, "/")
	for i := range parts {
		if path != "" {
			out = append(out, strings.Join(parts[:i+1], "/"))
		}
	}
	return out
}

var (
	openedTag  = regexp.MustCompile(`^[ \t]*/?>?$`)
	plainValue = regexp.MustCompile(`^[^<>"'\r\n]*$`)
	anotherOne = regexp.MustCompile(`^\s*[A-Za-z0-9]+=("[^"]*"|'[^']*')$`)
)

// checkBytes looks at the bytes in which two files differ.
func checkBytes(t require.TestingT, diffs []difference, before, after string) {
	front := 0
	for front < min(len(before), len(after)) && before[front] == after[front] {
		front++
	}
	back := 0
	for back < min(len(before), len(after))-front && before[len(before)-1-back] == after[len(after)-1-back] {
		back++
	}
	old, now := before[front:len(before)-back], after[front:len(after)-back]
	switch d := diffs[0]; {
	case d.went != nil:
		require.Empty(t, now, "a binding that goes leaves nothing")
		require.LessOrEqual(t, strings.Count(old, "\n"), strings.Count(old, "<binding"), "and takes its line at most")
	case d.came != nil:
		require.Regexp(t, openedTag, old, "what comes opens a tag at most")
		require.LessOrEqual(t, strings.Count(now, "\n"), 8, now)
	case d.attrIsNew:
		require.Empty(t, old)
		require.Regexp(t, anotherOne, strings.TrimSpace(now))
	default:
		require.Regexp(t, plainValue, old)
		require.Regexp(t, plainValue, now)
	}
	if crlf := strings.Count(before, "\r\n"); crlf > 0 && crlf == strings.Count(before, "\n") {
		require.Equal(t, strings.Count(after, "\n"), strings.Count(after, "\r\n"), "line ends are those of the file")
	}
	if !strings.Contains(before, "\r") {
		require.NotContains(t, after, "\r")
	}
}
