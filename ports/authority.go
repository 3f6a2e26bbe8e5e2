package ports

import "net/url"

// AddressURL is the address of a server that is known by an authority only: the host, or host:port, of a request's Host header or
// of a listener. It is for where no pair is known yet; whoever has a [Pair] derives addresses from it.
func AddressURL(authority string, https bool) string {
	scheme := "http"
	if https {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: authority}).String()
}
