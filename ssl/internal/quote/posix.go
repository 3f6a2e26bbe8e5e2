package quote

import "strings"

// POSIX quotes for sh: every word stands between single quotes unless it needs none.
func POSIX(name string, args []string) (string, error) {
	words := append([]string{name}, args...)
	if err := check(words); err != nil {
		return "", err
	}
	for i, word := range words {
		if !plain(word) || strings.Contains(word, `\`) {
			words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " "), nil
}
