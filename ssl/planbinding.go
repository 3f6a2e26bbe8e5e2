package ssl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/internal/quote"
)

// What settings that are there or not have for values.
const (
	present = "present"
	absent  = "absent"
)

// byName is what a binding has for a value, with its sslFlags behind it, that finds its certificate by the host name a client sends.
const byName = present + " sslFlags="

// siteBinding is one binding of a site. One of https that goes by the host name of clients is there, and not as it is wanted.
type siteBinding struct{ appcmd, site, protocol, binding string }

func (b siteBinding) read() []Command {
	return []Command{{Name: b.appcmd, Args: []string{"list", "site", b.site, "/config"}}}
}

// parse compares as http.sys does: an empty address and * are the same, and so are an empty host and *.
func (b siteBinding) parse(outputs []Output) (string, error) {
	sites, err := listed(outputs[0], "site")
	if err != nil {
		return "", fmt.Errorf("bindings of %s: %w", b.site, err)
	}
	if len(sites) != 1 {
		return "", fmt.Errorf("bindings of %s: %w: it has %d sites", b.site, errUnreadable, len(sites))
	}
	bindings, err := listed(outputs[0], "binding")
	if err != nil {
		return "", fmt.Errorf("bindings of %s: %w", b.site, err)
	}
	for _, element := range bindings {
		if strings.EqualFold(attribute(element, "protocol"), b.protocol) &&
			plainBinding(attribute(element, "bindingInformation")) == plainBinding(b.binding) {
			return presence(attribute(element, "sslFlags")), nil
		}
	}
	return absent, nil
}

// presence keeps the flags only where they matter, and so that a rollback can put them back.
func presence(flags string) string {
	if n, err := strconv.ParseUint(flags, 10, 32); err == nil && n&(flagSNI|flagCentralStore) != 0 {
		return byName + flags
	}
	return present
}

func plainBinding(information string) string {
	if strings.HasPrefix(information, ":") {
		information = "*" + information
	}
	if strings.HasSuffix(information, ":*") {
		information = strings.TrimSuffix(information, "*")
	}
	return strings.ToLower(information)
}

func (siteBinding) holds(value, want string) bool { return value == want }

// change keeps a binding that is there and clears its flags, so that the order of bindings stays.
func (b siteBinding) change(current, want string) []Command {
	if want == absent {
		return []Command{b.set("-", "")}
	}
	var commands []Command
	there := strings.HasPrefix(current, present)
	if !there {
		commands = append(commands, b.set("+", ""))
	}
	if flags := number(strings.TrimPrefix(want, byName)); there || flags != 0 {
		commands = append(commands, b.set("", fmt.Sprintf(".sslFlags:%d", flags)))
	}
	return commands
}

func (b siteBinding) set(sign, property string) Command {
	return Command{Name: b.appcmd, Args: []string{"set", "site", b.site,
		fmt.Sprintf("/%sbindings.[protocol='%s',bindingInformation='%s']%s", sign, b.protocol, b.binding, property)}}
}

func (b siteBinding) restore(current, found string) []Command { return b.change(current, found) }

func (siteBinding) accept([]Output) error { return nil }

func (b siteBinding) test(want string) string {
	switch {
	case want == absent:
		return b.find("") + ".Count -eq 0"
	case b.protocol == "https":
		return b.find(" -and -not ($_.sslFlags -band 3)") + ".Count -gt 0"
	}
	return b.find("") + ".Count -gt 0"
}

func (b siteBinding) find(more string) string {
	return fmt.Sprintf("@(Get-WebBinding -Name %s -Protocol %s | Where-Object { $_.bindingInformation -in %s, %s%s })",
		quote.PowerShell(b.site), b.protocol, quote.PowerShell(b.binding), quote.PowerShell(strings.TrimPrefix(b.binding, "*")), more)
}

func (b siteBinding) script(want string) string {
	if want == absent {
		return fmt.Sprintf("Remove-WebBinding -Name %s -Protocol %s -IPAddress '*' -Port %s -HostHeader ''",
			quote.PowerShell(b.site), b.protocol, strings.Trim(b.binding, "*:"))
	}
	create := fmt.Sprintf("New-WebBinding -Name %s -Protocol %s -IPAddress '*' -Port %s -HostHeader ''",
		quote.PowerShell(b.site), b.protocol, strings.Trim(b.binding, "*:"))
	if b.protocol == "https" {
		// One that goes by the host name of clients is in the way.
		return b.find("") + " | Remove-WebBinding\n" + create + " -SslFlags 0"
	}
	return create
}
