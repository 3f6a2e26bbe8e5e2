package ssl_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// byHostName is a server whose bindings are of the kinds that IIS has: http.sys keeps a certificate for each of them apart.
func byHostName() *fakeIIS {
	f := halfConfigured()
	f.bindings = []string{"http/*:8530:", "http/*:8531:", "https/*:8531:wsus01.lab.example", "https/10.0.0.7:8531:", "https/[::]:8531:"}
	f.sslFlags["https/*:8531:wsus01.lab.example"] = "33"
	for _, endpoint := range []string{"wsus01.lab.example:8531", "10.0.0.7:8531", "[::]:8531"} {
		f.attached[endpoint] = oldThumb + " {00000000-1111-2222-3333-444444444444} MY"
	}
	return f
}

// A renewed certificate reaches every entry of http.sys that comes before that of the port, and a rollback brings all of it back.
func TestApplyRenewsEveryEntryOfThePort(t *testing.T) {
	f := byHostName()
	before, journal := f.state(), ssl.ApplyOptions{Journal: t.TempDir() + "/journal"}
	plan := f.planned(t)
	_, err := ssl.Apply(t.Context(), f, plan, journal)
	require.NoError(t, err)
	for _, endpoint := range []string{"0.0.0.0:8531", "wsus01.lab.example:8531", "10.0.0.7:8531", "[::]:8531"} {
		require.Contains(t, f.attached[endpoint], thumbprint, endpoint)
	}
	require.Contains(t, f.attached["0.0.0.0:8172"], oldThumb, "of another port")
	require.NotContains(t, f.bindings, "http/*:8531:", "http stood where https must answer")
	require.Contains(t, f.bindings, "https/*:8531:")

	_, err = ssl.Rollback(t.Context(), f, journal)
	require.NoError(t, err)
	require.Equal(t, before, f.state())

	require.NotContains(t, stepIDs(plan), "bind-http", "it is there, and a batch file would stop at it")
	require.Contains(t, plan.Appcmd(), `netsh.exe http add sslcert "hostnameport=wsus01.lab.example:8531" "certhash=`+thumbprint)
	require.Contains(t, plan.PowerShell(), "netsh.exe http add sslcert 'ipport=[::]:8531' 'certhash="+thumbprint+"'")
	data, err := json.Marshal(plan)
	require.NoError(t, err)
	read, err := ssl.ParsePlan(data)
	require.NoError(t, err)
	require.Equal(t, plan, read)
}

// A binding without host name that goes by host names all the same is there, and none that consoles and old agents can use.
func TestApplyClearsSNI(t *testing.T) {
	f := halfConfigured()
	f.sslFlags["https/*:8531:"] = "1"
	before, journal := f.state(), ssl.ApplyOptions{Journal: t.TempDir() + "/journal"}
	_, err := ssl.Apply(t.Context(), f, f.planned(t), journal)
	require.NoError(t, err)
	require.Empty(t, f.sslFlags)
	require.Equal(t, []string{"http/*:8530:", "https/*:8531:"}, f.bindings)
	_, err = ssl.Rollback(t.Context(), f, journal)
	require.NoError(t, err)
	require.Equal(t, before, f.state())
}

// A binding that is removed comes back with its flags.
func TestRollbackBringsFlagsOfBindingsBack(t *testing.T) {
	f := halfConfigured()
	f.bindings = []string{"https/*:8530:", "http/*:8531:"}
	f.sslFlags["https/*:8530:"] = "1"
	before, journal := f.state(), ssl.ApplyOptions{Journal: t.TempDir() + "/journal"}
	_, err := ssl.Apply(t.Context(), f, f.planned(t), journal)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"http/*:8530:", "https/*:8531:"}, f.bindings)
	require.Empty(t, f.sslFlags)
	_, err = ssl.Rollback(t.Context(), f, journal)
	require.NoError(t, err)
	require.Equal(t, before, f.state())
}

// What no command can do is left to the administrator, not left out.
func TestPlanNamesTheCentralStore(t *testing.T) {
	f := byHostName()
	f.sslFlags["https/*:8531:wsus01.lab.example"] = "3"
	f.bindings = append(f.bindings, "https/*:8531:größe.lab.example")
	f.sslFlags["https/*:8531:größe.lab.example"] = "1"
	byHand := map[string]bool{}
	for _, step := range f.planned(t).Steps {
		if information, ok := strings.CutPrefix(step.ID, "attach-certificate "); ok {
			byHand[information] = step.Manual
		}
	}
	require.Equal(t, map[string]bool{"*:8531:wsus01.lab.example": true, "*:8531:größe.lab.example": true, "10.0.0.7:8531": false,
		"[::]:8531": false}, byHand)
}

// A plan is for the ports that the audit was told: otherwise it would say that nothing has to be done where the audit found an error.
func TestPlanGoesByThePortsThatWereTold(t *testing.T) {
	plan := planFor(t, ports.Pair{}, func(s *auditedServer) { s.audit.Ports = ports.Default })
	require.Equal(t, ports.Default, plan.Ports)
	require.Contains(t, stepIDs(plan), "bind-https")
}
