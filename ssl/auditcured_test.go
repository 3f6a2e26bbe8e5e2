package ssl_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// inTheFile are the kinds that edits of applicationHost.config cure.
var inTheFile = []ssl.Kind{ssl.RootNotSecured, ssl.RootRequiresSSL, ssl.SiteRequiresSSL, ssl.ClientCertificate, ssl.CertificateNotNegotiated,
	ssl.CipherStrengthWithoutSSL, ssl.HTTPBindingMissing, ssl.HTTPSBindingMissing, ssl.NothingBound,
	ssl.BindingSNI, ssl.BindingHostName, ssl.BindingAddress, ssl.SwappedBindings, ssl.BindingScheme}

// What the audit finds in the file, the plan for it cures: afterwards the audit finds nothing there, and a plan changes nothing more.
func TestPlanCuresWhatStandsInTheFile(t *testing.T) {
	cured := 0
	for _, c := range brokenAudits {
		t.Run(c.name, func(t *testing.T) {
			s := newAudited()
			c.edit(t, s)
			s.webConfigs = nil // what a web.config states has to be taken out there
			config := s.config(t)
			before, err := ssl.Audit(config)
			require.NoError(t, err)
			if !slices.ContainsFunc(before.Findings, isInTheFile) {
				return
			}
			cured++
			settings := ssl.PlanConfig{Name: config.Name, Ports: ports.Custom, ToolPath: `C:\Program Files\Update Services\Tools\WsusUtil.exe`}
			plan, err := ssl.NewPlan(before, settings)
			require.NoError(t, err)
			require.NotEmpty(t, plan.Edits())
			edited, change, err := config.Config.Apply(plan.Edits()...)
			require.NoError(t, err)
			require.False(t, change.Empty())

			config.Config = edited
			after, err := ssl.Audit(config)
			require.NoError(t, err)
			require.False(t, slices.ContainsFunc(after.Findings, isInTheFile), "%+v", after.Findings)
			require.LessOrEqual(t, len(after.Findings), len(before.Findings))
			plan, err = ssl.NewPlan(after, settings)
			require.NoError(t, err)
			require.Empty(t, plan.Edits())
		})
	}
	require.GreaterOrEqual(t, cured, 15)
}

func isInTheFile(f ssl.Finding) bool { return slices.Contains(inTheFile, f.Kind) }
