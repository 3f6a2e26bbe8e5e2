package ports

import (
	"context"
	"fmt"
	"sync"
)

// Protocol is what a port speaks.
type Protocol string

// The protocols that are told apart.
const (
	SpeaksHTTP  Protocol = "http"
	SpeaksTLS   Protocol = "tls"
	SpeaksOther Protocol = "other"
	// SpeaksNone: nothing came over the port.
	SpeaksNone Protocol = "none"
)

// Finding is one fault of a host's ports, with what to do about it.
type Finding struct {
	Kind Kind `json:"kind"`
	// Port is the port concerned, 0 when it is the whole host.
	Port int `json:"port,omitempty"`
	// Cause says what is wrong, with the values seen.
	Cause string `json:"cause"`
	// Remedy says what an administrator does about it.
	Remedy string `json:"remedy"`
	// ClientError is the number that the Windows Update Agent shows for it, such as 0x80072EFD; 0 when it shows none.
	ClientError uint32 `json:"clientError,omitempty"`
}

// PortReport is what was seen at one port.
type PortReport struct {
	Port   int      `json:"port"`
	Speaks Protocol `json:"speaks"`
	// Status is that of the HTTP answer, 0 when there was none.
	Status int `json:"status,omitempty"`
	// WSUS says that a web service of WSUS answered, or that the port refuses metadata and still takes reports, as the HTTP port of
	// a secured site does.
	WSUS bool `json:"wsus"`
}

// ProbeReport is what was seen at a host. A healthy server has no findings.
type ProbeReport struct {
	Host     string     `json:"host"`
	HTTP     PortReport `json:"http"`
	HTTPS    PortReport `json:"https"`
	Findings []Finding  `json:"findings,omitempty"`
}

// Probe looks at the two ports of a host: which protocol answers on which port, and whether it is WSUS that answers. Where a port does
// not speak what it should, the other protocol is tried. Redirects are not followed. Certificates are not judged, and neither is which
// virtual roots require SSL: package ssl does both.
//
// What Probe finds is in the report, ordered by port. The error is for a configuration that cannot be probed (all faults at once, as a
// *multierror.Error) and for a ctx that ended.
func Probe(ctx context.Context, c ProbeConfig) (ProbeReport, error) {
	if err := c.validate(c.Ports); err != nil {
		return ProbeReport{}, fmt.Errorf("probe ports: %w", err)
	}
	report := c.prober().probe(ctx, c.Ports, c.Required)
	if err := ctx.Err(); err != nil {
		return ProbeReport{}, fmt.Errorf("probe ports: %w", err)
	}
	return report, nil
}

func (p *prober) probe(ctx context.Context, pair Pair, required bool) ProbeReport {
	var plain, secure look
	var wg sync.WaitGroup
	wg.Go(func() { plain = p.lookAt(ctx, pair.HTTP, false) })
	wg.Go(func() { secure = p.lookAt(ctx, pair.HTTPS, true) })
	wg.Wait()

	report := ProbeReport{Host: p.host, HTTP: plain.report(), HTTPS: secure.report()}
	report.Findings = judge(p.host, pair, plain, secure, required)
	return report
}
