package ssl_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// planFor audits a broken server and makes a plan for the pair, or for what the audit found when that is zero.
func planFor(t *testing.T, pair ports.Pair, edit func(s *auditedServer)) ssl.Plan {
	t.Helper()
	s := newAudited()
	edit(s)
	config := s.config(t)
	report, err := ssl.Audit(config)
	require.NoError(t, err)
	plan, err := ssl.NewPlan(report, ssl.PlanConfig{Name: config.Name, Ports: pair, ToolPath: `C:\Program Files\Update Services\Tools\WsusUtil.exe`})
	require.NoError(t, err)
	return plan
}

func stepIDs(p ssl.Plan) (ids []string) {
	for _, step := range p.Steps {
		ids = append(ids, step.ID)
	}
	return ids
}

// What stands where the other scheme must answer goes before the right binding comes.
func TestPlanRemovesTheOtherScheme(t *testing.T) {
	plan := planFor(t, ports.Custom, func(s *auditedServer) {
		s.text = strings.NewReplacer(`"*:8530:"`, `"*:8531:"`, `"*:8531:"`, `"*:8530:"`).Replace(s.text)
		s.audit.Setup.PortNumber = 8530
	})
	ids := stepIDs(plan)
	require.Subset(t, ids, []string{"unbind-http-8531", "unbind-https-8530", "bind-http", "bind-https"})
	require.NotContains(t, ids, "other-ports")
	for i, step := range plan.Steps {
		if step.ID != "unbind-http-8531" {
			continue
		}
		require.Contains(t, plan.Appcmd(), `/-bindings.[protocol='http',bindingInformation='*:8531:']`)
		require.Contains(t, plan.PowerShell(), `Remove-WebBinding -Name 'WSUS Administration' -Protocol http -IPAddress '*' -Port 8531 -HostHeader ''`)
		require.Less(t, i, slices.Index(ids, "bind-https"))
	}
	require.Contains(t, plan.Edits()[0].String(), "8531")
}

// A binding of an address or a name is removed by hand: nobody knows what it was meant for.
func TestPlanLeavesNamedBindingsToTheAdministrator(t *testing.T) {
	plan := planFor(t, ports.Custom, func(s *auditedServer) {
		s.text = strings.Replace(s.text, httpBinding, httpBinding+`<binding protocol="http" bindingInformation="*:8531:old.lab.example" />`, 1)
	})
	for _, step := range plan.Steps {
		if strings.HasPrefix(step.ID, "unbind-") {
			require.Equal(t, "unbind-http-8531 *:8531:old.lab.example", step.ID)
			require.True(t, step.Manual)
			require.Nil(t, step.Edit)
			return
		}
	}
	require.Fail(t, "the plan has no such step")
}

// Ports that clients may still use go last, when an administrator says so.
func TestPlanNamesOtherPortsLast(t *testing.T) {
	plan := planFor(t, ports.Default, func(s *auditedServer) { s.audit.Ports = ports.Default })
	last := plan.Steps[len(plan.Steps)-1]
	require.Equal(t, "other-ports", last.ID)
	require.True(t, last.Manual)
	require.Contains(t, strings.Join(last.Checklist, "\n"), "Select https *:8531: and click Remove.")
}

// One bound port is enough: the other follows from it.
func TestPlanCompletesThePair(t *testing.T) {
	plan := planFor(t, ports.Pair{}, func(s *auditedServer) {
		s.text = strings.Replace(s.text, httpsBinding, "", 1)
		s.audit.Ports = ports.Pair{}
	})
	require.Equal(t, ports.Custom, plan.Ports)
	require.Contains(t, stepIDs(plan), "bind-https")
}
