package clientagent

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"syscall"
)

// More HRESULTs of Windows Update and WinHTTP that a scan ends with.
const (
	codeTimeout           int32 = -2147012894 // 0x80072EE2
	codeConnectionAborted int32 = -2147012866 // 0x80072EFE
	codeSecureFailure     int32 = -2147012721 // 0x80072F8F
	codeNameNotResolved   int32 = -2145107924 // 0x8024402C
)

// retryCodes are the ranges of the product's default of WSUSScanRetryCodes.
var retryCodes = [][2]uint32{
	{0x80040693, 0x80040693}, {0x80072EFD, 0x80072EFE}, {0x8024001A, 0x8024001A}, {0x8024001E, 0x8024001E},
	{0x80244004, 0x8024400E}, {0x80244010, 0x80244010}, {0x80244015, 0x80244016}, {0x80244018, 0x8024401A},
	{0x8024401C, 0x80244024}, {0x80244026, 0x80244027}, {0x8024402B, 0x8024402C}, {0x8024F004, 0x8024F004},
}

// DefaultScanRetryCodes are the product's 36 codes of WSUSScanRetryCodes, in ascending order of their hexadecimal form.
func DefaultScanRetryCodes() []int32 {
	var codes []int32
	for _, span := range retryCodes {
		for code := span[0]; code <= span[1]; code++ {
			codes = append(codes, int32(code))
		}
	}
	return codes
}

// retryable says whether a scan that failed with the code is tried again, and at last on another server.
func (s Settings) retryable(code int32) bool {
	if len(s.Scan.WSUSScanRetryCodes) > 0 {
		return slices.Contains(s.Scan.WSUSScanRetryCodes, code)
	}
	for _, span := range retryCodes {
		if span[0] <= uint32(code) && uint32(code) <= span[1] {
			return true
		}
	}
	return false
}

// codeError makes an error of the code of an earlier failure.
func codeError(code int32) error {
	switch {
	case code == 0:
		return nil
	case CodeMeaning(code) != "":
		return errors.New(CodeMeaning(code))
	}
	return fmt.Errorf("0x%08X", uint32(code))
}

// networkCode puts an error of a connection in the product's numbers; 0 when it is none.
func networkCode(err error) int32 {
	var (
		name     *net.DNSError
		op       *net.OpError
		timeout  net.Error
		unknown  x509.UnknownAuthorityError
		host     x509.HostnameError
		invalid  x509.CertificateInvalidError
		verifier *tls.CertificateVerificationError
		record   tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &verifier), errors.As(err, &record):
		return codeSecureFailure
	case errors.As(err, &name):
		return codeNameNotResolved
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return codeTimeout
	case errors.As(err, &op) && op.Op == "dial":
		return CodeCannotConnect
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return codeConnectionAborted
	}
	return 0
}

// firstStatusCode is the code of the first of statusCodes; the others follow it, up to 0x80244024.
const firstStatusCode uint32 = 0x80244016

// statusCodes are the HTTP status codes that have a code of their own.
var statusCodes = [...]int{400, 401, 403, 404, 405, 407, 408, 409, 410, 500, 501, 502, 503, 504, 505}

// statusCode is the code of an HTTP status; one without its own is a protocol error.
func statusCode(status int) int32 {
	if i := slices.Index(statusCodes[:], status); i >= 0 {
		return int32(firstStatusCode + uint32(i))
	}
	return CodeSOAPAnswerUnreadable
}

// statusMeaning is the HTTP status of a code in words; empty when it is none.
func statusMeaning(code int32) string {
	if i := uint32(code) - firstStatusCode; i < uint32(len(statusCodes)) {
		return fmt.Sprintf("server answered with HTTP status %d %s", statusCodes[i], http.StatusText(statusCodes[i]))
	}
	return ""
}
