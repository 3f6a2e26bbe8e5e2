package applicability_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// largeRule has a hundred parts of several kinds, all of which have to be judged.
func largeRule(t testing.TB) *metadata.Node {
	part := `<Or><b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Gone"/><Not><And>` +
		`<b.RegDword Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof\Viewer" Value="Seats" Comparison="EqualTo" Data="5"/>` +
		`<b.WindowsVersion Comparison="LessThan" MajorVersion="10" BuildNumber="1"/><False/></And></Not></Or>`
	rule := "<And>"
	for range 12 {
		rule += part
	}
	node, _ := ruleOf(t, rule+"</And>", "")
	return node
}

func TestBareEvaluateAgrees(t *testing.T) {
	m, rule := laboratory(), largeRule(t)
	r, err := applicability.Evaluate(t.Context(), m, rule, nil, three)
	require.NoError(t, err)
	require.Equal(t, r, applicability.BareEvaluate(t.Context(), m, rule, nil, three))
}

// Nobody who does not want to see a trace pays for it: the limit is the walk that has nothing to do with traces. Both take turns, so
// that what else the machine does meets them alike.
func BenchmarkEvaluateWithoutTrace(b *testing.B) {
	m, rule, ctx := readyMachine(), largeRule(b), context.Background()
	var evaluate, bare, explain time.Duration
	const turns = 20
	for b.Loop() {
		started := time.Now()
		for range turns {
			_, _ = applicability.Evaluate(ctx, m, rule, nil, three)
		}
		evaluate += time.Since(started)
		started = time.Now()
		for range turns {
			applicability.BareEvaluate(ctx, m, rule, nil, three)
		}
		bare += time.Since(started)
		started = time.Now()
		for range turns {
			_, _ = applicability.Explain(ctx, m, rule, nil, three)
		}
		explain += time.Since(started)
	}
	b.ReportMetric(float64(evaluate.Nanoseconds())/float64(b.N*turns), "ns/evaluate")
	b.ReportMetric(float64(evaluate)/float64(bare), "x-bare")
	b.ReportMetric(float64(explain)/float64(bare), "explain-x-bare")
}
