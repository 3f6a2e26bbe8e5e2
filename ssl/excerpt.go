package ssl

import "strings"

// maxExcerpt is how much of an output stands in an error.
const maxExcerpt = 512

// excerpt is the beginning of what a command had to say about its failure.
func excerpt(out Output) string {
	for _, stream := range [][]byte{out.Stderr, out.Stdout} {
		if text := strings.TrimSpace(string(stream[:min(len(stream), maxExcerpt)])); text != "" {
			return strings.ToValidUTF8(text, "?")
		}
	}
	return "it printed nothing"
}
