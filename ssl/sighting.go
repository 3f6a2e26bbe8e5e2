package ssl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxAnswer is how much of an answer is read, so that its connection can be used again.
const maxAnswer = 64 << 10

// sighting is what a root answered on both schemes.
type sighting struct {
	plain, secure answer
}

// answer is an HTTP status or the reason why there is none.
type answer struct {
	status int
	header http.Header
	err    error
}

func ask(ctx context.Context, client *http.Client, address string) answer {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return answer{err: err}
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer)); err != nil {
		return answer{err: err}
	}
	return answer{status: resp.StatusCode, header: resp.Header}
}

func (a answer) String() string {
	if a.err == nil {
		return fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))
	}
	if state, detail, _ := a.fault(""); state == CertificateInvalid {
		return detail
	}
	var (
		op      *net.OpError
		request *url.Error
	)
	switch {
	case errors.As(a.err, &op):
		return op.Err.Error()
	case errors.As(a.err, &request):
		return request.Err.Error()
	}
	return a.err.Error()
}

// works says that a service answered. Refusing a GET (405), asking who is there (401) and saying that a service is not built
// (501) are answers of a service that is there.
func (a answer) works() bool {
	return a.err == nil && a.status != http.StatusForbidden && a.status != http.StatusNotFound &&
		(a.status < 500 || a.status == http.StatusNotImplemented)
}

// fault classifies an answer that does not work, for the server of that name.
func (a answer) fault(name string) (state State, detail, remedy string) {
	switch {
	case a.err != nil:
		return a.connectionFault(name)
	case a.status == http.StatusNotFound:
		return Missing, "the service is not there", "check that the web site of WSUS has this virtual root and that its ports are right; repair WSUS if it is gone"
	case a.status == http.StatusForbidden:
		return Blocked, "the root is closed", "see the IIS log for the sub-status: 403.4 means that the root requires SSL, 403.6 that addresses are restricted"
	default:
		return Failing, "the service fails", "see the event log; 503 means that the application pool of WSUS is stopped or overloaded"
	}
}

func (a answer) connectionFault(name string) (state State, detail, remedy string) {
	var (
		hostname  x509.HostnameError
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		op        *net.OpError
	)
	switch {
	case errors.As(a.err, &hostname):
		return CertificateInvalid, "the certificate is for " + strings.Join(certificateNames(hostname.Certificate), ", "),
			fmt.Sprintf("bind a certificate with the alternative name %s to the HTTPS port, then run WSUSUtil configuressl %s", name, name)
	case errors.As(a.err, &authority):
		return CertificateInvalid, "the certificate comes from an authority that is not trusted",
			"put the issuing authority into the trusted root store of the local computer, on clients and on the server"
	case errors.As(a.err, &invalid) && invalid.Reason == x509.Expired:
		return CertificateInvalid, fmt.Sprintf("the certificate is valid from %s to %s only",
				invalid.Cert.NotBefore.UTC().Format(time.DateTime), invalid.Cert.NotAfter.UTC().Format(time.DateTime)),
			"renew the certificate, bind the new one to the HTTPS port, and compare the clocks"
	case errors.As(a.err, &verify):
		return CertificateInvalid, "the certificate does not verify: " + verify.Err.Error(),
			"use a certificate for server authentication (1.3.6.1.5.5.7.3.1) with a complete chain"
	case errors.As(a.err, &record) || errors.Is(a.err, http.ErrSchemeMismatch):
		return Unreachable, "the HTTPS port does not speak TLS", "bind HTTPS with a certificate to this port, or correct the port"
	case errors.As(a.err, &op) && op.Op == "remote error":
		return CertificateInvalid, "the server broke the handshake off: " + op.Err.Error(),
			fmt.Sprintf("give the server a certificate for %s and TLS 1.2 or newer", name)
	}
	return Unreachable, "nobody answers", "check that the server runs, that the web site is bound to this port, and that no firewall is between"
}

func certificateNames(c *x509.Certificate) []string {
	names := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return []string{"no name"}
	}
	return names
}
