package iis

import (
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

// name reads a name with at most one prefix; of says of what.
func (s *scanner) name(of string) (string, error) {
	from := s.at
	for s.at < len(s.text) && (s.text[s.at] >= utf8.RuneSelf || isNameByte(s.text[s.at])) {
		s.at++
	}
	name := string(s.text[from:s.at])
	if !isName(name) {
		return "", s.fail(from, "the name of %s is expected here", of)
	}
	return name, nil
}

func isNameByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || strings.IndexByte("_:-.", b) >= 0
}

func isName(name string) bool {
	if name == "" || strings.IndexByte("-.:0123456789", name[0]) >= 0 {
		return false
	}
	if prefix, local, ok := strings.Cut(name, ":"); ok {
		return isName(prefix) && isName(local) && !strings.Contains(local, ":")
	}
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return isForeignName(name)
		}
	}
	return true
}

// isForeignName judges a name beyond ASCII. No section of IIS has one, but a web.config may hold sections of other programs; the
// tables of the letters are those of encoding/xml.
func isForeignName(name string) bool {
	token, err := xml.NewDecoder(strings.NewReader("<" + name + "/>")).RawToken()
	start, ok := token.(xml.StartElement)
	return err == nil && ok && start.Name.Local == name
}
