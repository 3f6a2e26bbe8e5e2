package clientsync

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// maxAuthorizationCookies that are read; a client has one.
const maxAuthorizationCookies = 16

// GetCookieParameters are those of GetCookie (MS-WUSP §2.2.2.2.2).
type GetCookieParameters struct {
	// AuthCookies are what GetAuthorizationCookie gave: exactly one.
	AuthCookies []AuthorizationCookie
	// OldCookie is the client's last one from this server, expired or not: the server takes from it what the client has seen.
	// Without EncryptedData it is none.
	OldCookie Cookie
	// LastChange is that of the configuration that the client knows.
	LastChange time.Time
	// CurrentTime on the client's clock; informational.
	CurrentTime time.Time
	// ProtocolVersion of the client. What answers contain depends on it.
	ProtocolVersion string
}

// getCookie makes a service cookie of an authorization cookie.
func getCookie(x *exchange) error {
	p, err := readGetCookie(x.in, x.limits)
	if err != nil {
		return err
	}
	if len(p.AuthCookies) != 1 {
		return &Fault{Code: InvalidAuthorizationCookie}
	}
	authorized, err := x.unseal(authorizationUse, p.AuthCookies[0].CookieData)
	if f := (*Fault)(nil); err != nil && !errors.As(err, &f) {
		return err
	} else if err != nil || !x.now.Before(authorized.Expires) {
		return &Fault{Code: InvalidAuthorizationCookie}
	}
	x.clientID = authorized.Bearer.ID
	state := sealed{
		Bearer:       authorized.Bearer,
		Expires:      onWire(x.now.Add(x.config.cookieLifetime())),
		ConfigChange: onWire(x.config.LastChange),
	}
	if p.ProtocolVersion != "" {
		if state.Bearer.Protocol, err = ParseVersion(p.ProtocolVersion); err != nil {
			return invalid("protocolVersion")
		}
	}
	if !onWire(p.LastChange).Equal(state.ConfigChange) {
		return &Fault{Code: ConfigChanged}
	}
	if len(p.OldCookie.EncryptedData) > 0 {
		old, err := x.unseal(serviceUse, p.OldCookie.EncryptedData)
		if err != nil {
			return err
		}
		// What another client has seen, or another computer with the same client id, this one has not; and in other groups other
		// approvals count.
		if old.Bearer.ID == state.Bearer.ID && strings.EqualFold(old.Bearer.DNSName, state.Bearer.DNSName) &&
			slices.Equal(old.Bearer.Groups, state.Bearer.Groups) {
			state.Bearer.Anchor, state.Bearer.DriverAnchor = old.Bearer.Anchor, old.Bearer.DriverAnchor
			state.Bearer.PrinterAnchor, state.Scan = old.Bearer.PrinterAnchor, old.Scan
		}
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	cookie, err := x.renew(state)
	if err != nil {
		return err
	}
	x.answer(func(w *soap.Writer) { writeCookie(w, "GetCookieResult", cookie) })
	return nil
}

func readGetCookie(s *soap.Scanner, limits Limits) (GetCookieParameters, error) {
	var p GetCookieParameters
	for s.Child() {
		switch string(s.Name()) {
		case "authCookies":
			s.List("AuthorizationCookie", maxAuthorizationCookies, func() {
				p.AuthCookies = append(p.AuthCookies, readAuthorizationCookie(s))
			})
		case "oldCookie":
			p.OldCookie = readCookie(s)
		case "lastChange":
			p.LastChange = s.Time()
		case "currentTime":
			p.CurrentTime = s.Time()
		case "protocolVersion":
			p.ProtocolVersion = s.StringUpTo(limits.Text)
		default:
			s.Skip()
		}
	}
	return p, s.Err()
}

// GetCookie turns an authorization cookie into the cookie of the Client and Reporting services.
func (c *Client) GetCookie(ctx context.Context, p GetCookieParameters) (Cookie, error) {
	var cookie Cookie
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "GetCookie"},
		func(w *soap.Writer) { writeGetCookie(w, p) },
		func(s *soap.Scanner) {
			for s.Child() {
				cookie = readCookie(s)
			}
		})
	return cookie, err
}

// writeGetCookie writes an old cookie always: without one, agents send the time alone.
func writeGetCookie(w *soap.Writer, p GetCookieParameters) {
	w.Open("authCookies")
	for _, cookie := range p.AuthCookies {
		writeAuthorizationCookie(w, "AuthorizationCookie", cookie)
	}
	w.Close("authCookies")
	if len(p.OldCookie.EncryptedData) == 0 {
		p.OldCookie.Expiration = p.CurrentTime
	}
	writeCookie(w, "oldCookie", p.OldCookie)
	w.Time("lastChange", p.LastChange)
	w.Time("currentTime", p.CurrentTime)
	w.String("protocolVersion", p.ProtocolVersion)
}
