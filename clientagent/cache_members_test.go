package clientagent_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Another server maps the catalogue to its own revisions and leaves out the parts of bundles, which it sends anew. When the scan fails before it
// has, the content of the parts is needed all the same.
func TestCacheKeepsThePartsOfABundleThatAServerHasYetToSend(t *testing.T) {
	l, cache, part, old, older := bundleLab(t)

	left := map[string][]byte{}
	for record, err := range l.store.List(t.Context(), "revision/") {
		require.NoError(t, err)
		var revision struct{ Identity struct{ ID string } }
		require.NoError(t, json.Unmarshal(record.Value, &revision))
		if revision.Identity.ID == updateID("part").String() {
			left[record.Key] = nil
		}
	}
	require.Len(t, left, 1)
	require.NoError(t, l.store.Put(t.Context(), left))
	l.stock(cache, old)
	l.stock(cache, older)
	l.pass(3 * 24 * time.Hour) // the next scan is due after a week
	require.Contains(t, l.holds(cache, part, old, older), "part")
	require.Len(t, l.holds(cache, part, old, older), 2)
}
