package ssl

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/internal/quote"
)

// iisApplication is the application id under which IIS attaches certificates; any would do.
const iisApplication = "{4dc3e181-e14b-4a21-b022-59fc669b0914}"

// anyCertificate is wanted where the plan does not know which one.
const anyCertificate = "any"

// attachedCertificate is what http.sys has for an address or host name and port. IIS's configuration says nothing of it. For a connection
// http.sys takes the entry of the address, else that of the host name that the client sends, else that of [::], which is for IPv6
// only, else that of 0.0.0.0, which is for both: an entry of 0.0.0.0 is enough where there is no other one for the port.
//
// A value has thumbprint, application id and store. The rarer parameters of an entry, such as how revocation is checked, have labels in
// the server's language only and cannot be put back.
type attachedCertificate struct{ site, endpoint string }

func (c attachedCertificate) read() []Command { return []Command{c.netsh("show")} }

func (c attachedCertificate) netsh(verb string, more ...string) Command {
	return Command{Name: "netsh.exe", Args: append([]string{"http", verb, "sslcert", c.key()}, more...)}
}

// key is how netsh takes an address or a host name with its port.
func (c attachedCertificate) key() string {
	if _, err := netip.ParseAddrPort(c.endpoint); err != nil {
		return "hostnameport=" + c.endpoint
	}
	return "ipport=" + c.endpoint
}

var (
	hashPattern        = regexp.MustCompile(`(?i)(?:^|[^0-9a-f])([0-9a-f]{40})(?:[^0-9a-f]|$)`)
	applicationPattern = regexp.MustCompile(`(?i)\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}`)
)

// parse finds the thumbprint and the id by their shape and the store by its place, the line behind the id: labels are translated.
// netsh ends with 1 when there is no entry.
func (c attachedCertificate) parse(outputs []Output) (string, error) {
	out := outputs[0]
	hash, id := hashPattern.FindSubmatch(out.Stdout), applicationPattern.FindIndex(out.Stdout)
	switch {
	case out.ExitCode > 1 || out.ExitCode < 0:
		return "", fmt.Errorf("certificate of %s: %w: netsh ends with exit code %d: %s", c.endpoint, errUnreadable, out.ExitCode, excerpt(out))
	case out.ExitCode == 1 || hash == nil:
		return "", nil
	case id == nil:
		return "", fmt.Errorf("certificate of %s: %w: netsh printed %q", c.endpoint, errUnreadable, excerpt(out))
	}
	_, rest, _ := strings.Cut(string(out.Stdout[id[1]:]), "\n")
	line, _, _ := strings.Cut(rest, "\n")
	store := strings.TrimSpace(line[strings.LastIndex(line, ":")+1:])
	if store == "" || strings.HasPrefix(store, "(") || strings.ContainsAny(store, " \"") {
		store = "MY"
	}
	return strings.ToUpper(string(hash[1])) + " " + string(out.Stdout[id[0]:id[1]]) + " " + store, nil
}

func (attachedCertificate) holds(value, want string) bool {
	if want == anyCertificate {
		return value != ""
	}
	have, _, _ := strings.Cut(value, " ")
	wanted, _, _ := strings.Cut(want, " ")
	return strings.EqualFold(have, wanted)
}

// change takes an entry away before another is added: netsh refuses to add over one (183), and only newer ones can update.
func (c attachedCertificate) change(current, want string) []Command {
	var commands []Command
	if current != "" {
		commands = append(commands, c.netsh("delete"))
	}
	if parts := strings.Fields(want); len(parts) == 3 {
		commands = append(commands, c.netsh("add", "certhash="+parts[0], "appid="+parts[1], "certstorename="+parts[2]))
	}
	return commands
}

func (c attachedCertificate) restore(current, found string) []Command {
	return c.change(current, found)
}

func (attachedCertificate) accept([]Output) error { return nil }

func (c attachedCertificate) test(want string) string {
	thumbprint, _, _ := strings.Cut(want, " ")
	pattern := quote.PowerShell(thumbprint)
	if want == anyCertificate {
		pattern = "'[0-9a-f]{40}'"
	}
	return fmt.Sprintf("@(netsh.exe http show sslcert %s) -match %s", quote.PowerShell(c.key()), pattern)
}

// script is netsh as well: AddSslCertificate of a binding refuses to replace, and a port may have several bindings.
func (c attachedCertificate) script(want string) string {
	key := quote.PowerShell(c.key())
	script := fmt.Sprintf("netsh.exe http show sslcert %s | Out-Null\n"+
		"if ($LASTEXITCODE -eq 0) { netsh.exe http delete sslcert %s | Out-Null }", key, key)
	for _, add := range c.change("", want) {
		script += "\nnetsh.exe http add sslcert"
		for _, arg := range add.Args[3:] {
			script += " " + quote.PowerShell(arg)
		}
	}
	return script
}

// storedCertificate is whether the certificate is where http.sys looks for it. No command puts it there: its key belongs to whoever
// asked the authority for it.
type storedCertificate struct{ thumbprint string }

func (c storedCertificate) read() []Command {
	return []Command{powerShell("if (" + c.test("") + ") { exit 0 } else { exit 3 }")}
}

func (c storedCertificate) parse(outputs []Output) (string, error) {
	switch outputs[0].ExitCode {
	case 0:
		return present, nil
	case 3:
		return absent, nil
	}
	return "", fmt.Errorf("certificate %s: %w: PowerShell ends with exit code %d: %s",
		c.thumbprint, errUnreadable, outputs[0].ExitCode, excerpt(outputs[0]))
}

func (storedCertificate) holds(value, want string) bool    { return value == want }
func (storedCertificate) change(string, string) []Command  { return nil }
func (storedCertificate) restore(string, string) []Command { return nil }
func (storedCertificate) accept([]Output) error            { return nil }
func (storedCertificate) script(string) string             { return "" }

func (c storedCertificate) test(string) string {
	return `@(Get-ChildItem -Path Cert:\LocalMachine\My | Where-Object { $_.Thumbprint -eq '` + c.thumbprint +
		`' -and $_.HasPrivateKey }).Count -gt 0`
}
