package memory_test

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/storage/memory"
)

func Example() {
	ctx := context.Background()
	db := memory.Open()
	err := db.Site().Put(ctx, map[string][]byte{"site/LAB": []byte("native"), "other": []byte("…")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for record, err := range db.Site().List(ctx, "site/") {
		fmt.Printf("%s %s %v\n", record.Key, record.Value, err)
	}
	// Output:
	// site/LAB native <nil>
}
