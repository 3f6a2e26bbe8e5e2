package updatepoint_test

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
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

// counting is a body of zeros that knows how much of it was wanted. The client may still read it after its answer has come.
type counting struct{ read atomic.Int64 }

func (c *counting) Read(b []byte) (int, error) {
	if c.read.Add(int64(len(b))) > 64<<20 {
		return 0, io.EOF
	}
	return len(b), nil
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
