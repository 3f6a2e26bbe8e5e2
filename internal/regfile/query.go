package regfile

import (
	"fmt"
	"strconv"
	"strings"
)

// query reads what reg query prints: a key at the beginning of a line, and its values indented by four blanks, with four blanks
// between name, type and data. Data may hold blanks. Other lines, such as the number of matches at the end, say nothing.
func (r *reader) query() error {
	for ok := true; ok; ok = r.next() {
		line := strings.TrimRight(r.line, " \t\r")
		switch {
		case strings.HasPrefix(line, hivePrefix):
			r.enter(line)
		case strings.HasPrefix(line, queryBlanks):
			if err := r.queryValue(line[len(queryBlanks):]); err != nil {
				return err
			}
		}
	}
	return nil
}

const queryBlanks = "    "

func (r *reader) queryValue(line string) error {
	name, rest, ok := strings.Cut(line, queryBlanks+"REG_")
	if !ok {
		return nil
	}
	wanted, err := r.wants(name)
	if err != nil || !wanted {
		return err
	}
	kind, data, _ := strings.Cut(rest, queryBlanks)
	var v Value
	switch kind {
	case "SZ", "EXPAND_SZ":
		v.Text = data
	case "DWORD":
		n, err := strconv.ParseUint(data, 0, 32)
		if err != nil {
			return fmt.Errorf("%s: %.20q is not a number", name, data)
		}
		v.Number, v.IsNumber = uint32(n), true
	default:
		return fmt.Errorf("%s is of type REG_%.20s, neither text nor a number", name, kind)
	}
	r.keep(name, v)
	return nil
}
