package wsus_test

import (
	"os"
	"regexp"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// An attack is one row of the table: what is done to a whole server behind its real listeners, and what must come of it. That
// nothing else comes of it is not a matter of the row: after each one the server's state is compared and a healthy client works.
type attack struct {
	name     string
	weakness string // what went wrong elsewhere: a CVE, or the kind
	sent     string
	answer   string // what must come back, as run requires it
	run      func(t *testing.T, v *victim)
	// memory bounds what the process allocates during the row, in bytes, sending included; 0 means usualMemory.
	memory uint64
}

// usualMemory is for rows that send little. Measured: under 6 MB, of which most is the test's own.
const usualMemory = 24 << 20

// attacks are the families, in the order in which they are printed. SECURITY.md names them.
var attacks = []struct {
	family string
	rows   func() []attack
}{
	{"objects", objectAttacks},
	{"cookies", cookieAttacks},
	{"documents", documentAttacks},
	{"bodies", bodyAttacks},
	{"slow", slowAttacks},
	{"paths", pathAttacks},
	{"content", contentAttacks},
	{"headers", headerAttacks},
	{"framing", framingAttacks},
	{"downgrade", downgradeAttacks},
	{"text", textAttacks},
	{"administration", administrationAttacks},
}

// TestAttackTable attacks one server, row after row, and prints the table (-v shows it).
func TestAttackTable(t *testing.T) {
	v := newVictim(t)
	for _, family := range attacks {
		t.Run(family.family, func(t *testing.T) {
			for _, row := range family.rows() {
				t.Run(row.name, func(t *testing.T) {
					used := allocated(func() { row.run(t, v) })
					require.LessOrEqual(t, used, max(row.memory, usualMemory), "bytes allocated")
					v.requireUnharmed(t)
					t.Logf("| %s | %s | %s | %s | %d KiB |", row.name, row.weakness, row.sent, row.answer, used>>10)
				})
			}
		})
	}
}

// allocated tells how many bytes the process allocated while f ran, whether they have been freed since or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// What SECURITY.md says is held by the table must be in the table, and each family must be told there.
func TestSecurityDocumentNamesTheFamilies(t *testing.T) {
	text, err := os.ReadFile("../SECURITY.md")
	require.NoError(t, err)
	told := map[string]bool{}
	for _, m := range regexp.MustCompile("`TestAttackTable/([a-z]+)`").FindAllStringSubmatch(string(text), -1) {
		told[m[1]] = true
	}
	there := map[string]bool{}
	for _, family := range attacks {
		there[family.family] = true
	}
	require.Equal(t, there, told)
}
