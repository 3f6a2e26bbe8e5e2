package ssl

// What the Windows Update Agent shows for the faults of a channel (iis-ssl-ports.md §3.5). Where WinHTTP has a number of its own
// for a certificate's fault, agents report secure failure all the same, and tell the reason in their log; see [ErrSecureFailure].
const (
	// ErrSecureFailure: 12175, TLS or the certificate failed: clock, name, issuer, version.
	ErrSecureFailure ClientError = 0x80072F8F
	// ErrClientCertificateNeeded: 12044, the server asked for a client certificate.
	ErrClientCertificateNeeded ClientError = 0x80072F0C
	// ErrCertificateDate: 12037, the certificate is expired or not yet valid.
	ErrCertificateDate ClientError = 0x80072F05
	// ErrCertificateName: 12038, the certificate is for another name.
	ErrCertificateName ClientError = 0x80072F06
	// ErrCertificateIssuer: 12045, the issuer is unknown.
	ErrCertificateIssuer ClientError = 0x80072F0D
	// ErrUntrustedRoot: the chain ends in a certificate that is not trusted.
	ErrUntrustedRoot ClientError = 0x800B0109
	// ErrTimeout: 12002, no answer in time.
	ErrTimeout ClientError = 0x80072EE2
	// ErrNameNotResolved: 12007.
	ErrNameNotResolved ClientError = 0x80072EE7
	// ErrCannotConnect: 12029, the port is closed.
	ErrCannotConnect ClientError = 0x80072EFD
	// ErrConnectionAborted: 12030, HTTP spoken to a TLS port or the reverse, or a handshake that was reset.
	ErrConnectionAborted ClientError = 0x80072EFE
	// ErrHTTPBadRequest to ErrHTTPGatewayTimeout are HTTP statuses.
	ErrHTTPBadRequest         ClientError = 0x80244016
	ErrHTTPDenied             ClientError = 0x80244017
	ErrHTTPForbidden          ClientError = 0x80244018
	ErrHTTPNotFound           ClientError = 0x80244019
	ErrHTTPProxyAuthorization ClientError = 0x8024401B
	ErrHTTPServerError        ClientError = 0x8024401F
	ErrHTTPBadGateway         ClientError = 0x80244021
	ErrHTTPUnavailable        ClientError = 0x80244022
	ErrHTTPGatewayTimeout     ClientError = 0x80244023
	// ErrHTTPOther: any other status, such as the 200 of a page that is no WSUS.
	ErrHTTPOther ClientError = 0x8024402B
)
