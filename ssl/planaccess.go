package ssl

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/internal/quote"
)

// The places of the configuration that plans change.
const (
	accessSection = "system.webServer/security/access"
	appHost       = "MACHINE/WEBROOT/APPHOST"
)

// accessFlags is Require SSL and the client certificates of one place of a site.
type accessFlags struct{ appcmd, site, path string }

func (a accessFlags) place() string {
	if a.path == "" {
		return a.site
	}
	return a.site + "/" + a.path
}

func (a accessFlags) read() []Command {
	return []Command{{Name: a.appcmd, Args: []string{"list", "config", a.place(), "-section:" + accessSection}}}
}

// parse reads the effective flags. An access element without sslFlags has the schema's default.
func (a accessFlags) parse(outputs []Output) (string, error) {
	elements, err := listed(outputs[0], "access")
	if err != nil {
		return "", fmt.Errorf("sslFlags of %s: %w", a.place(), err)
	}
	if len(elements) != 1 {
		return "", fmt.Errorf("sslFlags of %s: %w: it has %d access elements", a.place(), errUnreadable, len(elements))
	}
	return canonicalFlags(attribute(elements[0], "sslFlags"))
}

func (accessFlags) holds(value, want string) bool { return value == want }

func (a accessFlags) change(_, want string) []Command {
	// Without the commit path the flags would go to a web.config, where the section is locked.
	return []Command{{Name: a.appcmd, Args: []string{"set", "config", a.place(),
		"-section:" + accessSection, "-sslFlags:" + want, "-commit:apphost"}}}
}

func (a accessFlags) restore(current, found string) []Command { return a.change(current, found) }

func (accessFlags) accept([]Output) error { return nil }

// test reads a value that is a string or an object with the string inside, which depends on the version of the module.
func (a accessFlags) test(want string) string {
	return "(" + strings.Join([]string{
		"Get-WebConfigurationProperty", a.where(), "-Name sslFlags |",
		"ForEach-Object { if ($_ -is [string]) { $_ } else { $_.Value } }"}, " ") +
		`) -replace ' ', '' -eq ` + quote.PowerShell(want)
}

func (a accessFlags) script(want string) string {
	return "Set-WebConfigurationProperty " + a.where() + " -Name sslFlags -Value " + quote.PowerShell(want)
}

// where names the place by -Location: with the path in -PSPath the flags would go to a web.config.
func (a accessFlags) where() string {
	return fmt.Sprintf("-PSPath '%s' -Location %s -Filter '%s'", appHost, quote.PowerShell(a.place()), accessSection)
}

// flagOrder is the order of the schema, in which IIS writes the names (IIS_schema.xml).
var flagOrder = []string{"Ssl", "SslNegotiateCert", "SslRequireCert", "Ssl128"}

var flagNumbers = []uint64{8, 32, 64, 256}

// canonicalFlags writes flags in IIS's spelling and order, without blanks. A number is spelled out; a name that the schema does not have
// stays, behind the others, so that it can be put back.
func canonicalFlags(text string) (string, error) {
	var names []string
	if number, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32); err == nil {
		for i, bit := range flagNumbers {
			if number&bit != 0 {
				names = append(names, flagOrder[i])
				number &^= bit
			}
		}
		if number != 0 {
			return "", fmt.Errorf("%w: sslFlags is %q", errUnreadable, text)
		}
	} else {
		for name := range strings.SplitSeq(text, ",") {
			name = strings.TrimSpace(name)
			if i := slices.IndexFunc(flagOrder, func(known string) bool { return strings.EqualFold(known, name) }); i >= 0 {
				name = flagOrder[i]
			}
			if name != "" && !strings.EqualFold(name, "None") && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	rank := func(name string) int {
		if i := slices.Index(flagOrder, name); i >= 0 {
			return i
		}
		return len(flagOrder)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	if len(names) == 0 {
		return "None", nil
	}
	return strings.Join(names, ","), nil
}

// maxListed is how many elements of appcmd's answer are looked at; a server's whole list of sites has fewer.
const maxListed = 100_000

// listed returns the elements of one name that appcmd printed. What it prints is like XML, in the code page of the console, which only
// names suffer from; attributes that nobody knows do no harm.
func listed(out Output, name string) ([]xml.StartElement, error) {
	if out.ExitCode != 0 {
		return nil, fmt.Errorf("appcmd ends with exit code %d: %s", out.ExitCode, excerpt(out))
	}
	decoder := xml.NewDecoder(bytes.NewReader(bytes.ToValidUTF8(out.Stdout, []byte("?"))))
	decoder.Strict = false
	var found []xml.StartElement
	for seen := 0; ; seen++ {
		token, err := decoder.Token()
		if token == nil {
			if len(found) == 0 && err != nil && seen == 0 {
				return nil, fmt.Errorf("%w: appcmd printed %q", errUnreadable, excerpt(out))
			}
			return found, nil
		}
		if seen == maxListed {
			return nil, fmt.Errorf("%w: appcmd printed more than %d elements", errUnreadable, maxListed)
		}
		if element, ok := token.(xml.StartElement); ok && element.Name.Local == name {
			found = append(found, element.Copy())
		}
	}
}

func attribute(element xml.StartElement, name string) string {
	for _, a := range element.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
