package wsus_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// logLines is the server's log. It is safe for concurrent use.
type logLines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logLines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// since returns what was logged after the first n bytes, and how many there are now.
func (l *logLines) since(n int) (string, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text.Bytes()[n:]), l.text.Len()
}

// requireHonestLog wants every line to be one that the server wrote.
func requireHonestLog(t *testing.T, text string) {
	t.Helper()
	require.NotEmpty(t, text)
	for line := range strings.Lines(text) {
		require.Regexp(t, `^time=\S+ level=(DEBUG|INFO|WARN) msg=`, line)
		require.Negative(t, strings.IndexFunc(strings.TrimSuffix(line, "\n"),
			func(r rune) bool { return unicode.IsControl(r) || !unicode.IsPrint(r) }), "%q", line)
	}
}
