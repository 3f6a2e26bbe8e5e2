package wsus

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// HealthEvent is one finding of the health monitoring component, with the event number of the product's application log
// (source Windows Server Update Services).
type HealthEvent struct {
	ID        int
	Component string // virtual root, or Setup
	Healthy   bool
	Message   string
}

// Event numbers of the health monitoring component, area WebServices. The last digit is 0 when healthy and 2 on error.
const (
	EventReporting        = 12000
	EventApiRemoting      = 12010
	EventClient           = 12020
	EventServerSync       = 12030
	EventSimpleAuth       = 12040
	EventDssAuth          = 12050
	EventContentDirectory = 12070
	eventError            = 2
)

// healthChecks are the addresses that the component asks for. Services that answer "not built yet" are reported so.
var healthChecks = []struct {
	event      int
	root, path string
	plain      bool // content is always fetched over plain HTTP
}{
	{EventReporting, "ReportingWebService", "/ReportingWebService/ReportingWebService.asmx", false},
	{EventApiRemoting, "ApiRemoting30", "/ApiRemoting30/WebService.asmx", false},
	{EventClient, "ClientWebService", "/ClientWebService/client.asmx", false},
	{EventServerSync, "ServerSyncWebService", "/ServerSyncWebService/ServerSyncWebService.asmx", false},
	{EventSimpleAuth, "SimpleAuthWebService", "/SimpleAuthWebService/SimpleAuth.asmx", false},
	{EventDssAuth, "DssAuthWebService", "/DssAuthWebService/DssAuthWebService.asmx", false},
	{EventContentDirectory, "Content", "/Content/anonymousCheckFile.txt", true},
}

// CheckHealth asks the server's own virtual roots over the scheme, the name and the port that SetChannel wrote, with the given
// client, which must trust the certificate's issuer. Before SetChannel there is nothing to ask and one event says so.
func (s *Server) CheckHealth(ctx context.Context, client *http.Client) []HealthEvent {
	setup := s.Setup()
	if setup.URL() == "" {
		return []HealthEvent{{ID: EventClient + eventError, Component: "Setup",
			Message: "the name and the ports of the server are not known yet: call SetChannel (WSUSUtil configuressl)"}}
	}
	events := make([]HealthEvent, 0, len(healthChecks))
	for _, check := range healthChecks {
		base := setup.URL()
		if check.plain {
			base = setup.Ports().ContentURL(setup.ServerCertificateName)
		}
		e := HealthEvent{ID: check.event, Component: check.root, Healthy: true, Message: check.root + " is working"}
		if err := probe(ctx, client, base+check.path); err != nil {
			e.ID, e.Healthy = check.event+eventError, false
			e.Message = fmt.Sprintf("%s is not working: %v", check.root, err)
		}
		events = append(events, e)
	}
	return events
}

func probe(ctx context.Context, client *http.Client, url string) error {
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
	if strings.Contains(string(body), "is not built yet") {
		return fmt.Errorf("%s answers that the service is not built yet", url)
	}
	return fmt.Errorf("%s answers %s", url, resp.Status)
}
