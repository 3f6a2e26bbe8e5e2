package applicability_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// The limit of the benchmarks is honest: the catalogue has its real size, and most of what the scan meets has to be judged.
func TestScanOfWholeCatalogue(t *testing.T) {
	all := shape()
	verdicts, err := scanShape(t.Context(), all, readyMachine())
	require.NoError(t, err)
	states := map[applicability.State]int{}
	for _, v := range verdicts {
		states[v.State]++
	}
	require.Len(t, all, shapeUpdates)
	// A catalogue of which most does not apply would prove nothing.
	require.Greater(t, states[applicability.Installed], 400, states)
	require.Greater(t, states[applicability.Required], 400, states)
	require.Zero(t, states[applicability.Undecided])
}

func scanShape(ctx context.Context, all []*metadata.Core, m applicability.Facts) (map[uuid.UUID]applicability.Verdict, error) {
	s := applicability.NewScan(m, applicability.Options{})
	s.Add(all...)
	return s.Verdicts(ctx)
}

func BenchmarkScanOfWholeCatalogue(b *testing.B) {
	all, m := shape(), readyMachine()
	b.ReportAllocs()
	for b.Loop() {
		s := applicability.NewScan(m, applicability.Options{})
		s.Add(all...)
		if _, err := s.Verdicts(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// Where many machines are scanned, the documents are looked through only once.
func BenchmarkScanWithSharedRulebook(b *testing.B) {
	all, m, rules := shape(), readyMachine(), &applicability.Rulebook{}
	b.ReportAllocs()
	for b.Loop() {
		s := applicability.NewScan(m, applicability.Options{Rules: rules})
		s.Add(all...)
		if _, err := s.Verdicts(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// The floor of the benchmark above: the same number of questions, and nothing made of the answers.
func BenchmarkFloorOfScan(b *testing.B) {
	m := readyMachine()
	_, err := scanShape(b.Context(), shape(), m)
	require.NoError(b, err)
	questions := int(m.asked.Load())
	keys := make([]string, questions)
	for i := range keys {
		keys[i] = fmt.Sprintf(`SOFTWARE\Lindenhof\Product%d`, i%300)
	}
	b.ReportMetric(float64(questions), "questions")
	for b.Loop() {
		for _, key := range keys {
			_, _ = m.Registry(b.Context(), applicability.Native, key)
		}
	}
}
