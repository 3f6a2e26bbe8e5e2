package wsus

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// HealthEvent is one finding of the health monitoring component, with the event number of the product's application log
// (source Windows Server Update Services).
type HealthEvent struct {
	ID        int
	Component string // virtual root, Setup, or WebServices for all of them
	Healthy   bool
	// NotBuilt says that the root answers, the channel to it is right, and this server does not have its service. Such an event is
	// not healthy, and nothing that an administrator could mend.
	NotBuilt bool
	Message  string
	// Time is when the component was looked at.
	Time time.Time
}

// Event numbers of the health monitoring component, areas WebServices and Clients. The last digit is 0 when healthy and 2 on error.
// EventHealthy says that everything is.
const (
	EventHealthy          = 10000
	EventReporting        = 12000
	EventApiRemoting      = 12010
	EventClient           = 12020
	EventServerSync       = 12030
	EventSimpleAuth       = 12040
	EventDssAuth          = 12050
	EventContentDirectory = 12070
	EventSelfUpdate       = 13040
	eventError            = 2
)

// healthChecks are the addresses that the component asks for. Services that answer "not built yet" are reported so.
var healthChecks = []struct {
	event      int
	root, path string
	plain      bool // asked over plain HTTP always: agents fetch content and their own updates so, secured site or not
}{
	{EventReporting, "ReportingWebService", "/ReportingWebService/ReportingWebService.asmx", false},
	{EventApiRemoting, "ApiRemoting30", "/ApiRemoting30/WebService.asmx", false},
	{EventClient, "ClientWebService", "/ClientWebService/client.asmx", false},
	{EventServerSync, "ServerSyncWebService", "/ServerSyncWebService/ServerSyncWebService.asmx", false},
	{EventSimpleAuth, "SimpleAuthWebService", "/SimpleAuthWebService/SimpleAuth.asmx", false},
	{EventDssAuth, "DssAuthWebService", "/DssAuthWebService/DssAuthWebService.asmx", false},
	{EventContentDirectory, "Content", "/Content/anonymousCheckFile.txt", true},
	{EventSelfUpdate, "SelfUpdate", "/SelfUpdate/wuident.cab", true},
}

// probeTimeout is how long a root may take to answer, whatever the client allows.
const probeTimeout = 30 * time.Second

// errNotBuilt is a root whose service this server does not have.
var errNotBuilt = errors.New("the service is not built yet")

// CheckHealth asks the server's own virtual roots over the scheme, the name and the port that SetChannel wrote, with the given
// client, which must trust the certificate's issuer. A redirect is not followed and not healthy. Before SetChannel there is nothing
// to ask and one event says so. MonitorHealth does it again and again and keeps what it finds.
func (s *Server) CheckHealth(ctx context.Context, client *http.Client) []HealthEvent {
	setup := s.Setup()
	if setup.URL() == "" {
		return []HealthEvent{{ID: EventClient + eventError, Component: "Setup", Time: s.now(),
			Message: "the name and the ports of the server are not known yet: call SetChannel (WSUSUtil configuressl)"}}
	}
	unled := *client
	unled.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	events := make([]HealthEvent, 0, len(healthChecks))
	for _, check := range healthChecks {
		base := setup.URL()
		if check.plain {
			base = setup.Ports().ContentURL(setup.ServerCertificateName)
		}
		e := HealthEvent{ID: check.event, Component: check.root, Healthy: true, Message: check.root + " is working"}
		if err := probe(ctx, &unled, base+check.path); err != nil {
			e.ID, e.Healthy, e.NotBuilt = check.event+eventError, false, errors.Is(err, errNotBuilt)
			e.Message = fmt.Sprintf("%s is not working: %v%s", check.root, err, cure(err, setup))
		}
		e.Time = s.now()
		events = append(events, e)
	}
	return events
}

func probe(ctx context.Context, client *http.Client, url string) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		return err
	}
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	if resp.StatusCode == http.StatusNotImplemented && strings.Contains(string(body), "is not built yet") {
		return fmt.Errorf("%w: %s", errNotBuilt, url)
	}
	return fmt.Errorf("%s answers %s", url, resp.Status)
}

// cure says what to do about a certificate with which the server cannot call its own roots, the usual reason why all of them fail at
// once after SSL was switched on.
func cure(err error, setup Setup) string {
	var name x509.HostnameError
	var issuer x509.UnknownAuthorityError
	switch {
	case errors.As(err, &name):
		return "; the certificate must have the name " + setup.ServerCertificateName + ", or SetChannel (WSUSUtil configuressl) that of the certificate"
	case errors.As(err, &issuer):
		return "; the issuer of the certificate must be trusted by this machine as well as by clients"
	}
	return ""
}
