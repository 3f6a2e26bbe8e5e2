package soap

import "github.com/google/uuid"

// List reads the children of the innermost open element that have the name item, passes over others, and closes it. More
// than limit items are an error.
func (s *Scanner) List(item string, limit int, read func()) {
	for n := 0; s.Child(); {
		if string(s.Name()) != item {
			s.Skip()
			continue
		}
		if n++; n > limit {
			s.tooMany(item, limit)
			return
		}
		read()
	}
}

// tooMany blames the list, not the item that is open.
func (s *Scanner) tooMany(item string, limit int) {
	s.stack = s.stack[:len(s.stack)-1]
	s.FailLimit("elements "+item, limit)
}

// Int32s reads an ArrayOfInt and appends it to list. Runs of <int>n</int> take a path of their own: they are nearly all of a
// large request.
func (s *Scanner) Int32s(list []int32, limit int) []int32 {
	for {
		list = s.intRun(list, limit)
		if !s.Child() {
			return list
		}
		if string(s.Name()) != "int" {
			s.Skip()
			continue
		}
		if len(list) >= limit {
			s.tooMany("int", limit)
			return nil
		}
		list = append(list, s.Int32())
	}
}

// Strings reads an ArrayOfString; each item may have maxBytes. A nil item is left out.
func (s *Scanner) Strings(limit, maxBytes int) []string {
	var list []string
	s.List("string", limit, func() { list = append(list, s.StringUpTo(maxBytes)) })
	return list
}

// GUIDs reads an ArrayOfGuid.
func (s *Scanner) GUIDs(limit int) []uuid.UUID {
	var list []uuid.UUID
	s.List("guid", limit, func() { list = append(list, s.GUID()) })
	return list
}
