package ports

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"syscall"
)

// hearing keeps the first bytes that come over a connection: they tell the protocol, whatever the one who reads them makes of it.
type hearing struct {
	net.Conn
	first []byte
}

func (h *hearing) Read(b []byte) (int, error) {
	n, err := h.Conn.Read(b)
	if room := firstBytes - len(h.first); room > 0 && n > 0 {
		h.first = append(h.first, b[:min(n, room)]...)
	}
	return n, err
}

// firstBytes is how many are kept: enough to show a banner.
const firstBytes = 64

// judge names the protocol of a conversation that came to no answer.
func (h *hearing) judge(err error) speech {
	switch {
	case len(h.first) > 0:
		return protocolOf(h.first)
	case isTimeout(err):
		return silent
	}
	return cutOff
}

// protocolOf names a protocol by how its server begins.
func protocolOf(first []byte) speech {
	const (
		alert     = 0x15
		handshake = 0x16
	)
	switch {
	case bytes.HasPrefix(first, []byte("HTTP/")):
		return speaksHTTP
	case len(first) >= 2 && (first[0] == alert || first[0] == handshake) && first[1] == 3:
		return speaksTLS
	}
	return foreign
}

func whyNotOpen(err error) speech {
	var name *net.DNSError
	switch {
	case errors.As(err, &name) && !name.IsTimeout:
		return unresolved
	case isTimeout(err), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return dropped
	case errors.Is(err, syscall.ECONNRESET):
		return cutOff // it was open for a moment
	}
	return refused
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}
