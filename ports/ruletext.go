package ports

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrQuote: a text cannot be written safely in the language that was asked for.
var ErrQuote = errors.New("cannot be quoted")

// Netsh writes the rule as one line for cmd.exe, with netsh advfirewall. Texts with " or % are refused with ErrQuote, since cmd.exe has
// no quoting for them, and so is a rule that does not validate.
func (r Rule) Netsh() (string, error) {
	if err := r.Validate(); err != nil {
		return "", err
	}
	direction, side := "in", "localport"
	if r.Direction == Outbound {
		direction, side = "out", "remoteport"
	}
	name, err := quoteCmd(r.Name)
	if err != nil {
		return "", fmt.Errorf("netsh: name %w", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "netsh advfirewall firewall add rule name=%s dir=%s action=allow protocol=%s %s=%s", name, direction, r.Protocol, side,
		strings.Join(r.portTexts(), ","))
	if len(r.Remote) > 0 {
		b.WriteString(" remoteip=" + strings.Join(r.remoteTexts(), ","))
	}
	if len(r.Names) > 0 {
		description, err := quoteCmd(r.description())
		if err != nil {
			return "", fmt.Errorf("netsh: hosts %w", err)
		}
		b.WriteString(" description=" + description)
	}
	return b.String(), nil
}

// PowerShell writes the rule as one line, with New-NetFirewallRule. A rule that does not validate is refused.
func (r Rule) PowerShell() (string, error) {
	if err := r.Validate(); err != nil {
		return "", err
	}
	direction, side := "Inbound", "-LocalPort"
	if r.Direction == Outbound {
		direction, side = "Outbound", "-RemotePort"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "New-NetFirewallRule -DisplayName %s -Direction %s -Protocol %s %s %s", quotePowerShell(r.Name), direction, r.Protocol, side,
		strings.Join(r.portTexts(), ","))
	if len(r.Remote) > 0 {
		quoted := r.remoteTexts()
		for i, text := range quoted {
			quoted[i] = quotePowerShell(text)
		}
		b.WriteString(" -RemoteAddress " + strings.Join(quoted, ","))
	}
	if len(r.Names) > 0 {
		b.WriteString(" -Description " + quotePowerShell(r.description()))
	}
	b.WriteString(" -Action Allow")
	return b.String(), nil
}

func (r Rule) description() string { return "To " + strings.Join(r.Names, ", ") }

func (r Rule) portTexts() []string {
	out := make([]string, len(r.Ports))
	for i, port := range r.Ports {
		out[i] = strconv.Itoa(port)
	}
	return out
}

func (r Rule) remoteTexts() []string {
	out := make([]string, len(r.Remote))
	for i, prefix := range r.Remote {
		out[i] = prefix.String()
	}
	return out
}

// quoteCmd puts a text into quotation marks, between which cmd.exe leaves all but % alone. A backslash before the closing mark would
// escape it for the program that reads the line.
func quoteCmd(text string) (string, error) {
	if strings.ContainsAny(text, `"%`) || strings.HasSuffix(text, `\`) {
		return "", fmt.Errorf(`%q %w: leave out " and %%, and a backslash at the end`, text, ErrQuote)
	}
	return `"` + text + `"`, nil
}

// quotePowerShell puts a text into single quotation marks, of which it doubles those within. PowerShell takes the typographic ones for
// the same.
func quotePowerShell(text string) string {
	for _, mark := range []string{"'", "\u2018", "\u2019", "\u201A", "\u201B"} {
		text = strings.ReplaceAll(text, mark, mark+mark)
	}
	return "'" + text + "'"
}
