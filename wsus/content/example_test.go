package content_test

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// A server serves a file, and a client fetches and verifies it.
func Example() {
	ctx := context.Background()
	const file = "what an update installs"
	ref := content.Ref{SHA1: sha1.Sum([]byte(file)), SHA256: sha256.Sum256([]byte(file)), Size: int64(len(file)), Name: "update.msi"}

	origin := content.Memory() // a server would use content.Dir
	if err := origin.Put(ctx, ref, strings.NewReader(file)); err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(content.Handler(origin))
	defer server.Close()

	cache := content.Memory()
	fmt.Println(content.Path(ref))
	fmt.Println(content.Download(ctx, server.Client(), server.URL+content.Path(ref), ref, cache))

	wrong := ref
	wrong.Size++
	fmt.Println(content.Memory().Put(ctx, wrong, strings.NewReader(file)))
	// Output:
	// /Content/8A/3E06B3126BF482BDD2992D6B7508AA5EB4887C8A.msi
	// <nil>
	// file 3E06B3126BF482BDD2992D6B7508AA5EB4887C8A ("update.msi"): size is 23 instead of 24
}

// A cache is kept small: what it holds is listed, and what nobody needs any more is removed.
func ExampleMemoryStore_Files() {
	ctx := context.Background()
	cache := content.Memory()
	for _, file := range []string{"an update of last year", "an update of today"} {
		ref := content.Ref{SHA1: sha1.Sum([]byte(file)), Size: int64(len(file))}
		if err := cache.Put(ctx, ref, strings.NewReader(file)); err != nil {
			fmt.Println(err)
			return
		}
	}
	needed := content.SHA1(sha1.Sum([]byte("an update of today")))
	for entry, err := range cache.Files(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if entry.SHA1 != needed {
			fmt.Println(entry.Size, "bytes removed:", cache.Remove(ctx, entry.SHA1))
		}
	}
	// Output:
	// 22 bytes removed: <nil>
}
