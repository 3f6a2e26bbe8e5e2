package clientagent_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// domainMember is a machine of a domain with a Group Policy.
type domainMember struct {
	*machine
	server string
}

func (d *domainMember) UpdateService(context.Context) (string, error) { return d.server, nil }

// Rule 22 of configmgr.md §10: a policy of the domain beats the local WUServer, and a mismatch is an error of its own. Only the very same
// server and port will do.
func TestGroupPolicyOfTheDomain(t *testing.T) {
	for domain, conflict := range map[string]bool{
		"":                           false,
		"http://sup1.test:8530":      false,
		"http://SUP1.TEST:8530/":     false,
		"http://sup1.test":           true,
		"http://sup1.test:8531":      true,
		"http://other.test:8530":     true,
		"http://sup1.corp.test:8530": true,
	} {
		t.Run(domain, func(t *testing.T) {
			l := newScanLab(t, at("sup1"))
			computer := &domainMember{machine: l.machine, server: domain}
			l.config.Machine = computer
			l.lab.start()
			err := l.scan()
			if !conflict {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, clientagent.ErrGroupPolicyConflict)
			require.ErrorContains(t, err, domain)
			require.ErrorContains(t, err, "http://sup1.test:8530")
			require.Empty(t, l.asked, "nobody is asked")
			require.Equal(t, "1 2 5", l.states.take())
			l.flush()
			require.Equal(t, int32(-2016409966), l.site.current["501/{source}"].ErrorCode, "0x87D00692")
			computer.server = "http://sup1.test:8530"
			require.NoError(t, l.scan())
		})
	}
}

// A conflict is no reason to switch servers, and heals with the next request after the policy is right.
func TestGroupPolicyConflictSwitchesNoServer(t *testing.T) {
	l := newScanLab(t, at("sup1"), at("sup2"))
	computer := &domainMember{machine: l.machine, server: "http://other.test:8530"}
	l.config.Machine = computer
	l.lab.start()
	for range 6 {
		require.ErrorIs(t, l.scan(), clientagent.ErrGroupPolicyConflict)
		l.now = l.now.Add(31 * time.Minute)
	}
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, compliance.ScanFailed, status.ScanState)
	require.Equal(t, clientagent.CodeGroupPolicyConflict, status.ScanError)
	require.Empty(t, l.asked)
}
