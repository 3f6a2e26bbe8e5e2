package compliance_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/compliance"
)

// BenchmarkCounts counts 2,000 updates on 2,000 computers with 100 explicit states each, and beside it reads as many rows from a
// slice, which is the least that counting can cost.
func BenchmarkCounts(b *testing.B) {
	const computers, known, explicit = 2000, 2000, 100
	tracker, err := compliance.NewTracker(b.Context(), newHeap(), compliance.Options{})
	require.NoError(b, err)
	var updates []compliance.Update
	for i := range known {
		updates = append(updates, compliance.Update{ID: uuid.UUID{14: byte(i >> 8), 15: byte(i)}, Since: int64(i % 50)})
	}
	var ids []string
	var bare []uint32
	for i := range computers {
		ids = append(ids, fmt.Sprint(i))
		report := compliance.Report{ClientID: ids[i], Full: true, Messages: []compliance.Message{scanned(1, int64(i%60+1))}}
		for j := range explicit {
			report.Messages = append(report.Messages, detected(int64(j+2), updates[(i+j*17)%known].ID, compliance.State(2+j%2)))
			bare = append(bare, uint32(j%4))
		}
		_, err := tracker.Record(b.Context(), report)
		require.NoError(b, err)
	}
	for b.Loop() {
		if _, err := tracker.Counts(b.Context(), updates, ids); err != nil {
			b.Fatal(err)
		}
	}
	rows := float64(computers*explicit) * float64(b.N) / b.Elapsed().Seconds()

	var counts [4]int
	start := time.Now()
	for range 100 {
		for _, row := range bare {
			counts[row]++
		}
	}
	b.ReportMetric(rows/1e6, "Mrows/s")
	b.ReportMetric(float64(100*len(bare))/time.Since(start).Seconds()/1e6, "bare-Mrows/s")
}

// BenchmarkDecodeReport decodes a report of 1,000 messages, and beside it only splits the same document into tokens.
func BenchmarkDecodeReport(b *testing.B) {
	report := compliance.Report{ClientID: "a", Date: day}
	for i := range 1000 {
		report.Messages = append(report.Messages, detected(int64(i+1), kb1, compliance.Required))
	}
	var document bytes.Buffer
	require.NoError(b, compliance.EncodeReport(&document, report))
	b.SetBytes(int64(document.Len()))
	for b.Loop() {
		if _, err := compliance.DecodeReport(bytes.NewReader(document.Bytes()), compliance.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
	start := time.Now()
	decoder := xml.NewDecoder(bytes.NewReader(document.Bytes()))
	for {
		if _, err := decoder.RawToken(); errors.Is(err, io.EOF) {
			break
		}
	}
	b.ReportMetric(float64(document.Len())/time.Since(start).Seconds()/1e6, "tokens-only-MB/s")
}
