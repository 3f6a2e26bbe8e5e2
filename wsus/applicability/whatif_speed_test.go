package applicability_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// The size of a large site, and of the updates of a month.
const (
	siteMachines = 10_000
	monthUpdates = 100
)

// monthOf are the last updates of the catalogue of the real size.
func monthOf(n int) []uuid.UUID {
	var ids []uuid.UUID
	for i := range n {
		ids = append(ids, shapeID(shapeUpdates-1-i))
	}
	return ids
}

// writeSnapshot writes a machine of its own: Windows of some build, a fifth of the 300 products in versions of its own, and on every
// eighth machine only what a recording told of half of them.
func writeSnapshot(out *bytes.Buffer, n int) {
	random := rand.New(rand.NewPCG(uint64(n), monthUpdates))
	var registry, files, products, asked []string
	for p := range 300 {
		key := fmt.Sprintf(`"HKLM\\SOFTWARE\\Lindenhof\\Product%d"`, p)
		if n%8 == 0 && random.IntN(2) == 0 {
			asked = append(asked, key)
		}
		if random.IntN(5) > 0 {
			continue
		}
		version := fmt.Sprintf("%d.%d.%d.0", random.IntN(9), random.IntN(9), random.IntN(shapeUpdates))
		registry = append(registry, fmt.Sprintf(`%s: {"Version": {"type": "REG_SZ", "data": "%s"}}`, key, version))
		files = append(files, fmt.Sprintf(`"C:\\Program Files\\Lindenhof\\p%d\\main.dll": {"version": "%s"}`, p, version))
		products = append(products, fmt.Sprintf(`"{%08d-1001-4C5B-9F4A-7D0E5A1C1001}": {"version": "%s", "language": 1033}`, p, version))
	}
	fmt.Fprintf(out, `{"name": "pc%d.lab.example", "system": {"version": [10, 0, %d, 1], "productType": 1, "sku": 48, "architecture": 9, "processors": 4,
		"language": "en-US"}, "registry": {%s}, "files": {%s}, "products": {%s}`, n, 19045+random.IntN(6000),
		strings.Join(registry, ",\n"), strings.Join(files, ",\n"), strings.Join(products, ",\n"))
	if n%8 == 0 {
		fmt.Fprintf(out, `, "asked": {"registry": [%s]}`, strings.Join(asked, ","))
	}
	out.WriteString("}")
}

// site are so many snapshots, all different.
func site(n int) [][]byte {
	var all bytes.Buffer
	ends := make([]int, n)
	for i := range n {
		writeSnapshot(&all, i)
		ends[i] = all.Len()
	}
	texts, begin := make([][]byte, n), 0
	for i, end := range ends {
		texts[i], begin = all.Bytes()[begin:end:end], end
	}
	return texts
}

// asking counts the questions to a machine.
type asking struct {
	*snapshot.Machine
	n *atomic.Int64
}

func (a asking) System(ctx context.Context) (applicability.System, error) {
	a.n.Add(1)
	return a.Machine.System(ctx)
}

func (a asking) Registry(ctx context.Context, view applicability.View, key string) (applicability.Key, error) {
	a.n.Add(1)
	return a.Machine.Registry(ctx, view, key)
}

func (a asking) File(ctx context.Context, path string) (applicability.File, error) {
	a.n.Add(1)
	return a.Machine.File(ctx, path)
}

func (a asking) Product(ctx context.Context, code string) (applicability.Product, error) {
	a.n.Add(1)
	return a.Machine.Product(ctx, code)
}

func (a asking) Package(ctx context.Context, identity string) (int, error) {
	a.n.Add(1)
	return a.Machine.Package(ctx, identity)
}

// snapshotsOf decodes each text when its turn comes.
func snapshotsOf(texts [][]byte, questions *atomic.Int64) iter.Seq[applicability.Machine] {
	return func(yield func(applicability.Machine) bool) {
		for i, text := range texts {
			m := applicability.Machine{Name: fmt.Sprintf("pc%d", i), Open: func(context.Context) (applicability.Facts, error) {
				machine, err := snapshot.Decode(bytes.NewReader(text))
				return asking{machine, questions}, err
			}}
			if !yield(m) {
				return
			}
		}
	}
}

// The limit of the benchmark is honest: machines and updates differ, and much of what is counted has to be judged.
func TestWhatIfOfASite(t *testing.T) {
	texts := site(64)
	require.NotEqual(t, texts[1], texts[2])
	var questions atomic.Int64
	impact, err := applicability.WhatIf(t.Context(), shape(), snapshotsOf(texts, &questions), applicability.WhatIfOptions{Updates: monthOf(monthUpdates)})
	require.NoError(t, err)
	require.Equal(t, 64, impact.Machines)
	var sum applicability.UpdateImpact
	for _, u := range impact.Updates {
		sum.Required += u.Required
		sum.Installed += u.Installed
		sum.NotApplicable += u.NotApplicable
		sum.Superseded += u.Superseded
		sum.Unknown += u.Unknown
	}
	for _, n := range []int{sum.Required, sum.Installed, sum.Superseded, sum.Unknown} {
		require.Greater(t, n, 20, "%+v", sum)
	}
	require.Greater(t, len(impact.Missing), 20)
	require.Greater(t, questions.Load(), int64(64*100))
}

// The limits are the same snapshots decoded and nothing asked, and the same number of bare questions to them.
func BenchmarkWhatIfOfASite(b *testing.B) {
	documents, texts, updates := shape(), site(siteMachines), monthOf(monthUpdates)
	var questions atomic.Int64
	var whole, decoding, asking time.Duration
	for b.Loop() {
		questions.Store(0)
		started := time.Now()
		impact, err := applicability.WhatIf(b.Context(), documents, snapshotsOf(texts, &questions), applicability.WhatIfOptions{Updates: updates})
		require.NoError(b, err)
		require.Equal(b, siteMachines, impact.Machines)
		whole += time.Since(started)

		b.StopTimer()
		decoding += decodeAll(b, texts)
		asking += askBare(b, texts[1], questions.Load())
		b.StartTimer()
	}
	n := float64(b.N)
	b.ReportMetric(siteMachines*n/whole.Seconds(), "machines/s")
	b.ReportMetric(float64(questions.Load())/siteMachines, "questions/machine")
	b.ReportMetric(float64(whole)/float64(decoding), "x-decoding")
	b.ReportMetric(float64(whole)/float64(asking), "x-questions")
	b.ReportMetric(float64(whole)/float64(decoding+asking), "x-both")
}

// decodeAll reads all snapshots on two processors.
func decodeAll(b *testing.B, texts [][]byte) time.Duration {
	started := time.Now()
	var readers sync.WaitGroup
	for half := range 2 {
		readers.Go(func() {
			for i := half; i < len(texts); i += 2 {
				_, err := snapshot.Decode(bytes.NewReader(texts[i]))
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	readers.Wait()
	return time.Since(started)
}

// askBare puts so many questions to one machine, on two processors.
func askBare(b *testing.B, text []byte, questions int64) time.Duration {
	machine, err := snapshot.Decode(bytes.NewReader(text))
	require.NoError(b, err)
	keys := make([]string, 300)
	for i := range keys {
		keys[i] = fmt.Sprintf(`SOFTWARE\Lindenhof\Product%d`, i)
	}
	started := time.Now()
	var askers sync.WaitGroup
	for range 2 {
		askers.Go(func() {
			for i := range questions / 2 {
				_, _ = machine.Registry(b.Context(), applicability.Native, keys[i%300])
			}
		})
	}
	askers.Wait()
	return time.Since(started)
}
