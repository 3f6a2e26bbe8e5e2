package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/wsus"
)

// One folder holds everything; a second process on it is refused.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "softwareupdates")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	db, err := sqlite.Open(ctx, dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()

	_, err = sqlite.Open(ctx, dir)
	fmt.Println("second:", errors.Is(err, sqlite.ErrLocked))

	err = db.WSUS().PutComputers(ctx, wsus.Computer{ID: "b", DNSName: "ws2.lab.example"}, wsus.Computer{ID: "a", DNSName: "ws1.lab.example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for computer, err := range db.WSUS().Computers(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(computer.ID, computer.DNSName)
	}
	pragmas, err := db.Pragmas(ctx)
	fmt.Println(pragmas.JournalMode, pragmas.Synchronous, err)
	// Output:
	// second: true
	// a ws1.lab.example
	// b ws2.lab.example
	// wal 2 <nil>
}
