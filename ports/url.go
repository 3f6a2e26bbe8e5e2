package ports

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// MetadataURL is the address of the web site for metadata, as clients get it in WUServer: on the HTTPS port when https is
// true, else on the HTTP port. It has no trailing slash. Ports 80 and 443 are left out where they are the scheme's own.
//
// The host is a DNS name or an IP address, without port; an IPv6 address is put into brackets. Nothing is checked here:
// validate the pair first.
func (p Pair) MetadataURL(host string, https bool) string {
	if https {
		return siteURL("https", host, p.HTTPS, defaultHTTPS)
	}
	return siteURL("http", host, p.HTTP, defaultHTTP)
}

// ContentURL is the address of the web site for files. It is always on the HTTP port, with TLS as well: files are protected
// by the digests in the metadata, and clients that fetch them over HTTPS fail.
func (p Pair) ContentURL(host string) string { return siteURL("http", host, p.HTTP, defaultHTTP) }

func siteURL(scheme, host string, port, schemeDefault int) string {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	address := net.JoinHostPort(host, strconv.Itoa(port))
	if port == schemeDefault {
		address = strings.TrimSuffix(address, ":"+strconv.Itoa(port))
	}
	return (&url.URL{Scheme: scheme, Host: address}).String()
}
