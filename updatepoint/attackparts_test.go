package updatepoint_test

import (
	"bytes"
	"io"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// newForeignToken is a good token of another site, for the same client.
func newForeignToken(t *testing.T) string {
	t.Helper()
	other, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, other)
	token, err := updatepoint.InProcess(other).Register(t.Context(), clientagent.Registration{ClientID: pc1, Name: "pc1"})
	require.NoError(t, err)
	return token
}

func encoded(t *testing.T, r compliance.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, compliance.EncodeReport(&b, r))
	return b.String()
}

// counting is a body of zeros that knows how much of it was not wanted.
type counting struct{ left int }

func (c *counting) Read(b []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	n := min(len(b), c.left)
	c.left -= n
	return n, nil
}

// lockedWriter is for a log that several goroutines write.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
