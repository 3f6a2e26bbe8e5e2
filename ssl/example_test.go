package ssl_test

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"os"

	"github.com/seed599db172/softwareupdates/ssl"
)

// A laboratory makes its own authority; the same settings then build the listeners of a WSUS server.
func Example() {
	dir, err := os.MkdirTemp("", "ca")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ca, err := ssl.OpenCA(dir, ssl.CAOptions{Names: []string{"wsus01.lab.example", "wsus01"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	settings := ssl.Required(ca.GetCertificate)
	for _, path := range []string{"/ClientWebService/client.asmx", "/content/A0/file.cab"} {
		root, _, _, _ := ssl.FindRoot(&url.URL{Path: path})
		fmt.Println(root.Name, "refuses plain HTTP:", settings.Refuses(root, false))
	}
	certificate, err := settings.TLSConfig().GetCertificate(&tls.ClientHelloInfo{ServerName: "wsus01"})
	fmt.Println(certificate.Leaf.DNSNames, err)
	// Output:
	// ClientWebService refuses plain HTTP: true
	// Content refuses plain HTTP: false
	// [wsus01.lab.example wsus01] <nil>
}
