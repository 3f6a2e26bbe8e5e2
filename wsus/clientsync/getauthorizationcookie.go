package clientsync

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// DefaultCookieLifetime is that of real servers.
const DefaultCookieLifetime = time.Hour

func (c Config) cookieLifetime() time.Duration {
	return cmp.Or(max(c.CookieLifetime, 0), DefaultCookieLifetime)
}

// getAuthorizationCookie introduces a client to the backend (MS-WUSP §2.2.2.1.1). Client ids are compared without case by
// agents' reports; from here on they are in lower case.
func getAuthorizationCookie(x *exchange) error {
	var clientID, targetGroup, dnsName string
	for x.in.Child() {
		switch string(x.in.Name()) {
		case "clientId":
			clientID = strings.ToLower(x.in.StringUpTo(x.limits.Text))
		case "targetGroupName":
			targetGroup = x.in.StringUpTo(x.limits.Text)
		case "dnsName":
			dnsName = x.in.StringUpTo(x.limits.Text)
		default:
			x.in.Skip()
		}
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	switch {
	case !isClientID(clientID):
		return invalid("clientId")
	case !isDNSName(dnsName):
		return invalid("dnsName")
	}
	x.clientID = clientID
	groups, err := x.backend.Authorize(x.ctx, clientID, dnsName, targetGroup)
	if err != nil {
		return fmt.Errorf("authorize: %w", err)
	}
	data, err := x.seal(authorizationUse, sealed{
		Bearer:  Bearer{ID: clientID, DNSName: dnsName, Groups: groups},
		Expires: x.now.Add(x.config.cookieLifetime()),
	})
	if err != nil {
		return err
	}
	x.answer(func(w *soap.Writer) {
		writeAuthorizationCookie(w, "GetAuthorizationCookieResult", AuthorizationCookie{PlugInID: plugInID, CookieData: data})
	})
	return nil
}

// isClientID is the ClientIdString of MS-WUSP §1.1, after lowering its case.
func isClientID(id string) bool {
	notAllowed := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }
	return id != "" && len(id) <= maxClientID && strings.IndexFunc(id, notAllowed) < 0
}

func isDNSName(name string) bool {
	return name != "" && len(name) <= maxDNSName && strings.IndexFunc(name, unicode.IsControl) < 0
}

// GetAuthorizationCookie introduces the client at the SimpleAuth service (MS-WUSP §2.2.2.1.1). serviceURL is
// ConfigResult.ServiceURL, relative to the server; empty means the usual one. targetGroup may be empty.
func (c *Client) GetAuthorizationCookie(ctx context.Context, serviceURL, clientID, targetGroup, dnsName string) (
	AuthorizationCookie, error) {
	var cookie AuthorizationCookie
	path, err := servicePath(cmp.Or(serviceURL, simpleAuthRelativePath))
	if err != nil {
		return cookie, fmt.Errorf("GetAuthorizationCookie: %w", err)
	}
	err = c.call(ctx, path, soap.Operation{Space: SimpleAuthNamespace, Name: "GetAuthorizationCookie"},
		func(w *soap.Writer) {
			w.String("clientId", clientID)
			w.StringIf("targetGroupName", targetGroup)
			w.String("dnsName", dnsName)
		},
		func(s *soap.Scanner) {
			for s.Child() {
				cookie = readAuthorizationCookie(s)
			}
		})
	return cookie, err
}

// servicePath makes a path below the server of what a configuration names. Anything that leads elsewhere is refused.
func servicePath(serviceURL string) (string, error) {
	path := "/" + strings.TrimPrefix(serviceURL, "/")
	if strings.HasPrefix(path, "//") || strings.ContainsAny(path, ":?#\\%") || strings.Contains(path, "..") {
		return "", fmt.Errorf("the service URL %.100q is not a plain path on the server", serviceURL)
	}
	return path, nil
}

func writeAuthorizationCookie(w *soap.Writer, name string, c AuthorizationCookie) {
	w.Open(name)
	w.String("PlugInId", c.PlugInID)
	w.Base64("CookieData", c.CookieData)
	w.Close(name)
}

func readAuthorizationCookie(s *soap.Scanner) AuthorizationCookie {
	var c AuthorizationCookie
	for s.Child() {
		switch string(s.Name()) {
		case "PlugInId":
			c.PlugInID = s.String()
		case "CookieData":
			c.CookieData = s.Base64()
		default:
			s.Skip()
		}
	}
	return c
}
