package wsustest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// reachable looks at what health checks do: GET on a service.
func reachable(e *examination) {
	configuration, err := e.client.GetConfig(e.ctx, currentVersion)
	if err != nil {
		e.blockf("%v%s", err, adviceOn(err))
		return
	}
	e.configuration = configuration
	r, err := http.NewRequestWithContext(e.ctx, http.MethodGet, e.client.BaseURL()+clientsync.ClientPath, nil)
	if err != nil {
		e.failf("GET %s: %v", clientsync.ClientPath, err)
		return
	}
	response, err := e.http.Do(r)
	if err != nil {
		e.failf("GET %s: %v", clientsync.ClientPath, err)
		return
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxTapped))
	if response.StatusCode >= http.StatusInternalServerError {
		e.failf("GET %s is answered by %s; health checks ask this way", clientsync.ClientPath, response.Status)
	}
}

func config(e *examination) {
	c := e.configuration
	again, err := e.client.GetConfig(e.ctx, currentVersion)
	switch {
	case err != nil:
		e.failf("a second time: %v", err)
	case c.LastChange.IsZero():
		e.failf("LastChange is missing")
	case !again.LastChange.Equal(c.LastChange):
		e.failf("LastChange is %s, and %s a moment later: agents are told ConfigChanged for ever", c.LastChange.Format(time.RFC3339Nano),
			again.LastChange.Format(time.RFC3339Nano))
	}
	if c.PlugInID != "SimpleTargeting" {
		e.failf("PlugInID is %q, want SimpleTargeting (0x80244027, 0x80244028)", c.PlugInID)
	}
	if service, err := url.Parse(c.ServiceURL); err != nil || c.ServiceURL == "" || service.IsAbs() || strings.HasPrefix(c.ServiceURL, "/") {
		e.failf("ServiceUrl is %q, want one relative to the server, like SimpleAuthWebService/SimpleAuth.asmx", c.ServiceURL)
	}
	for _, want := range []struct {
		name   string
		values []string
	}{
		{clientsync.MaxExtendedUpdatesPerRequest, nil},
		{clientsync.ProtocolVersion, []string{"3.0", "3.1", "3.2"}},
		{clientsync.IsInventoryRequired, []string{"0"}},
		{clientsync.ClientReportingLevel, []string{"0", "1", "2"}},
	} {
		value, there := c.Property(want.name)
		switch {
		case !there:
			e.failf("the property %s is missing (0x8024402A)", want.name)
		case want.values != nil && !slices.Contains(want.values, value):
			e.failf("the property %s is %q, want %s (0x80244029)", want.name, value, strings.Join(want.values, " or "))
		case want.values == nil && e.maxExtended() == 0:
			e.failf("the property %s is %q, want a positive number (0x80244029)", want.name, value)
		}
	}
}

// maxExtended is MaxExtendedUpdatesPerRequest; 0 when it is none.
func (e *examination) maxExtended() int {
	text, _ := e.configuration.Property(clientsync.MaxExtendedUpdatesPerRequest)
	return positive(text)
}

func paths(e *examination) {
	for _, path := range []string{strings.ToLower(clientsync.ClientPath), strings.ToUpper(clientsync.ClientPath)} {
		if _, err := e.post(path, clientsync.ClientNamespace, "GetConfig", "<protocolVersion>"+currentVersion+"</protocolVersion>"); err != nil {
			e.failf("GetConfig at %s: %v", path, err)
		}
	}
	// A fault is an answer of the service; there is no cookie yet that it could take.
	for _, path := range []string{clientsync.ReportingPath, "/ReportingWebService/WebService.asmx"} {
		if _, err := e.post(path, clientsync.ReportingNamespace, "ReportEventBatch", ""); !asked(err) {
			e.failf("ReportEventBatch at %s: %v", path, err)
		}
	}
}

// authorize introduces the computer.
func (e *examination) authorize() (clientsync.AuthorizationCookie, error) {
	return e.client.GetAuthorizationCookie(e.ctx, e.configuration.ServiceURL, e.config.ClientID, e.config.TargetGroup, e.config.Name)
}

// cookie makes a cookie; old may be none.
func (e *examination) cookie(old clientsync.Cookie) (clientsync.Cookie, error) {
	authorization, err := e.authorize()
	if err != nil {
		return clientsync.Cookie{}, err
	}
	return e.client.GetCookie(e.ctx, e.cookieParameters(old, authorization))
}

func (e *examination) cookieParameters(old clientsync.Cookie, a ...clientsync.AuthorizationCookie) clientsync.GetCookieParameters {
	return clientsync.GetCookieParameters{AuthCookies: a, OldCookie: old, LastChange: e.configuration.LastChange, CurrentTime: e.config.Now(),
		ProtocolVersion: currentVersion}
}

// configChanged takes a time that no server has. A server may leave it to SyncUpdates to notice.
func configChanged(e *examination) {
	authorization, err := e.authorize()
	if err != nil {
		e.blockf("%v", err)
		return
	}
	e.result.Changed = append(e.result.Changed, fmt.Sprintf("the computer %s (client id %s) is in its list", e.config.Name, e.config.ClientID))
	p := e.cookieParameters(clientsync.Cookie{}, authorization)
	p.LastChange = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	cookie, err := e.client.GetCookie(e.ctx, p)
	if err == nil {
		_, err = e.client.SyncUpdates(e.ctx, cookie, clientsync.SyncParameters{})
	}
	e.wantFault("GetCookie with a lastChange of 2001", err, clientsync.ConfigChanged)
}

func authorization(e *examination) {
	if genuine, err := e.authorize(); err != nil {
		e.failf("%v", err)
	} else if genuine.PlugInID != e.configuration.PlugInID {
		e.failf("GetAuthorizationCookie says PlugInId %q, GetConfig %q: an agent has no cookie of the plug-in (0x80244028)", genuine.PlugInID,
			e.configuration.PlugInID)
	}
	forged := clientsync.AuthorizationCookie{PlugInID: "SimpleTargeting", CookieData: []byte("wsustest was here, without having asked")}
	_, err := e.client.GetCookie(e.ctx, e.cookieParameters(clientsync.Cookie{}, forged))
	e.wantFault("GetCookie with a forged authorization cookie", err, clientsync.InvalidAuthorizationCookie)
	_, err = e.client.GetCookie(e.ctx, e.cookieParameters(clientsync.Cookie{}))
	e.wantFault("GetCookie without an authorization cookie", err, clientsync.InvalidAuthorizationCookie)
}

func registration(e *examination) {
	if !e.configuration.IsRegistrationRequired {
		e.skipf("GetConfig says that no registration is required")
		return
	}
	cookie, err := e.cookie(clientsync.Cookie{})
	if err != nil {
		e.blockf("%v", err)
		return
	}
	if e.computerKnown {
		e.skipf("the client id was given, so the server may know the computer already")
		return
	}
	_, err = e.client.SyncUpdates(e.ctx, cookie, clientsync.SyncParameters{})
	e.wantFault("SyncUpdates before RegisterComputer", err, clientsync.RegistrationRequired)
}
