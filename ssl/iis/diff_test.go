package iis_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// checkDiff applies a unified diff as patch does, and proves that it leads from one text to the other. Passwords are masked in it and
// carriage returns left out, so both texts are taken that way.
func checkDiff(t require.TestingT, change iis.Change, before, after string) {
	diff := change.Diff()
	if before == after {
		require.Empty(t, diff)
		return
	}
	plain := func(text string) []string { return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") }
	old, want := plain(before), plain(after)
	body := strings.Split(strings.TrimSuffix(diff, "\n"), "\n")
	require.Equal(t, []string{"--- applicationHost.config", "+++ applicationHost.config"}, body[:2])
	var got []string
	at, removed, added := 0, 0, 0
	for _, line := range body[2:] {
		if strings.HasPrefix(line, "@@") {
			first, n := 0, 1
			if _, err := fmt.Sscanf(line, "@@ -%d,%d", &first, &n); err != nil {
				_, err = fmt.Sscanf(line, "@@ -%d", &first)
				require.NoError(t, err)
			}
			if n > 0 {
				first--
			}
			require.GreaterOrEqual(t, first, at)
			got = append(got, old[at:first]...)
			at = first
			continue
		}
		switch text := line[1:]; line[0] {
		case ' ':
			requireMasked(t, old[at], text)
			got = append(got, old[at])
			at++
		case '-':
			requireMasked(t, old[at], text)
			at++
			removed++
		case '+':
			got = append(got, text)
			added++
		}
	}
	got = append(got, old[at:]...)
	require.Equal(t, len(want)-len(old), added-removed)
	require.Len(t, got, len(want))
	for i := range want {
		requireMasked(t, want[i], got[i])
	}
}

func requireMasked(t require.TestingT, want, got string) {
	if want == got || strings.Contains(want, "assword=") || strings.Contains(want, "[enc:") {
		return
	}
	require.Equal(t, want, got)
}

func TestDiffHidesPasswords(t *testing.T) {
	text := strings.Replace(wsus(t), `<access sslFlags="None" />`,
		`<access sslFlags="None" /><x PASSWORD = 'first"second' a="[enc:Aes:third=:enc]"/>`, 1)
	_, change := applied(t, []byte(text), set("", iis.Ssl),
		iis.AddBinding{Site: "Default Web Site", Binding: iis.Binding{Protocol: "https", Port: 443}})
	diff := change.Diff()
	for _, secret := range []string{"Geheim", "first", "second", "third", "Composed:none"} {
		require.NotContains(t, diff, secret)
	}
	require.Contains(t, diff, `password="***"`)
	require.Equal(t, 2, strings.Count(diff, "\n@@"))
}

func TestDiffAtTheEndOfAFile(t *testing.T) {
	data := rewritings(wsus(t))["no last line"]
	_, change := applied(t, data, set("WSUS Administration/Content", iis.Ssl))
	require.True(t, strings.HasSuffix(change.Diff(), "+    </location>\n </configuration>\n\\ No newline at end of file\n"), change.Diff())
}
