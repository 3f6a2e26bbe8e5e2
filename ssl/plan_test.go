package ssl_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

var updatePlans = flag.Bool("update-plans", false, "write the golden files of plans")

// onDefaultWebSite shares IIS's own site, on its ports, and requires SSL for all of it.
func onDefaultWebSite() *fakeIIS {
	f := untouched()
	f.site = "Default Web Site"
	f.bindings = []string{"http/*:80:", "https/*:443:"}
	f.flags["default web site"] = "Ssl"
	return f
}

// oddName has every sign in the name of its site that a name can have and a shell would trip over.
func oddName() *fakeIIS {
	f := untouched()
	f.site = "R&D's 100% (new) ^WSUS! %PATH% Größe 日本"
	f.bindings = []string{"http/*:8530:"}
	return f
}

func TestGoldenPlans(t *testing.T) {
	for name, c := range map[string]struct {
		server *fakeIIS
		config ssl.PlanConfig
	}{
		"untouched":        {untouched(), ssl.PlanConfig{Ports: ports.Custom, Thumbprint: thumbprint}},
		"half-configured":  {halfConfigured(), ssl.PlanConfig{Ports: ports.Custom}},
		"default-web-site": {onDefaultWebSite(), ssl.PlanConfig{Ports: ports.Default, Thumbprint: thumbprint}},
		"inherited":        {inherited(), ssl.PlanConfig{Ports: ports.Custom, Thumbprint: thumbprint}},
		"odd-name":         {oddName(), ssl.PlanConfig{Ports: ports.Custom, Thumbprint: thumbprint}},
		"without-thumb":    {moved(), ssl.PlanConfig{Ports: ports.Custom}},
	} {
		t.Run(name, func(t *testing.T) {
			c.config.Name, c.config.ToolPath = fakeName, toolPath
			plan, err := ssl.NewPlan(c.server.audited(), c.config)
			require.NoError(t, err)
			data, err := json.MarshalIndent(plan, "", "  ")
			require.NoError(t, err)
			golden(t, name+".checklist.golden", plan.Checklist())
			golden(t, name+".cmd.golden", plan.Appcmd())
			golden(t, name+".ps1.golden", plan.PowerShell())
			golden(t, name+".json.golden", string(data)+"\n")
		})
	}
}

func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", "plan", name)
	if *updatePlans {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}

// By the list of the product, not by the plan: what is asked for, and no more.
func TestPlanHasOnlyWhatIsNeeded(t *testing.T) {
	ids := func(f *fakeIIS, thumb string) []string {
		plan, err := ssl.NewPlan(f.audited(), ssl.PlanConfig{Name: fakeName, Ports: ports.Custom, Thumbprint: thumb, ToolPath: toolPath})
		require.NoError(t, err)
		var ids []string
		for _, step := range plan.Steps {
			ids = append(ids, step.ID)
		}
		return ids
	}
	after := []string{"configuressl", "restart-iis", "restart-wsus", "checkhealth",
		"tell-software-update-point", "tell-downstream-servers", "tell-clients"}
	require.Equal(t, append([]string{"require-ssl ServerSyncWebService", "require-ssl SimpleAuthWebService", "lift-ssl Content"}, after...),
		ids(halfConfigured(), ""))
	require.Equal(t, append([]string{"certificate", "bind-http", "bind-https", "attach-certificate",
		"require-ssl ServerSyncWebService", "require-ssl SimpleAuthWebService", "lift-ssl Content"}, after...), ids(moved(), thumbprint))

	secured := halfConfigured()
	_, err := ssl.Apply(t.Context(), secured, secured.planned(t), ssl.ApplyOptions{Journal: t.TempDir() + "/journal"})
	require.NoError(t, err)
	require.Empty(t, ids(secured, ""), "nothing to do")
	require.Equal(t, []string{"certificate", "attach-certificate"}, ids(secured, thumbprint), "a renewal needs no configuressl")
	secured.registry["ServerCertificateName"] = "REG_SZ other.lab.example"
	require.Equal(t, after, ids(secured, ""))
}

func TestPlanTellsEveryFault(t *testing.T) {
	_, err := ssl.NewPlan(ssl.AuditReport{}, ssl.PlanConfig{Name: "a b", Ports: ports.Pair{HTTP: 1, HTTPS: 9}, Thumbprint: "12", AppcmdPath: "appcmd"})
	var all *multierror.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Errors, 6)

	for _, site := range []string{`a"b`, "a/b", `a\b`, "a?b", "a*b", "a[b]", "-a", " a", "a ", "a\nb", "a\x00b", "a\xff"} {
		_, err := ssl.NewPlan(untouched().audited(), ssl.PlanConfig{Site: site, Name: fakeName, ToolPath: toolPath})
		require.ErrorContains(t, err, "rename the site", "%q", site)
	}
	_, err = ssl.NewPlan(untouched().audited(), ssl.PlanConfig{Site: "Other", Name: fakeName, ToolPath: toolPath})
	require.ErrorContains(t, err, `the audit is of the site "WSUS Administration", not of "Other"`)
}

func TestThumbprintAsWindowsCopiesIt(t *testing.T) {
	copied := "\u200e00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff 00 11 22 33"
	plan, err := ssl.NewPlan(untouched().audited(), ssl.PlanConfig{Name: fakeName, Thumbprint: copied, ToolPath: toolPath})
	require.NoError(t, err)
	require.Equal(t, thumbprint, plan.Steps[0].Setting.Thumbprint)
}

func TestToolPath(t *testing.T) {
	require.Equal(t, toolPath, ssl.SetupValues{TargetDir: `C:\Program Files\Update Services\`}.ToolPath())
	require.Equal(t, `D:\WSUS\Tools\WsusUtil.exe`, ssl.SetupValues{TargetDir: `D:\WSUS`}.ToolPath())
	require.Empty(t, ssl.SetupValues{}.ToolPath())
}

// A batch file is read by the rules of batch files, and every sign of the name must come through.
func TestBatchFileNamesTheSite(t *testing.T) {
	plan, err := ssl.NewPlan(oddName().audited(), ssl.PlanConfig{Name: fakeName, Ports: ports.Custom, Thumbprint: thumbprint, ToolPath: toolPath})
	require.NoError(t, err)
	text := plan.Appcmd()
	require.Equal(t, strings.Count(text, "\n"), strings.Count(text, "\r\n"))
	require.Contains(t, text, "chcp 65001 >nul\r\n")
	require.Contains(t, text, `appcmd.exe set config "R&D's 100%% (new) ^WSUS! %%PATH%% Größe 日本/ClientWebService" -section:`)
	script := plan.PowerShell()
	require.True(t, strings.HasPrefix(script, "\uFEFF#"))
	require.Contains(t, script, `-Location 'R&D''s 100% (new) ^WSUS! %PATH% Größe 日本/ClientWebService'`)
}
