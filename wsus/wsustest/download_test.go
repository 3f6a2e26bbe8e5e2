package wsustest_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// TestDownloadPattern holds the requests against what was observed of Delivery Optimization: closed ranges of 1 MiB, aligned, the last one to the
// end, in the order that was drawn, on several connections; no HEAD and no conditions.
func TestDownloadPattern(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789abcdef"), (5<<20+48)/16) // five pieces and a short one
	store := content.Memory()
	ref := content.Ref{SHA1: sha1.Sum(data), SHA256: sha256.Sum256(data), Size: int64(len(data)), Name: "big.cab"}
	require.NoError(t, store.Put(context.Background(), ref, bytes.NewReader(data)))
	var mu sync.Mutex
	var ranges []string
	connections := map[string]bool{}
	missing, together := 0, make(chan struct{}) // requests that must be there before any is answered, and closed when they are
	close(together)
	files := content.Handler(store)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		ranges = append(ranges, r.Method+" "+r.Header.Get("Range"))
		connections[r.RemoteAddr] = true
		for _, name := range []string{"If-Range", "If-None-Match", "If-Modified-Since"} {
			require.Empty(t, r.Header.Get(name))
		}
		if missing > 0 {
			if missing--; missing == 0 {
				close(together)
			}
		}
		all := together
		mu.Unlock()
		select {
		case <-all:
		case <-r.Context().Done():
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	file := metadata.File{Name: "big.cab", Size: ref.Size, SHA1: ref.SHA1, SHA256: ref.SHA256}

	one := wsustest.Downloader{Client: server.Client(), Connections: 1, Order: func(n int) []int { require.Equal(t, 6, n); return []int{3, 5, 0, 4, 1, 2} }}
	got, err := one.Download(context.Background(), server.URL+content.Path(ref), file)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	require.Equal(t, []string{"GET bytes=3145728-4194303", "GET bytes=5242880-5242927", "GET bytes=0-1048575", "GET bytes=4194304-5242879",
		"GET bytes=1048576-2097151", "GET bytes=2097152-3145727"}, ranges)

	want := slices.Sorted(slices.Values(ranges))
	ranges, connections = nil, map[string]bool{}
	missing, together = wsustest.DefaultConnections, make(chan struct{})
	several := wsustest.Downloader{Client: server.Client()}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second) // for one that never makes so many
	defer cancel()
	_, err = several.Download(ctx, server.URL+content.Path(ref), file)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(connections), wsustest.DefaultConnections)
	require.Equal(t, want, slices.Sorted(slices.Values(ranges)))

	file.SHA256[0] ^= 1
	_, err = several.Download(context.Background(), server.URL+content.Path(ref), file)
	require.ErrorContains(t, err, "the SHA-256 is")
	file.Size = wsustest.DefaultMaxFile + 1
	_, err = several.Download(context.Background(), server.URL+content.Path(ref), file)
	require.ErrorContains(t, err, "the limit is")
}
