package clientagent_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"time"
)

// simTraceTail is how many of the last lines a failure shows.
const simTraceTail = 60

// simTrace is what happened in a world, line by line, with every step, every record that an agent writes and what the site believes in the end:
// a digest of all of it, and the end in words. Two runs of a seed have the same digest.
type simTrace struct {
	digest hash.Hash
	tail   []string
}

func newSimTrace() *simTrace { return &simTrace{digest: sha256.New()} }

func (t *simTrace) add(at time.Time, format string, args ...any) {
	line := at.UTC().Format("01-02 15:04:05 ") + fmt.Sprintf(format, args...)
	t.digest.Write([]byte(line))
	t.digest.Write([]byte{'\n'})
	t.note(line)
}

// count adds to the digest what a failure does not show: it is too much to read.
func (t *simTrace) count(format string, args ...any) {
	fmt.Fprintf(t.digest, format+"\n", args...) //nolint:errcheck // a digest never fails
}

// note shows a line that is not part of the digest, since its words may differ from run to run: texts of errors name random ids.
func (t *simTrace) note(line string) {
	line = strings.Join(strings.Fields(line), " ")
	if len(t.tail) == 2*simTraceTail {
		t.tail = append(t.tail[:0], t.tail[simTraceTail:]...)
	}
	t.tail = append(t.tail, line)
}

func (t *simTrace) hash() string { return hex.EncodeToString(t.digest.Sum(nil)[:8]) }

func (t *simTrace) end() string {
	return strings.Join(t.tail[max(0, len(t.tail)-simTraceTail):], "\n")
}
