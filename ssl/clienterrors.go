package ssl

// What the Windows Update Agent shows for the faults of a channel. For a fault of a certificate some versions show
// [CodeSecureFailure] and tell the particular reason in their log only.
const (
	// CodeSecureFailure: 12175, TLS or the certificate failed.
	CodeSecureFailure ClientError = 0x80072F8F
	// CodeClientCertificateNeeded: 12044, the server asked for a client certificate.
	CodeClientCertificateNeeded ClientError = 0x80072F0C
	// CodeCertificateDate: 12037, the certificate is expired or not yet valid.
	CodeCertificateDate ClientError = 0x80072F05
	// CodeCertificateName: 12038, the certificate is for another name.
	CodeCertificateName ClientError = 0x80072F06
	// CodeCertificateIssuer: 12045, the issuer is unknown.
	CodeCertificateIssuer ClientError = 0x80072F0D
	// CodeUntrustedRoot: the chain ends in a certificate that is not trusted.
	CodeUntrustedRoot ClientError = 0x800B0109
	// CodeTimeout: 12002, no answer in time.
	CodeTimeout ClientError = 0x80072EE2
	// CodeNameNotResolved: 12007.
	CodeNameNotResolved ClientError = 0x80072EE7
	// CodeCannotConnect: 12029, the port is closed.
	CodeCannotConnect ClientError = 0x80072EFD
	// CodeConnectionAborted: 12030, HTTP spoken to a TLS port or the reverse, or a handshake that was reset.
	CodeConnectionAborted ClientError = 0x80072EFE
)

// What the agent shows for HTTP statuses; CodeHTTPOther is for those that have no code of their own.
const (
	CodeHTTPBadRequest         ClientError = 0x80244016
	CodeHTTPDenied             ClientError = 0x80244017
	CodeHTTPForbidden          ClientError = 0x80244018
	CodeHTTPNotFound           ClientError = 0x80244019
	CodeHTTPBadMethod          ClientError = 0x8024401A
	CodeHTTPProxyAuthorization ClientError = 0x8024401B
	CodeHTTPRequestTimeout     ClientError = 0x8024401C
	CodeHTTPConflict           ClientError = 0x8024401D
	CodeHTTPGone               ClientError = 0x8024401E
	CodeHTTPServerError        ClientError = 0x8024401F
	CodeHTTPNotImplemented     ClientError = 0x80244020
	CodeHTTPBadGateway         ClientError = 0x80244021
	CodeHTTPUnavailable        ClientError = 0x80244022
	CodeHTTPGatewayTimeout     ClientError = 0x80244023
	CodeHTTPVersion            ClientError = 0x80244024
	CodeHTTPOther              ClientError = 0x8024402B
)

var statusCodes = map[int]ClientError{
	400: CodeHTTPBadRequest, 401: CodeHTTPDenied, 403: CodeHTTPForbidden, 404: CodeHTTPNotFound, 405: CodeHTTPBadMethod,
	407: CodeHTTPProxyAuthorization, 408: CodeHTTPRequestTimeout, 409: CodeHTTPConflict, 410: CodeHTTPGone,
	500: CodeHTTPServerError, 501: CodeHTTPNotImplemented, 502: CodeHTTPBadGateway, 503: CodeHTTPUnavailable,
	504: CodeHTTPGatewayTimeout, 505: CodeHTTPVersion,
}

// codeOfStatus is what an agent shows for the status of an HTTP answer that it cannot use.
func codeOfStatus(status int) ClientError {
	if code, ok := statusCodes[status]; ok {
		return code
	}
	return CodeHTTPOther
}
