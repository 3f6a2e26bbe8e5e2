package updatepoint

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// InProcessSite is a clientagent.Site without a network, for agents in the program of the site. It is safe for concurrent use.
type InProcessSite struct{ site *Site }

// InProcess is the way of an agent in this program to the site.
func InProcess(site *Site) *InProcessSite { return &InProcessSite{site} }

// Register implements clientagent.Site.
func (p *InProcessSite) Register(ctx context.Context, r clientagent.Registration) (string, error) {
	return p.site.register(ctx, r)
}

// Policy implements clientagent.Site.
func (p *InProcessSite) Policy(ctx context.Context, token, etag string) (clientagent.Policy, error) {
	policy, err := p.site.policy(ctx, token, func(current string) bool { return current == etag })
	if err != nil {
		return clientagent.Policy{}, asNotReady(err)
	}
	return policy, nil
}

// Report implements clientagent.Site.
func (p *InProcessSite) Report(ctx context.Context, token string, r compliance.Report) (compliance.Receipt, error) {
	receipt, err := p.site.report(ctx, token, r)
	return receipt, asNotReady(err)
}

// asNotReady puts the lack of a software update point in the agent's terms too.
func asNotReady(err error) error {
	if errors.Is(err, ErrNoSoftwareUpdatePoint) {
		return fmt.Errorf("%w: %w", clientagent.ErrNotReady, err)
	}
	return err
}
