package applicability_test

import (
	"context"
	"fmt"
	"testing"
	"time"

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

// BenchmarkScan scans one machine against the whole catalogue: alone, and with a Rulebook, as where many machines are scanned and the documents
// are looked through only once. Its floor, in the same run and in turns, is the same number of questions to the machine with nothing made of
// the answers; x-questions is the time over that.
func BenchmarkScan(b *testing.B) {
	for name, rules := range map[string]*applicability.Rulebook{"alone": nil, "rulebook": {}} {
		b.Run(name, func(b *testing.B) {
			all, m := shape(), readyMachine()
			_, err := scanShape(b.Context(), all, m)
			require.NoError(b, err)
			keys := make([]string, m.asked.Load())
			for i := range keys {
				keys[i] = fmt.Sprintf(`SOFTWARE\Lindenhof\Product%d`, i%300)
			}
			var scan, questions time.Duration
			b.ReportAllocs()
			for b.Loop() {
				begin := time.Now()
				s := applicability.NewScan(m, applicability.Options{Rules: rules})
				s.Add(all...)
				if _, err := s.Verdicts(b.Context()); err != nil {
					b.Fatal(err)
				}
				scan += time.Since(begin)
				begin = time.Now()
				for _, key := range keys {
					_, _ = m.Registry(b.Context(), applicability.Native, key)
				}
				questions += time.Since(begin)
			}
			b.ReportMetric(float64(scan.Nanoseconds())/float64(b.N), "ns/op")
			b.ReportMetric(float64(len(keys)), "questions")
			b.ReportMetric(float64(questions.Nanoseconds())/float64(b.N), "questions-ns/op")
			b.ReportMetric(float64(scan)/float64(questions), "x-questions")
		})
	}
}
