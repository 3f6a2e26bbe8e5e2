package sqlite_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/storage/storagetest"
)

func BenchmarkWSUS(b *testing.B)       { storagetest.BenchmarkWSUS(b, openWSUS) }
func BenchmarkCompliance(b *testing.B) { storagetest.BenchmarkCompliance(b, openCompliance) }
func BenchmarkRecords(b *testing.B)    { storagetest.BenchmarkRecords(b, openSite) }

// BenchmarkApplyBesideRaw measures reports of 100 rows from 32 writers at once, and then the limit: the same rows, in the same
// kind of table, written by one loop that knows them all beforehand and puts as many into a transaction as a group had.
func BenchmarkApplyBesideRaw(b *testing.B) {
	const rows, writers = 100, 32
	db := open(b, b.TempDir())
	defer db.Close()
	store := db.Compliance()
	var report atomic.Int64
	b.SetParallelism(writers / 2)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := store.Apply(b.Context(), benchReport(int(report.Add(1)), rows)); err != nil {
				b.Error(err)
			}
		}
	})
	b.StopTimer()
	apply := float64(b.N*rows) / b.Elapsed().Seconds()
	stats := db.Stats()
	group := max(1, int(stats.Writes/stats.Groups))
	raw := rawRows(b, b.N, rows, group)
	b.ReportMetric(apply, "rows/s")
	b.ReportMetric(raw, "raw-rows/s")
	b.ReportMetric(apply/raw, "of-raw")
	b.ReportMetric(float64(group), "reports/sync")
}

func benchReport(computer, rows int) compliance.Changes {
	id := fmt.Sprintf("%08d", computer)
	c := compliance.Changes{Computer: compliance.Computer{ID: id}, Rows: make([]compliance.Row, rows)}
	for i := range c.Rows {
		c.Rows[i] = compliance.Row{ComputerID: id, UpdateID: uuid.UUID{15: byte(i)}, State: compliance.Required}
	}
	return c
}

// rawRows returns rows per second of a loop over one prepared statement.
func rawRows(b *testing.B, reports, rows, group int) float64 {
	pool, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "raw.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	require.NoError(b, err)
	defer pool.Close()
	conn, err := pool.Conn(b.Context())
	require.NoError(b, err)
	_, err = conn.ExecContext(b.Context(), `CREATE TABLE r (computer INTEGER, update_id BLOB, state INTEGER, changed INTEGER,
		PRIMARY KEY (computer, update_id)) WITHOUT ROWID`)
	require.NoError(b, err)
	insert, err := conn.PrepareContext(b.Context(), "INSERT INTO r VALUES (?, ?, ?, ?)"+strings.Repeat(", (?, ?, ?, ?)", rows-1)+
		" ON CONFLICT DO UPDATE SET state = excluded.state, changed = excluded.changed")
	require.NoError(b, err)
	start := time.Now()
	for report := 0; report < reports; report += group {
		_, err := conn.ExecContext(b.Context(), "BEGIN IMMEDIATE")
		require.NoError(b, err)
		for i := report; i < min(report+group, reports); i++ {
			values := make([]any, 0, 4*rows)
			for j := range rows {
				id := uuid.UUID{15: byte(j)}
				values = append(values, int64(i), id[:], int64(2), int64(0))
			}
			_, err := insert.ExecContext(b.Context(), values...)
			require.NoError(b, err)
		}
		_, err = conn.ExecContext(b.Context(), "COMMIT")
		require.NoError(b, err)
	}
	return float64(reports*rows) / time.Since(start).Seconds()
}
