package clientsync_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func TestVersionsInOrder(t *testing.T) {
	known := []string{"0.9", "1.0", "1.6", "1.8", "1.9", "1.10", "2.0", "2.4", "2.32", "2.90", "3.0", "3.2"}
	for i, text := range known {
		v, err := clientsync.ParseVersion(text)
		require.NoError(t, err)
		require.Equal(t, text, v.String())
		for j, other := range known {
			w, err := clientsync.ParseVersion(other)
			require.NoError(t, err)
			require.Equal(t, i >= j, v.AtLeast(w), "%s at least %s", v, w)
		}
	}
	for _, text := range []string{"", "2", "2.", ".4", "2.4.1", "-1.0", "2.x", "+1.8", "1.65536", " 1.8"} {
		_, err := clientsync.ParseVersion(text)
		require.Error(t, err, text)
	}
}
