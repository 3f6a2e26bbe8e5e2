package catalog_test

import (
	"fmt"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
)

func ExampleTable() {
	rows, err := catalog.Table()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range rows {
		if row.KB == "KB9900110" {
			fmt.Println(row.Title)
			fmt.Println(row.Before["server2022"], "->", row.After["server2022"])
			fmt.Println(row.Why)
		}
	}
	// Output:
	// 2026-05 Cumulative Update for Microsoft server operating system version 21H2 for x64-based Systems (KB9900110)
	// Not Required -> Installed
	// Waits for 9900109: that prerequisite is not installed before; once it is, the update is needed and installed.
}
