package regfile

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// export reads [key] and "name"=data lines. Comments begin with a semicolon; @ is the default value, which nobody wants.
func (r *reader) export() error {
	for r.next() {
		line := strings.TrimSpace(r.line)
		var err error
		switch {
		case strings.HasPrefix(line, "[-") && strings.HasSuffix(line, "]"):
			r.remove(line[2 : len(line)-1])
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			r.enter(line[1 : len(line)-1])
		case strings.HasPrefix(line, `"`):
			err = r.exportValue(line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) exportValue(line string) error {
	name, rest, ok := cutQuoted(line)
	if !ok || !strings.HasPrefix(rest, "=") {
		return errors.New("a value without data")
	}
	wanted, err := r.wants(name)
	if err != nil {
		return err
	}
	data := r.wholeData(rest[1:])
	if !wanted {
		return nil
	}
	var v Value
	switch kind, digits, _ := strings.Cut(data, ":"); {
	case data == "-":
		delete(r.file[r.key], strings.ToLower(name))
		return nil
	case strings.HasPrefix(data, `"`):
		text, rest, ok := cutQuoted(data)
		if !ok || strings.TrimSpace(rest) != "" {
			return fmt.Errorf("%s: the text has no end", name)
		}
		v.Text = text
	case kind == "dword":
		n, err := strconv.ParseUint(digits, 16, 32)
		if err != nil {
			return fmt.Errorf("%s: %.20q is not a number", name, digits)
		}
		v.Number, v.IsNumber = uint32(n), true
	case kind == "hex(1)" || kind == "hex(2)":
		if v.Text, err = r.hexText(digits); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	default:
		return fmt.Errorf("%s: %.20q is neither text nor a number", name, data)
	}
	r.keep(name, v)
	return nil
}

// wholeData goes on over the lines that belong to the data: text until its closing quote, hexadecimal digits after a backslash.
func (r *reader) wholeData(data string) string {
	data = strings.TrimSpace(data)
	if strings.HasPrefix(data, `"`) {
		parts := []string{data}
		for closed := endsQuoted(data[1:]); !closed && r.next(); closed = endsQuoted(r.line) {
			parts = append(parts, r.line)
		}
		return strings.Join(parts, "\n")
	}
	var all strings.Builder
	for strings.HasPrefix(data, "hex") || all.Len() > 0 {
		digits, more := strings.CutSuffix(data, `\`)
		all.WriteString(digits)
		if !more || !r.next() {
			return all.String()
		}
		data = strings.TrimSpace(r.line)
	}
	return data
}

// endsQuoted says that a quote that is not escaped stands in a line of a text.
func endsQuoted(line string) bool {
	escaped := false
	for _, b := range []byte(line) {
		switch {
		case escaped:
			escaped = false
		case b == '\\':
			escaped = true
		case b == '"':
			return true
		}
	}
	return false
}

// cutQuoted reads "text" with \\ and \" in it, and returns what comes behind.
func cutQuoted(s string) (text, rest string, ok bool) {
	var out strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return out.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		out.WriteByte(s[i])
	}
	return "", "", false
}

// hexText decodes a text that was exported as bytes, up to its NUL.
func (r *reader) hexText(digits string) (string, error) {
	data, err := hex.DecodeString(strings.NewReplacer(",", "", " ", "", "\t", "").Replace(digits))
	if err != nil {
		return "", errors.New("the bytes are not hexadecimal")
	}
	text := string(data)
	if r.wide {
		text = decodeUTF16(data, binary.LittleEndian)
	}
	text, _, _ = strings.Cut(text, "\x00")
	return text, nil
}
