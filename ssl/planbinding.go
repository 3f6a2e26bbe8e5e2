package ssl

import (
	"fmt"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/internal/quote"
)

// What settings that are there or not have for values.
const (
	present = "present"
	absent  = "absent"
)

// siteBinding is one binding of a site.
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
			return present, nil
		}
	}
	return absent, nil
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

func (b siteBinding) change(_, want string) []Command {
	sign := "+"
	if want == absent {
		sign = "-"
	}
	return []Command{{Name: b.appcmd, Args: []string{"set", "site", b.site,
		fmt.Sprintf("/%sbindings.[protocol='%s',bindingInformation='%s']", sign, b.protocol, b.binding)}}}
}

func (b siteBinding) restore(current, found string) []Command { return b.change(current, found) }

func (siteBinding) accept([]Output) error { return nil }

func (b siteBinding) test(want string) string {
	count := "-gt 0"
	if want == absent {
		count = "-eq 0"
	}
	return fmt.Sprintf("@(Get-WebBinding -Name %s -Protocol %s | Where-Object { $_.bindingInformation -in %s }).Count %s",
		quote.PowerShell(b.site), b.protocol, strings.Join([]string{quote.PowerShell(b.binding),
			quote.PowerShell(strings.TrimPrefix(b.binding, "*"))}, ", "), count)
}

func (b siteBinding) script(want string) string {
	if want == absent {
		return fmt.Sprintf("Remove-WebBinding -Name %s -Protocol %s -IPAddress '*' -Port %s -HostHeader ''",
			quote.PowerShell(b.site), b.protocol, strings.Trim(b.binding, "*:"))
	}
	script := fmt.Sprintf("New-WebBinding -Name %s -Protocol %s -IPAddress '*' -Port %s -HostHeader ''",
		quote.PowerShell(b.site), b.protocol, strings.Trim(b.binding, "*:"))
	if b.protocol == "https" {
		script += " -SslFlags 0"
	}
	return script
}
