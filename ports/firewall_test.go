package ports_test

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/ports"
)

var update = flag.Bool("update", false, "write the golden files")

// TestFirewallText holds every kind of rule against lines that were compared by eye with the documented commands. The two inbound
// lines for 8530 are, word for word, those that administrators publish.
func TestFirewallText(t *testing.T) {
	inside := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	one := netip.MustParsePrefix("10.0.0.9/32")
	must := func(rules []ports.Rule, err error) []ports.Rule {
		require.NoError(t, err)
		return rules
	}
	rules := must(ports.InboundRules(ports.Custom))
	rules = append(rules, must(ports.InboundRules(ports.Default, inside...))...)
	rules = append(rules, ports.MicrosoftRules()...)
	rules = append(rules, must(ports.UpstreamRules(ports.Custom, one))...)
	rules = append(rules, must(ports.DatabaseRules(0, true, one))...)
	rules = append(rules, ports.Rule{Name: "Bob's & Co ^ (ports) | > x; `$y", Direction: ports.Inbound, Protocol: ports.TCP, Ports: []int{8530, 8531}})

	var lines []string
	for _, write := range []func(ports.Rule) (string, error){ports.Rule.Netsh, ports.Rule.PowerShell} {
		for _, rule := range rules {
			line, err := write(rule)
			require.NoError(t, err)
			lines = append(lines, line)
		}
	}
	require.Contains(t, lines, `netsh advfirewall firewall add rule name="WSUS-HTTP" dir=in action=allow protocol=TCP localport=8530`)
	require.Contains(t, lines, `New-NetFirewallRule -DisplayName 'WSUS-HTTP' -Direction Inbound -Protocol TCP -LocalPort 8530 -Action Allow`)

	golden := filepath.Join("testdata", "firewall.txt")
	text := strings.Join(lines, "\n") + "\n"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(text), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}

// The names and ports are those of the product's set-up page, counted there.
func TestMicrosoftRules(t *testing.T) {
	rules := ports.MicrosoftRules()
	require.Len(t, rules, 1)
	require.Equal(t, []int{80, 443}, rules[0].Ports)
	require.Equal(t, ports.Outbound, rules[0].Direction)
	require.Empty(t, rules[0].Remote, "addresses change")
	require.Len(t, rules[0].Names, 11)
	rules[0].Names[0] = "changed"
	require.NotEqual(t, "changed", ports.MicrosoftRules()[0].Names[0], "nobody shares the list")
}

func TestRulesAreRefused(t *testing.T) {
	_, err := ports.InboundRules(ports.Pair{HTTP: 80, HTTPS: 81})
	require.ErrorIs(t, err, ports.ErrPairing)
	_, err = ports.UpstreamRules(ports.Pair{})
	require.ErrorIs(t, err, ports.ErrMissing)
	_, err = ports.DatabaseRules(70000, false, netip.Prefix{})
	require.ErrorIs(t, err, ports.ErrRange)
	require.ErrorContains(t, err, "no network")

	bad := ports.Rule{Name: "ALL", Direction: "up", Protocol: "ICMP", Ports: []int{0}, Remote: []netip.Prefix{{}}, Names: []string{"a\nb"}}
	var all *multierror.Error
	require.ErrorAs(t, bad.Validate(), &all)
	require.Len(t, all.Errors, 6)
	require.ErrorIs(t, ports.Rule{Name: "x", Direction: ports.Inbound, Protocol: ports.TCP}.Validate(), ports.ErrMissing)
	for _, write := range []func(ports.Rule) (string, error){ports.Rule.Netsh, ports.Rule.PowerShell} {
		_, err := write(bad)
		require.ErrorAs(t, err, &all)
	}
	for _, name := range []string{`say "WSUS"`, "%PATH%", `C:\`} {
		_, err := ports.Rule{Name: name, Direction: ports.Inbound, Protocol: ports.TCP, Ports: []int{8530}}.Netsh()
		require.ErrorIs(t, err, ports.ErrQuote, name)
		_, err = ports.Rule{Name: "x", Direction: ports.Inbound, Protocol: ports.TCP, Ports: []int{8530}, Names: []string{name + "x"}}.Netsh()
		if strings.ContainsAny(name, `"%`) {
			require.ErrorIs(t, err, ports.ErrQuote, name)
		}
	}
}

// A slow reader of single-quoted PowerShell strings gets every name back, and finds the string to end where the next option begins.
func TestPowerShellQuoting(t *testing.T) {
	const marks = "'\u2018\u2019\u201A\u201B"
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOf(rapid.SampledFrom([]rune(marks+"a $`\";{}%-é"))).Filter(func(s string) bool { return s != "" }).Draw(t, "name")
		line, err := ports.Rule{Name: name, Direction: ports.Inbound, Protocol: ports.TCP, Ports: []int{8530}}.PowerShell()
		require.NoError(t, err)
		rest, ok := strings.CutPrefix(line, "New-NetFirewallRule -DisplayName '")
		require.True(t, ok)
		var read []rune
		runes := []rune(rest)
		i := 0
		for ; ; i++ {
			if strings.ContainsRune(marks, runes[i]) {
				if !strings.ContainsRune(marks, runes[i+1]) {
					break
				}
				i++ // of two marks the second counts
			}
			read = append(read, runes[i])
		}
		require.Equal(t, name, string(read))
		require.True(t, strings.HasPrefix(string(runes[i+1:]), " -Direction Inbound "))
	})
}
