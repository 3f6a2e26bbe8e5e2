package quote_test

import (
	"errors"
	"fmt"
	"strings"
)

// The models read lines as the documented rules say, sign by sign, without a thought for speed or for how the lines were written.

// splitWindows is CommandLineToArgvW: the name of the program knows no escapes; behind it 2n backslashes before a quotation mark are
// n and a delimiter, 2n+1 are n and the mark itself, and two marks inside of quotes are one.
func splitWindows(line string) []string {
	var argv []string
	rest := []rune(line)
	if len(rest) > 0 && rest[0] == '"' {
		end := 1
		for end < len(rest) && rest[end] != '"' {
			end++
		}
		argv = append(argv, string(rest[1:end]))
		rest = rest[min(end+1, len(rest)):]
	} else {
		end := 0
		for end < len(rest) && rest[end] != ' ' && rest[end] != '\t' {
			end++
		}
		argv = append(argv, string(rest[:end]))
		rest = rest[end:]
	}
	for {
		for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return argv
		}
		word, inside := "", false
		for len(rest) > 0 && (inside || rest[0] != ' ' && rest[0] != '\t') {
			slashes := 0
			for slashes < len(rest) && rest[slashes] == '\\' {
				slashes++
			}
			rest = rest[slashes:]
			if len(rest) == 0 || rest[0] != '"' {
				word += strings.Repeat(`\`, slashes)
				if len(rest) > 0 && (inside || rest[0] != ' ' && rest[0] != '\t') {
					word += string(rest[0])
					rest = rest[1:]
				}
				continue
			}
			word += strings.Repeat(`\`, slashes/2)
			switch {
			case slashes%2 == 1:
				word += `"`
			case inside && len(rest) > 1 && rest[1] == '"':
				word += `"`
				rest = rest[1:]
			default:
				inside = !inside
			}
			rest = rest[1:]
		}
		argv = append(argv, word)
	}
}

// readCmd is what `cmd.exe /c "line"` makes of a line before the program gets it, on a machine where every variable is defined whose name
// has no caret: the worst there is.
func readCmd(line string) (string, error) {
	whole := `"` + line + `"`
	whole = strings.TrimPrefix(whole, `"`)
	last := strings.LastIndex(whole, `"`)
	whole = whole[:last] + whole[last+1:]
	return signs(variables(whole))
}

// variables is the first phase, on a command line: %name% and %name:modifier% are replaced where name is defined, and stay where it
// is not.
func variables(line string) string {
	out := ""
	for len(line) > 0 {
		if line[0] != '%' {
			out += line[:1]
			line = line[1:]
			continue
		}
		end := strings.Index(line[1:], "%")
		name := ""
		if end >= 0 {
			name, _, _ = strings.Cut(line[1:1+end], ":")
		}
		if name != "" && !strings.Contains(name, "^") {
			out += "EXPANDED"
			line = line[1+end+1:]
			continue
		}
		out += "%"
		line = line[1:]
	}
	return out
}

// signs is the second phase: carets, quotation marks and operators.
func signs(line string) (string, error) {
	out, inside := "", false
	rest := []rune(line)
	for i := 0; i < len(rest); i++ {
		r := rest[i]
		switch {
		case r == '"':
			inside = !inside
		case !inside && r == '^':
			i++
			if i == len(rest) {
				return "", errors.New("a caret at the end")
			}
			r = rest[i]
		case !inside && strings.ContainsRune("&|<>()", r):
			return "", fmt.Errorf("the operator %c", r)
		}
		out += string(r)
	}
	if inside {
		return "", errors.New("an open quotation mark")
	}
	return out, nil
}

// readBatch is the first phase in a batch file, where a doubled percent sign is one and any other begins a variable or a parameter.
func readBatch(line string) (string, error) {
	for i := 0; i < len(line); i++ {
		if line[i] != '%' {
			continue
		}
		if i+1 == len(line) || line[i+1] != '%' {
			return "", errors.New("a single percent sign")
		}
		i++
	}
	return signs(strings.ReplaceAll(line, "%%", "%"))
}

// readPowerShell reads a literal string at the beginning of text and returns the rest.
func readPowerShell(text string) (value, rest string, err error) {
	quotes := "'\u2018\u2019\u201A\u201B"
	runes := []rune(text)
	if len(runes) == 0 || runes[0] != '\'' {
		return "", "", fmt.Errorf("no string: %s", text)
	}
	for i := 1; i < len(runes); i++ {
		if !strings.ContainsRune(quotes, runes[i]) {
			value += string(runes[i])
			continue
		}
		if i+1 == len(runes) || !strings.ContainsRune(quotes, runes[i+1]) {
			return value, string(runes[i+1:]), nil
		}
		value += string(runes[i])
		i++
	}
	return "", "", errors.New("an open string")
}
