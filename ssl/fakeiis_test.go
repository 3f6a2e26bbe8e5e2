package ssl_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

const (
	fakeName   = "wsus01.lab.example"
	thumbprint = "00112233445566778899AABBCCDDEEFF00112233"
	oldThumb   = "FFEEDDCCBBAA99887766554433221100FFEEDDCC"
	toolPath   = `C:\Program Files\Update Services\Tools\WsusUtil.exe`
	wsusSite   = "WSUS Administration"
	setupPath  = `HKLM\SOFTWARE\Microsoft\Update Services\Server\Setup`
)

// fakeIIS is a Windows server with IIS and WSUS as far as the commands of plans reach it, made from the documentation of appcmd, netsh,
// reg and WsusUtil. It speaks German, so that nobody can rely on what tools say.
type fakeIIS struct {
	site     string
	flags    map[string]string // place in lower case: what is stated there
	bindings []string          // protocol/information
	sslFlags map[string]string // of bindings that have some
	attached map[string]string // endpoint: thumbprint id store
	store    []string
	registry map[string]string // name: TYPE data
	// iis and service are the address in the registry when IIS and the WSUS service were started.
	iis, service string

	commands []ssl.Command
	changes  int // commands that changed something
	health   int
}

// untouched is a server after set-up: both bindings, no certificate, nothing required.
func untouched() *fakeIIS {
	f := &fakeIIS{
		site:     wsusSite,
		flags:    map[string]string{},
		sslFlags: map[string]string{},
		bindings: []string{"http/*:8530:", "https/*:8531:"},
		attached: map[string]string{"0.0.0.0:8172": oldThumb + " {00000000-0000-0000-0000-000000000000} MY"},
		store:    []string{thumbprint, oldThumb},
		registry: map[string]string{
			"TargetDir": `REG_SZ C:\Program Files\Update Services\`, "UsingSSL": "REG_DWORD 0x0", "PortNumber": "REG_DWORD 0x2152"},
	}
	f.iis, f.service = f.address(), f.address()
	return f
}

func (f *fakeIIS) address() string {
	return f.registry["UsingSSL"] + "," + f.registry["PortNumber"] + "," + f.registry["ServerCertificateName"]
}

// state is what matters of the server, for comparison: what flags come to, not where they stand.
func (f *fakeIIS) state() map[string]string {
	state := map[string]string{"iis": f.iis, "service": f.service, "site": f.effective(f.site)}
	for _, root := range ssl.Roots() {
		state[root.Name] = f.effective(f.site + "/" + root.Name)
	}
	bindings := slices.Sorted(slices.Values(f.bindings))
	state["bindings"] = strings.Join(bindings, " ")
	for binding, flags := range f.sslFlags {
		state["flags "+binding] = flags
	}
	for endpoint, entry := range f.attached {
		state["attached "+endpoint] = entry
	}
	for name, value := range f.registry {
		state["registry "+name] = value
	}
	return state
}

func (f *fakeIIS) clone() *fakeIIS {
	c := *f
	c.sslFlags = maps.Clone(f.sslFlags)
	c.flags, c.attached, c.registry = maps.Clone(f.flags), maps.Clone(f.attached), maps.Clone(f.registry)
	c.bindings, c.store, c.commands = slices.Clone(f.bindings), slices.Clone(f.store), nil
	return &c
}

func (f *fakeIIS) effective(place string) string {
	for place = strings.ToLower(place); ; {
		if stated, ok := f.flags[place]; ok {
			return stated
		}
		up := strings.LastIndex(place, "/")
		if up < 0 {
			return "None"
		}
		place = place[:up]
	}
}

func (f *fakeIIS) Run(ctx context.Context, c ssl.Command) (ssl.Output, error) {
	if err := ctx.Err(); err != nil {
		return ssl.Output{}, err
	}
	f.commands = append(f.commands, c)
	if len(c.Args) > 1 && slices.Contains([]string{"list", "query", "show"}, c.Args[min(1, strings.Index(c.Name, "netsh")+1)]) {
		return f.dispatch(c), nil
	}
	before := f.state()
	out := f.dispatch(c)
	if !maps.Equal(before, f.state()) {
		f.changes++
	}
	return out, nil
}

func (f *fakeIIS) dispatch(c ssl.Command) ssl.Output {
	switch c.Name {
	case ssl.DefaultAppcmdPath:
		return f.appcmd(c.Args)
	case "netsh.exe":
		return f.netsh(c.Args)
	case "reg.exe":
		return f.reg(c.Args)
	case toolPath:
		return f.wsusutil(c.Args)
	case "iisreset.exe":
		f.iis = f.address()
		return said("Internetdienste wurden neu gestartet.")
	case "powershell.exe":
		return f.powershell(c.Args)
	}
	return failed(9009, "Der Befehl ist falsch geschrieben: "+c.Name)
}

func said(format string, args ...any) ssl.Output {
	return ssl.Output{Stdout: []byte(strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\r\n") + "\r\n")}
}

func failed(code int, text string) ssl.Output {
	return ssl.Output{Stdout: []byte(text + "\r\n"), ExitCode: code}
}

var bindingArgument = regexp.MustCompile(`^/([+-]?)bindings\.\[protocol='(https?)',bindingInformation='([^']+)'\](?:\.sslFlags:([0-9]+))?$`)

func (f *fakeIIS) appcmd(args []string) ssl.Output {
	if len(args) < 3 {
		return failed(87, "Falsche Syntax")
	}
	place, inside := args[2], strings.EqualFold(args[2], f.site) || strings.HasPrefix(strings.ToLower(args[2]), strings.ToLower(f.site)+"/")
	if !inside {
		return failed(1, `FEHLER ( message:Objekt "`+place+`" nicht gefunden. )`)
	}
	section := len(args) > 3 && args[3] == "-section:system.webServer/security/access"
	switch {
	case args[0] == "list" && args[1] == "config" && section && len(args) == 4:
		return said("<system.webServer>\n  <security>\n    <access flags=\"Script, Read\" sslFlags=\"%s\" />\n  </security>\n</system.webServer>",
			strings.ReplaceAll(f.effective(place), ",", ", "))
	case args[0] == "set" && args[1] == "config" && section && len(args) == 6 && args[5] == "-commit:apphost":
		value, ok := strings.CutPrefix(args[4], "-sslFlags:")
		if !ok || strings.Contains(value, " ") {
			return failed(87, "Falsche Syntax")
		}
		f.flags[strings.ToLower(place)] = value
		return said("Konfigurationsänderungen wurden angewendet")
	case args[0] == "list" && args[1] == "site" && len(args) == 4 && args[3] == "/config":
		return said("%s", f.siteXML())
	case args[0] == "set" && args[1] == "site" && len(args) == 4:
		return f.setBinding(args[3])
	}
	return failed(87, "Falsche Syntax")
}

func (f *fakeIIS) siteXML() string {
	var b strings.Builder
	b.WriteString(`<site name="`)
	xml.EscapeText(&b, []byte(f.site))
	b.WriteString("\" id=\"1290455101\">\n  <bindings>\n")
	for _, binding := range f.bindings {
		protocol, information, _ := strings.Cut(binding, "/")
		flags := f.sslFlags[binding]
		if flags == "" {
			flags = "0"
		}
		fmt.Fprintf(&b, "    <binding protocol=\"%s\" bindingInformation=\"%s\" sslFlags=\"%s\" />\n", protocol, information, flags)
	}
	return b.String() + "  </bindings>\n</site>"
}

func (f *fakeIIS) setBinding(argument string) ssl.Output {
	match := bindingArgument.FindStringSubmatch(argument)
	if match == nil {
		return failed(87, "Falsche Syntax")
	}
	binding := match[2] + "/" + match[3]
	at := slices.Index(f.bindings, binding)
	switch {
	case (match[1] == "") != (match[4] != ""):
		return failed(87, "Falsche Syntax")
	case match[1] == "" && at >= 0:
		f.sslFlags[binding] = match[4]
		if match[4] == "0" {
			delete(f.sslFlags, binding)
		}
	case match[1] == "+" && at >= 0:
		return failed(183, "FEHLER ( message:Doppeltes Element )")
	case match[1] == "+":
		f.bindings = append(f.bindings, binding)
	case at < 0:
		return failed(1168, "FEHLER ( message:Element nicht gefunden )")
	default:
		f.bindings = slices.Delete(f.bindings, at, at+1)
		delete(f.sslFlags, binding)
	}
	return said(`SITE-Objekt "%s" geändert`, f.site)
}

func (f *fakeIIS) netsh(args []string) ssl.Output {
	if len(args) < 4 || args[0] != "http" || args[2] != "sslcert" {
		return failed(1, "Der Parameter ist falsch.")
	}
	values := map[string]string{}
	for _, arg := range args[3:] {
		name, value, _ := strings.Cut(arg, "=")
		values[name] = value
	}
	endpoint := values["ipport"] + values["hostnameport"]
	if _, err := netip.ParseAddrPort(endpoint); (err == nil) != (values["ipport"] != "") {
		return failed(87, "Der Parameter ist falsch.")
	}
	entry, ok := f.attached[endpoint]
	switch {
	case args[1] == "add" && ok:
		return failed(1, "Fehler: 183, Eine Datei kann nicht erstellt werden, wenn sie bereits vorhanden ist.")
	case args[1] == "add" && !slices.Contains(f.store, strings.ToUpper(values["certhash"])):
		return failed(1, "Fehler: 1312, Eine angegebene Anmeldesitzung ist nicht vorhanden.")
	case args[1] == "add":
		f.attached[endpoint] = values["certhash"] + " " + values["appid"] + " " + values["certstorename"]
		return said("SSL-Zertifikat erfolgreich hinzugefügt.")
	case !ok:
		return failed(1, "Das System kann die angegebene Datei nicht finden.")
	case args[1] == "delete":
		delete(f.attached, endpoint)
		return said("SSL-Zertifikat erfolgreich gelöscht.")
	case args[1] == "show":
		parts := strings.Fields(entry)
		return said("\nSSL-Zertifikatbindungen:\n------------------------\n\n    IP:Port                      : %s\n"+
			"    Zertifikathash               : %s\n    Anwendungs-ID                : %s\n    Zertifikatspeichername       : %s\n"+
			"    Clientzertifikatsperre       : Aktiviert\n    Steuerelement-ID             : (null)",
			endpoint, strings.ToLower(parts[0]), parts[1], parts[2])
	}
	return failed(1, "Der Parameter ist falsch.")
}

func (f *fakeIIS) reg(args []string) ssl.Output {
	if len(args) < 4 || args[1] != setupPath || args[2] != "/v" {
		return failed(1, "FEHLER: Ungültige Syntax.")
	}
	name := args[3]
	value, ok := f.registry[name]
	switch {
	case args[0] == "query" && ok && len(args) == 4:
		kind, data, _ := strings.Cut(value, " ")
		return said("\nHKEY_LOCAL_MACHINE%s\n    %s    %s    %s\n", strings.TrimPrefix(setupPath, "HKLM"), name, kind, data)
	case args[0] == "add" && len(args) == 9 && args[4] == "/t" && args[6] == "/d" && args[8] == "/f":
		f.registry[name] = args[5] + " " + args[7]
		return said("Der Vorgang wurde erfolgreich beendet.")
	case args[0] == "delete" && ok && len(args) == 5 && args[4] == "/f":
		delete(f.registry, name)
		return said("Der Vorgang wurde erfolgreich beendet.")
	}
	return failed(1, "FEHLER: Der angegebene Registrierungsschlüssel oder Wert wurde nicht gefunden.")
}

// wsusutil reads the site as it is: only a binding with a certificate and a client root that requires SSL make a secured address.
func (f *fakeIIS) wsusutil(args []string) ssl.Output {
	if len(args) == 1 && args[0] == "checkhealth" {
		f.health++
		return said("Überprüfung gestartet.")
	}
	if len(args) != 2 || args[0] != "configuressl" {
		return failed(1, "Unbekannter Befehl")
	}
	pair := f.ports()
	_, attached := f.attached[fmt.Sprintf("0.0.0.0:%d", pair.HTTPS)]
	f.registry["ServerCertificateName"] = "REG_SZ " + args[1]
	if pair.HTTPS == 0 || !attached || !strings.Contains(f.effective(f.site+"/ClientWebService"), "Ssl") {
		f.registry["UsingSSL"], f.registry["PortNumber"] = "REG_DWORD 0x0", fmt.Sprintf("REG_DWORD 0x%x", pair.HTTP)
		return said("URL: http://%s:%d", args[1], pair.HTTP)
	}
	f.registry["UsingSSL"], f.registry["PortNumber"] = "REG_DWORD 0x1", fmt.Sprintf("REG_DWORD 0x%x", pair.HTTPS)
	return said("URL: https://%s:%d", args[1], pair.HTTPS)
}

// ports are those of the bindings; of several the last counts, as it was added last.
func (f *fakeIIS) ports() (pair ports.Pair) {
	for _, binding := range f.bindings {
		if n, _ := fmt.Sscanf(binding, "http/*:%d:", &pair.HTTP); n == 0 {
			fmt.Sscanf(binding, "https/*:%d:", &pair.HTTPS)
		}
	}
	return pair
}

var storeQuestion = regexp.MustCompile(`Thumbprint -eq '([0-9A-F]{40})'`)

func (f *fakeIIS) powershell(args []string) ssl.Output {
	script := args[len(args)-1]
	if match := storeQuestion.FindStringSubmatch(script); match != nil {
		if slices.Contains(f.store, match[1]) {
			return ssl.Output{}
		}
		return ssl.Output{ExitCode: 3}
	}
	if strings.HasPrefix(script, "Restart-Service -Name WsusService ") {
		f.service = f.address()
		return ssl.Output{}
	}
	return failed(1, "Die Benennung wurde nicht als Name eines Cmdlets erkannt.")
}
