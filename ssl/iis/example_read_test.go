package iis_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// A program that finds a web site by one of its applications, whatever its name, and tells of each folder whether SSL is required, and
// which line says so.
func Example() {
	data, err := os.ReadFile(filepath.Join("testdata", "read", "wsus.config"))
	if err != nil {
		fmt.Println(err)
		return
	}
	config, err := iis.Parse(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, site := range config.Sites() {
		if folder, ok := site.Folder("/ClientWebService"); !ok || !folder.IsApplication() {
			continue
		}
		pair, err := site.Ports()
		if err != nil {
			fmt.Println(err)
		}
		fmt.Printf("%s (id %d) on %s\n", site.Name, site.ID, pair)
		for _, root := range []string{"ApiRemoting30", "ClientWebService", "ServerSyncWebService", "SimpleAuthWebService", "Content"} {
			access, err := config.Access(site.Name + "/" + root)
			if err != nil {
				fmt.Println(err)
				continue
			}
			fmt.Printf("%-20s  %-35s  %s\n", root, access.Flags, access.From)
		}
	}
	// Output:
	// Wsus Administration (id 1290455101) on 8530/8531
	// ApiRemoting30         Ssl                                  line 92 (location "Wsus Administration/ApiRemoting30")
	// ClientWebService      Ssl, Ssl128                          line 102 (location "WSUS ADMINISTRATION/clientwebservice")
	// ServerSyncWebService  Ssl, SslNegotiateCert, SslRequireCert  line 116 (location "Wsus Administration/ServerSyncWebService")
	// SimpleAuthWebService  None                                 line 86
	// Content               None                                 line 86
}

// A software update point was told the ports of the default web site; what the site of WSUS binds stands in the configuration.
func ExampleSite_Bound() {
	data, err := os.ReadFile(filepath.Join("testdata", "read", "wsus.config"))
	if err != nil {
		fmt.Println(err)
		return
	}
	config, err := iis.Parse(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	site, _ := config.Site("WSUS Administration")
	for _, b := range site.Bound() {
		fmt.Println("bound:", b)
	}
	told := ports.Default
	for _, m := range ports.Compare(told, true, site.Bound()) {
		fmt.Println(m.Kind)
		fmt.Println("  cause: ", m.Cause)
		fmt.Println("  remedy:", m.Remedy)
	}
	// Output:
	// bound: http *:8530:
	// bound: https *:8531:
	// ports-differ
	//   cause:  the web site binds 8530/8531, and the software update point was told 80/443
	//   remedy: tell the software update point the ports 8530/8531, or bind 80/443 and run WSUSUtil configuressl again; clients need a URL with the new port
}

// The application pool of an application, with the values that count whoever states them.
func ExampleConfig_AppPool() {
	data, err := os.ReadFile(filepath.Join("testdata", "read", "wsus.config"))
	if err != nil {
		fmt.Println(err)
		return
	}
	config, err := iis.Parse(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	site, _ := config.Site("WSUS Administration")
	folder, _ := site.Folder("/ClientWebService")
	pool, _ := config.AppPool(folder.Application.Pool)
	fmt.Println(pool.Name, pool.QueueLength, pool.IdleTimeout, pool.PrivateMemory, "KB")
	// Output: WsusPool 2000 0s 1843200 KB
}

// A web.config that states a section which is locked takes its application down.
func ExampleConfig_AccessWith() {
	data, err := os.ReadFile(filepath.Join("testdata", "read", "wsus.config"))
	if err != nil {
		fmt.Println(err)
		return
	}
	config, err := iis.Parse(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	webConfig := func(folder string) ([]byte, error) {
		if folder != `C:\Program Files\Update Services\WebServices\ClientWebService\` {
			return nil, os.ErrNotExist
		}
		return []byte("<configuration>\n<system.webServer><security><access sslFlags=\"Ssl\"/></security></system.webServer>\n</configuration>"), nil
	}
	_, err = config.AccessWith("WSUS Administration/ClientWebService", webConfig)
	fmt.Println(err)
	// Output:
	// access of "WSUS Administration/ClientWebService": WSUS Administration/ClientWebService answers 500.19 (0x80070021): access is stated at C:\Program Files\Update Services\WebServices\ClientWebService\web.config, line 2, but locked by overrideModeDefault="Deny" at line 18: remove the statement or the lock
}
