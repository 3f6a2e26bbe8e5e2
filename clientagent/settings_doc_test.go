package clientagent_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// docs/agent.md shows the table of settings as it is; the failure prints what belongs there.
func TestDocumentsShowTheSettings(t *testing.T) {
	var b strings.Builder
	group := ""
	for _, s := range clientagent.SettingsTable() {
		if s.Group != group {
			group = s.Group
			b.WriteString("\n**" + group + "**\n\n| setting | in `Settings` | default | range | out of range becomes | since |\n|---|---|---|---|---|---|\n")
		}
		b.WriteString("| " + strings.Join([]string{s.Name, "`" + s.Property + "`", s.Default, s.Range, s.OutOfRange, s.Since}, " | ") + " |\n")
	}
	text, err := os.ReadFile("../docs/agent.md")
	require.NoError(t, err)
	require.True(t, strings.Contains(string(text), b.String()), "%s", b.String())
}
