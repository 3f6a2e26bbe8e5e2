// Package quote writes argument lists so that the shells of Windows and a POSIX shell hand on exactly those arguments.
//
// A Windows program gets one line and splits it itself, most by the rules of CommandLineToArgvW ([Line]). A line that goes through
// cmd.exe is read by it before that: typed or behind /c ([Cmd]), or from a batch file ([Batch]), which differ in what a percent
// sign means. PowerShell has rules of its own ([PowerShell]), and [EncodedCommand] carries its scripts through any of the others.
package quote

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrUnsafe says that an argument cannot be carried unchanged.
var ErrUnsafe = errors.New("an argument cannot be carried safely")

// check refuses what ends a line or a string in every shell, and what is not text.
func check(args []string) error {
	for _, arg := range args {
		if strings.ContainsAny(arg, "\x00\r\n") || !utf8.ValidString(arg) {
			return fmt.Errorf("%w: %q has a line end, a zero byte or broken UTF-8", ErrUnsafe, arg)
		}
	}
	return nil
}

// Line quotes for a program that splits its line by CommandLineToArgvW or the C runtime. The name of the program follows other
// rules there: it ends at the second quotation mark, whatever stands before it, so one with a quotation mark is refused.
func Line(name string, args []string) (string, error) {
	if err := check(append([]string{name}, args...)); err != nil {
		return "", err
	}
	if name == "" || strings.Contains(name, `"`) {
		return "", fmt.Errorf("%w: the program is called %q", ErrUnsafe, name)
	}
	var b strings.Builder
	b.WriteString(program(name))
	for _, arg := range args {
		b.WriteByte(' ')
		b.WriteString(argument(arg))
	}
	return b.String(), nil
}

func program(name string) string {
	if plain(name) {
		return name
	}
	return `"` + name + `"`
}

// argument writes one argument: backslashes are themselves except before a quotation mark, where two make one.
func argument(arg string) string {
	if plain(arg) {
		return arg
	}
	var b strings.Builder
	b.WriteByte('"')
	slashes := 0
	for i := range len(arg) {
		switch arg[i] {
		case '\\':
			slashes++
			continue
		case '"':
			b.WriteString(strings.Repeat(`\`, 2*slashes+1))
		default:
			b.WriteString(strings.Repeat(`\`, slashes))
		}
		slashes = 0
		b.WriteByte(arg[i])
	}
	b.WriteString(strings.Repeat(`\`, 2*slashes))
	b.WriteByte('"')
	return b.String()
}

// plain says that every shell of Windows takes the text for one word as it is.
func plain(text string) bool {
	for i := range len(text) {
		c := text[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune(`-_./:\+`, rune(c)) {
			return false
		}
	}
	return text != ""
}
