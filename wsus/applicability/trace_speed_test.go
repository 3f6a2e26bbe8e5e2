package applicability_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// largeRule has 61 parts that have to be judged on a machine without the viewer, and some more on one with it.
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
	rapid.Check(t, func(t *rapid.T) {
		m, rule := drawTellable(t), drawCondition(t, 4)
		r, err := applicability.Evaluate(context.Background(), m, rule, nil, three)
		require.NoError(t, err)
		require.Equal(t, r, applicability.BareEvaluate(context.Background(), m, rule, nil, three))
	})
}

// Nobody who does not want to see a trace pays for it: the limit is the walk that has nothing to do with traces. They take turns, and
// the fastest turn of each counts, so that what else the machine does meanwhile counts for none.
func BenchmarkEvaluateWithoutTrace(b *testing.B) {
	m, rule, ctx := readyMachine(), largeRule(b), context.Background()
	walks := []func(){
		func() { _, _ = applicability.Evaluate(ctx, m, rule, nil, three) },
		func() { applicability.BareEvaluate(ctx, m, rule, nil, three) },
		func() { _, _ = applicability.Explain(ctx, m, rule, nil, three) },
	}
	fastest := make([]time.Duration, len(walks))
	for b.Loop() {
		for i, walk := range walks {
			started := time.Now()
			walk()
			if took := time.Since(started); fastest[i] == 0 || took < fastest[i] {
				fastest[i] = took
			}
		}
	}
	b.ReportMetric(float64(fastest[0].Nanoseconds()), "ns/evaluate")
	b.ReportMetric(float64(fastest[0])/float64(fastest[1]), "x-bare")
	b.ReportMetric(float64(fastest[2])/float64(fastest[1]), "explain-x-bare")
}
