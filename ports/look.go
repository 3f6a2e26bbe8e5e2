package ports

import (
	"context"
	"net/http"
)

// What is asked, in this order, until somebody has shown what he is (documented for manual tests in the articles about failing scans;
// GetConfig is how every agent begins, MS-WUSP §2.2.2.2.1, and changes nothing).
const (
	versionFile    = "/ClientWebService/wusserverversion.xml"
	clientService  = "/ClientWebService/client.asmx"
	reportService  = "/ReportingWebService/ReportingWebService.asmx"
	getConfigSpace = softwareDistribution + "/Server/ClientWebService"
	// getConfigAction is the SOAPAction of GetConfig, with the quotes that agents send.
	getConfigAction = `"` + getConfigSpace + `/GetConfig"`
	getConfig       = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetConfig xmlns="` + getConfigSpace +
		`"><protocolVersion>1.20</protocolVersion></GetConfig></s:Body></s:Envelope>`
)

// look is what a port was found to be.
type look struct {
	talk
	port int
	// wsus says that WSUS answered.
	wsus bool
	// secured says that metadata is refused over plain HTTP and reports are not.
	secured bool
}

func (l look) report() PortReport {
	report := PortReport{Port: l.port, Speaks: SpeaksNone, Status: l.answer.status, WSUS: l.wsus || l.secured}
	switch l.speaks {
	case speaksHTTP:
		report.Speaks = SpeaksHTTP
	case speaksTLS:
		report.Speaks = SpeaksTLS
	case foreign:
		report.Speaks = SpeaksOther
	}
	return report
}

// lookAt finds out what a port speaks, and, when it is what it should speak, who speaks.
func (p *prober) lookAt(ctx context.Context, port int, https bool) look {
	l := look{port: port, talk: p.protocol(ctx, port, https)}
	if !l.answered || https != (l.speaks == speaksTLS) {
		return l
	}
	p.identify(ctx, &l, https)
	return l
}

// protocol asks in the protocol that a port should speak and, unless it does, in the other. Servers answer plain HTTP on a port for TLS
// with status 400, so that one alone does not count.
func (p *prober) protocol(ctx context.Context, port int, https bool) talk {
	first := p.say(ctx, port, https, question{path: versionFile})
	switch {
	case first.speaks < silent:
		return first // no connection: nothing to try
	case https && first.speaks == speaksTLS:
		return first
	case !https && first.speaks == speaksHTTP && first.answer.status != http.StatusBadRequest:
		return first
	}
	second := p.say(ctx, port, !https, question{path: versionFile})
	switch {
	case second.speaks == speaksTLS, second.speaks > first.speaks, second.speaks == first.speaks && !first.answered:
		return second
	}
	return first
}

// identify asks further where the version file has not shown yet who answers.
func (p *prober) identify(ctx context.Context, l *look, https bool) {
	a := l.answer
	switch {
	case a.isVersionFile():
		l.wsus = true
	case a.fromProxy() && a.status != http.StatusOK && a.status != http.StatusForbidden, a.status/100 == 3:
	case a.status == http.StatusForbidden && !https:
		reports := p.say(ctx, l.port, https, question{path: reportService})
		switch status := reports.answer.status; {
		case !reports.answered || status == http.StatusForbidden:
		case status/100 == 2, status == http.StatusMethodNotAllowed, status == http.StatusNotImplemented:
			l.secured = true
		default:
			l.answer = reports.answer // clients get no further, and this answer shows why
		}
	case a.status/100 == 2, a.status == http.StatusNotFound, a.status == http.StatusMethodNotAllowed, a.status == http.StatusNotImplemented:
		config := p.say(ctx, l.port, https, question{path: clientService, body: getConfig})
		l.wsus = config.answered && config.answer.isClientService()
	}
}
