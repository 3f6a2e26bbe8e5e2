package iis

import (
	"bytes"
	"regexp"
	"strings"
)

// declarationForm is the production XMLDecl of XML 1.0 with its version.
var declarationForm = regexp.MustCompile(`^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')` +
	`(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z0-9._-]+)"|'([A-Za-z0-9._-]+)'))?` +
	`(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>$`)

// declaration reads the XML declaration, if there is one; it stands at the very beginning.
func (s *scanner) declaration() error {
	if !bytes.HasPrefix(s.text, []byte("<?xml")) || len(s.text) > len("<?xml") && isNameByte(s.text[len("<?xml")]) {
		return nil
	}
	n := bytes.Index(s.text, []byte("?>"))
	if n < 0 {
		return s.fail(0, "an XML declaration that does not end")
	}
	end := n + len("?>")
	form := declarationForm.FindSubmatch(s.text[:end])
	if form == nil {
		return s.fail(0, `not the XML declaration that is expected: <?xml version="1.0" encoding="%s"?>`, s.encoding.name())
	}
	declared := string(form[1]) + string(form[2])
	if declared != "" && !strings.EqualFold(declared, s.encoding.name()) {
		return s.fail(0, "the file declares the encoding %s but is written in %s: save it as UTF-8 and declare UTF-8",
			declared, s.encoding.name())
	}
	s.at = end
	return nil
}

// instruction reads a processing instruction.
func (s *scanner) instruction() error {
	start := s.at
	s.at += len("<?")
	target, err := s.name("a processing instruction")
	if err != nil {
		return err
	}
	if strings.EqualFold(target, "xml") {
		return s.fail(start, "an XML declaration that is not at the very beginning of the file")
	}
	n := bytes.Index(s.text[s.at:], []byte("?>"))
	if n < 0 {
		return s.fail(start, "a processing instruction that does not end")
	}
	if n > 0 && !isSpace(s.text[s.at]) {
		return s.fail(s.at, "a blank is missing within the instruction <?%s?>", target)
	}
	s.at += n + len("?>")
	return nil
}
