package ports_test

import (
	"fmt"

	"github.com/seed599db172/softwareupdates/ports"
)

func Example() {
	pair := ports.Custom
	fmt.Println(pair.MetadataURL("wsus01.lab.example", true))
	fmt.Println(pair.ContentURL("wsus01.lab.example"))

	wrong := ports.Pair{HTTP: 8530, HTTPS: 9000}
	fmt.Println(wrong.Validate())
	// Output:
	// https://wsus01.lab.example:8531
	// http://wsus01.lab.example:8530
	// 1 error occurred:
	// 	* ports do not go together: HTTP 8530 and HTTPS 9000: HTTP 80 goes with HTTPS 443, any other HTTP port p goes with HTTPS p+1; valid is 8530/8531 or 8999/9000
}

func ExampleForHTTPS() {
	pair, err := ports.ForHTTPS(443)
	fmt.Println(pair, err)
	_, err = ports.ForHTTPS(81)
	fmt.Println(err)
	// Output:
	// 80/443 <nil>
	// ports do not go together: no port goes with HTTPS port 81 (HTTP 80 goes with HTTPS 443, any other HTTP port p goes with HTTPS p+1)
}
