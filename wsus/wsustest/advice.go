package wsustest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// adviceOn says what to try when the first call has failed; empty when there is nothing to add.
func adviceOn(err error) string {
	var (
		unknown  x509.UnknownAuthorityError
		other    x509.HostnameError
		resolver *net.DNSError
		plain    tls.RecordHeaderError
		dial     *net.OpError
		status   *clientsync.StatusError
		slow     net.Error
	)
	switch {
	case errors.As(err, &unknown):
		return ". Name the authority of its certificate as one to trust (Config.Client; -ca of examples/check)"
	case errors.As(err, &other):
		return ". Use the name that its certificate has"
	case errors.As(err, &plain), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"): // net/http has no type for it
		return ". The port speaks plain HTTP: the URL begins with http://, or the port of TLS is another one (8531 beside 8530, 443 beside 80)"
	case errors.As(err, &resolver):
		return ". Is the name right?"
	case errors.As(err, &dial) && dial.Op == "dial":
		return ". Is the port right? WSUS listens on 8530, and on 8531 for TLS"
	case errors.As(err, &status):
		return adviceOnStatus(status.StatusCode)
	case errors.As(err, &slow) && slow.Timeout():
		return ""
	default:
		return ". Whatever answers there is no WSUS"
	}
}

func adviceOnStatus(status int) string {
	switch status {
	case http.StatusBadRequest:
		return ". A port of TLS answers so when it is asked in plain HTTP: does the URL begin with https:// ?"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return ". The URL must be the one that has /ClientWebService below it, such as http://wsus.example:8530"
	case http.StatusUnauthorized, http.StatusProxyAuthRequired:
		return ". Agents come without credentials: the services, and a proxy before them, must be open to anonymous requests"
	default:
		return ""
	}
}
