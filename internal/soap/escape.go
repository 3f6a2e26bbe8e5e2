package soap

import "unicode/utf8"

// appendEscaped appends text as character data: & < > as entities, a carriage return as reference because readers would make
// a line feed of it, and what no document can carry as U+FFFD. Quotes stay: nothing is written into attributes.
func appendEscaped(dst []byte, text string) []byte {
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '&' && c != '<' && c != '>' {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			if isCharacter(r) && (r != utf8.RuneError || size > 1) {
				i += size
				continue
			}
		}
		dst = append(append(dst, text[start:i]...), escaped(c)...)
		i += size
		start = i
	}
	return append(dst, text[start:]...)
}

func escaped(c byte) string {
	switch c {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '\r':
		return "&#xD;"
	case '\t':
		return "\t"
	case '\n':
		return "\n"
	default:
		return "\uFFFD"
	}
}
