package ssl_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

func TestAuditNamesTheFaultAndNoOther(t *testing.T) {
	require.GreaterOrEqual(t, len(brokenAudits), 25)
	for _, c := range brokenAudits {
		t.Run(c.name, func(t *testing.T) {
			s := newAudited()
			c.edit(t, s)
			report, err := ssl.Audit(s.config(t))
			require.NoError(t, err)
			require.ElementsMatch(t, c.want, kindsOf(report), "%+v", report.Findings)
			for _, f := range report.Findings {
				requireRow(t, f)
				require.NotEmpty(t, f.Cause)
				require.NotEmpty(t, f.Remedy)
			}
			require.Equal(t, rootsWithFindings(report), rootsNotOK(report))
		})
	}
}

// Every kind is shown by a set-up.
func TestAuditKinds(t *testing.T) {
	shown := map[string]bool{}
	for _, c := range brokenAudits {
		for _, want := range c.want {
			kind, _, _ := strings.Cut(want, " ")
			shown[kind] = true
		}
	}
	listed := map[string]bool{}
	for _, row := range ssl.AuditKinds() {
		require.False(t, listed[string(row.Kind)], "%s has two rows", row.Kind)
		listed[string(row.Kind)] = true
		if row.Kind != ssl.BadCertificate { // whatever else crypto/x509 may say
			require.True(t, shown[string(row.Kind)], "no broken set-up shows %s", row.Kind)
		}
	}
}

func kindsOf(report ssl.AuditReport) []string {
	var kinds []string
	for _, f := range report.Findings {
		kinds = append(kinds, strings.TrimSpace(string(f.Kind)+" "+f.Root))
	}
	return kinds
}

// requireRow holds a finding against the table of kinds; a finding may be milder than the gravest of its kind.
func requireRow(t *testing.T, f ssl.Finding) {
	t.Helper()
	rows := ssl.AuditKinds()
	i := slices.IndexFunc(rows, func(row ssl.KindRow) bool { return row.Kind == f.Kind })
	require.GreaterOrEqual(t, i, 0, "no row for %s", f.Kind)
	if f.Severity == rows[i].Severity {
		require.Equal(t, rows[i].ClientError, f.ClientError, "%s", f.Kind)
		return
	}
	require.Equal(t, []ssl.Severity{ssl.Error, ssl.Warning}, []ssl.Severity{rows[i].Severity, f.Severity}, "%s", f.Kind)
}

// rootsWithFindings are those that a finding names, except for their pool, and those of a finding about the whole site.
func rootsWithFindings(report ssl.AuditReport) []string {
	var names []string
	for _, root := range report.Roots {
		if slices.ContainsFunc(report.Findings, func(f ssl.Finding) bool {
			whole := f.Root == "" && (f.Kind == ssl.SiteRequiresSSL && !root.RequireSSL || f.Kind == ssl.ClientCertificate) &&
				!strings.Contains(root.From, root.Name) || f.Root == "" && f.Kind == ssl.AccessInLockedWebConfig
			return whole || f.Root == root.Name && f.Kind != ssl.PoolMissing
		}) {
			names = append(names, root.Name)
		}
	}
	return names
}

func rootsNotOK(report ssl.AuditReport) []string {
	var names []string
	for _, root := range report.Roots {
		if !root.OK {
			names = append(names, root.Name)
		}
	}
	return names
}

func TestAuditOfHealthyServers(t *testing.T) {
	require.GreaterOrEqual(t, len(healthyAudits), 5)
	for _, c := range healthyAudits {
		t.Run(c.name, func(t *testing.T) {
			s := newAudited()
			c.edit(t, s)
			report, err := ssl.Audit(s.config(t))
			require.NoError(t, err)
			require.Empty(t, report.Findings)
			require.Empty(t, report.NotLookedAt)
			require.Empty(t, rootsNotOK(report))
			require.Len(t, report.Roots, 9)
		})
	}
}
