package quote

import (
	"fmt"
	"strings"
)

// maxCmd is the longest line that cmd.exe takes, in UTF-16 units.
const maxCmd = 8191

// Cmd quotes for `cmd.exe /c`, as the OpenSSH server of Windows runs what it is told, with delayed expansion off, which is the default.
// An argument without quotation marks and percent signs stays readable between quotation marks, where & | < > ^ ( ) mean nothing.
// In all others every sign gets a caret: cmd.exe then sees no quotation marks at all, and since the carets are taken away only after
// variables were put in, what stands between two percent signs is the name of no variable.
//
// The name of the program cannot be written so: cmd.exe would end it at the first blank. One with % or ! is refused.
func Cmd(name string, args []string) (string, error) {
	if err := check(append([]string{name}, args...)); err != nil {
		return "", err
	}
	if name == "" || strings.ContainsAny(name, `"%!`) {
		return "", fmt.Errorf("%w through cmd.exe: the program is called %q", ErrUnsafe, name)
	}
	var b strings.Builder
	b.WriteString(program(name))
	for _, arg := range args {
		b.WriteByte(' ')
		quoted := argument(arg)
		if strings.ContainsAny(arg, `"%`) {
			quoted = carets(quoted)
		}
		b.WriteString(quoted)
	}
	if n := units(b.String()); n > maxCmd {
		return "", fmt.Errorf("%w through cmd.exe: the line has %d characters of at most %d", ErrUnsafe, n, maxCmd)
	}
	return b.String(), nil
}

// carets puts one before every sign of ASCII that is no letter or digit, and before whatever follows a percent sign.
func carets(text string) string {
	var b strings.Builder
	percent := false
	for _, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r >= 0x80
		if percent || !letter {
			b.WriteByte('^')
		}
		b.WriteRune(r)
		percent = r == '%'
	}
	return b.String()
}

// Batch quotes for a line of a batch file with delayed expansion off: a percent sign is written twice. An argument with a quotation
// mark is refused, since the signs behind it would stand outside of quotes.
func Batch(name string, args []string) (string, error) {
	if err := check(append([]string{name}, args...)); err != nil {
		return "", err
	}
	words := make([]string, 0, 1+len(args))
	words = append(words, program(name))
	for _, arg := range args {
		words = append(words, argument(arg))
	}
	for _, word := range append([]string{name}, args...) {
		if strings.Contains(word, `"`) {
			return "", fmt.Errorf("%w in a batch file: %q has a quotation mark", ErrUnsafe, word)
		}
	}
	line := strings.ReplaceAll(strings.Join(words, " "), "%", "%%")
	if n := units(line); n > maxCmd {
		return "", fmt.Errorf("%w in a batch file: the line has %d characters of at most %d", ErrUnsafe, n, maxCmd)
	}
	return line, nil
}

// units counts as Windows does: a character beyond the basic plane is two.
func units(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
