package ssl

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl/internal/quote"
	"github.com/seed599db172/softwareupdates/ssl/internal/siteaddress"
)

// setupRegistryKey is where WSUS keeps what configuressl wrote. Its values are asked for one by one: the key also has secrets.
const setupRegistryKey = `HKLM\` + setupKey

// setupNames are the values that configuressl writes; the name comes last, since it may hold anything.
var setupNames = []string{"UsingSSL", "PortNumber", "ServerCertificateName"}

// serverSetup is what WSUS knows of its own address. Its values have the form "UsingSSL=REG_DWORD:0x1; PortNumber=REG_DWORD:0x2153;
// ServerCertificateName=REG_SZ:wsus01.lab.example", without those that the registry does not have.
type serverSetup struct {
	tool, name string
	ports      ports.Pair
}

// read asks for TargetDir as well: every WSUS server has it, so that "cannot be read" is told from "is not there".
func (s serverSetup) read() []Command {
	var commands []Command
	for _, name := range append([]string{"TargetDir"}, setupNames...) {
		commands = append(commands, Command{Name: "reg.exe", Args: []string{"query", setupRegistryKey, "/v", name}})
	}
	return commands
}

var valuePattern = regexp.MustCompile(`(?m)^[ \t]+([A-Za-z]+)[ \t]+(REG_[A-Z_]+)[ \t]*([^\r\n]*)`)

func (s serverSetup) parse(outputs []Output) (string, error) {
	if outputs[0].ExitCode != 0 {
		return "", fmt.Errorf("%s: %w: reg ends with exit code %d: is it a WSUS server, and does an administrator ask? %s",
			setupRegistryKey, errUnreadable, outputs[0].ExitCode, excerpt(outputs[0]))
	}
	var parts []string
	for i, name := range setupNames {
		out := outputs[i+1]
		if out.ExitCode == 1 {
			continue
		}
		match := valuePattern.FindSubmatch(out.Stdout)
		if out.ExitCode != 0 || match == nil || !strings.EqualFold(string(match[1]), name) {
			return "", fmt.Errorf("%s of %s: %w: reg printed %q", name, setupRegistryKey, errUnreadable, excerpt(out))
		}
		parts = append(parts, name+"="+string(match[2])+":"+strings.TrimSpace(string(match[3])))
	}
	return strings.Join(parts, "; "), nil
}

// registryValue is one value with its type as reg spells both.
type registryValue struct{ kind, data string }

func setupValues(value string) map[string]registryValue {
	values := make(map[string]registryValue, len(setupNames))
	for _, part := range strings.SplitN(value, "; ", len(setupNames)) {
		name, rest, _ := strings.Cut(part, "=")
		kind, data, _ := strings.Cut(rest, ":")
		if slices.Contains(setupNames, name) {
			values[name] = registryValue{kind, data}
		}
	}
	return values
}

// holds wants the port only where the registry has one.
func (s serverSetup) holds(value, want string) bool {
	have, wanted := setupValues(value), setupValues(want)
	port, known := have["PortNumber"]
	return number(have["UsingSSL"].data) == 1 &&
		strings.EqualFold(have["ServerCertificateName"].data, wanted["ServerCertificateName"].data) &&
		(!known || number(port.data) == number(wanted["PortNumber"].data))
}

func number(text string) uint64 {
	n, err := strconv.ParseUint(text, 0, 32)
	if err != nil {
		return 0
	}
	return n
}

// wanted is the value that a secured server has.
func (s serverSetup) wanted() string {
	return fmt.Sprintf("UsingSSL=REG_DWORD:0x1; PortNumber=REG_DWORD:0x%x; ServerCertificateName=REG_SZ:%s", s.ports.HTTPS, s.name)
}

func (s serverSetup) change(string, string) []Command {
	return []Command{{Name: s.tool, Args: []string{"configuressl", s.name}}}
}

// restore writes the registry: the tool knows no way back to plain HTTP, and it would read a web site that is still secured.
func (s serverSetup) restore(current, found string) []Command {
	var commands []Command
	now, then := setupValues(current), setupValues(found)
	for _, name := range setupNames {
		before, was := then[name]
		switch after, is := now[name]; {
		case was && before != after:
			commands = append(commands, Command{Name: "reg.exe",
				Args: []string{"add", setupRegistryKey, "/v", name, "/t", before.kind, "/d", before.data, "/f"}})
		case !was && is:
			commands = append(commands, Command{Name: "reg.exe", Args: []string{"delete", setupRegistryKey, "/v", name, "/f"}})
		}
	}
	return commands
}

// accept reads the address that the tool printed; a wrong one is a failure whatever its exit code says.
func (s serverSetup) accept(outputs []Output) error {
	return siteaddress.Check(siteaddress.Find(outputs[0].Stdout), s.name, s.ports)
}

func (s serverSetup) test(string) string {
	return fmt.Sprintf("$null -ne (Get-ItemProperty -LiteralPath 'HKLM:\\%s' | Where-Object "+
		"{ $_.UsingSSL -eq 1 -and $_.PortNumber -eq %d -and $_.ServerCertificateName -eq %s })",
		setupKey, s.ports.HTTPS, quote.PowerShell(s.name))
}

func (s serverSetup) script(string) string {
	return fmt.Sprintf("& %s configuressl %s", quote.PowerShell(s.tool), quote.PowerShell(s.name))
}
