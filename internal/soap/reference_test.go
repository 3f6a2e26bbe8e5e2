package soap_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// node is an element as encoding/xml sees it.
type node struct {
	name     xml.Name
	isNil    bool
	children []*node
	text     strings.Builder
}

// parse is the reference: a tree by encoding/xml, which must accept the whole document.
func parse(document []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(document))
	root := &node{}
	open := []*node{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name}
			for _, a := range token.Attr {
				value := strings.Trim(a.Value, " \t\r\n")
				if a.Name == (xml.Name{Space: "http://www.w3.org/2001/XMLSchema-instance", Local: "nil"}) && (value == "true" || value == "1") {
					n.isNil = true
				}
			}
			top.children = append(top.children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.text.Write(token)
		}
	}
}

// compare walks the scanner along the reference; the scanner is at n.
func compare(s *soap.Scanner, n *node) error {
	if got := (xml.Name{Space: string(s.Namespace()), Local: string(s.Name())}); got != n.name {
		return fmt.Errorf("name %v, want %v", got, n.name)
	}
	if len(n.children) == 0 {
		if got := s.String(); s.Err() == nil && got != n.text.String() {
			return fmt.Errorf("text %q, want %q", got, n.text.String())
		}
		return nil
	}
	if strings.Trim(n.text.String(), " \t\r\n") != "" {
		s.Skip() // mixed content has no place in these messages
		return nil
	}
	for _, child := range n.children {
		if child.isNil {
			continue
		}
		if !s.Child() {
			return s.Err()
		}
		if err := compare(s, child); err != nil {
			return err
		}
	}
	if s.Child() {
		return fmt.Errorf("one more child of %v: %s", n.name, s.Name())
	}
	return nil
}

// FuzzScanner holds the scanner against encoding/xml: what it accepts, that accepts too, and both see the same.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		head + tail,
		`<?xml version="1.0" encoding="utf-8"?>` + "\r\n" + head + "<a>1\r\n2\r</a><!-- x --><b c='d'/>" + tail + "\n",
		head + `<a>&amp;&#65;<![CDATA[<x>]]]]></a><p:b xmlns:p="urn:p"><p:c p:d="1"/></p:b>` + tail,
		head + `<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><b i:nil="true"/><c i:nil=" 1 ">x</c><d>é</d></a>` + tail,
		head + `<l><int>1</int><int>-2</int><x/><int> 3 </int></l>` + tail,
		`<!DOCTYPE a [<!ENTITY x "y">]>` + head + `<a>&x;</a>` + tail,
		head + `<a xmlns=""><b/></a><xml:c/>` + tail,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		if readAll(string(document)) != nil {
			return
		}
		root, err := parse(document)
		require.NoError(t, err, "encoding/xml refuses what the scanner accepts")
		body := root.children[0]
		for len(body.children) > 0 && body.name.Local != "Body" {
			for _, child := range body.children {
				if child.name == (xml.Name{Space: soap.EnvelopeNamespace, Local: "Body"}) && !child.isNil {
					body = child
					break
				}
			}
		}
		s, _, err := soap.Open(document, soap.Limits{})
		require.NoError(t, err)
		for _, child := range body.children {
			if !child.isNil {
				require.NoError(t, compare(s, child))
				break
			}
		}
	})
}
