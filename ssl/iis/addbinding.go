package iis

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// AddBinding makes a site have a binding, as its last one. A binding of the same protocol and information that is there already
// gets the SSL flags of the wish.
type AddBinding struct {
	Site string `json:"site"`
	// Binding needs a Protocol and either Information or, for http and https, Port with Address and Host as wanted.
	Binding Binding `json:"binding"`
}

// String says what is done.
func (e AddBinding) String() string {
	information, _ := e.Binding.information()
	return fmt.Sprintf("add the binding %s %s to the site %s", e.Binding.Protocol, information, e.Site)
}

func (e AddBinding) apply(c *Config) ([]splice, error) {
	information, err := e.Binding.information()
	if err != nil {
		return nil, err
	}
	site, err := c.siteElement(e.Site)
	if err != nil {
		return nil, err
	}
	bindings, err := bindingsOf(site)
	if err != nil || e.holds(c) == nil {
		return nil, err
	}
	for _, b := range bindingElements(bindings) {
		if isBinding(b, e.Binding.Protocol, information) {
			return c.setBindingFlags(b, e.Binding.SSLFlags), nil
		}
	}
	add := newElement{name: "binding", attrs: []newAttribute{{"protocol", e.Binding.Protocol}, {"bindingInformation", information}}}
	if e.Binding.SSLFlags != 0 {
		add.attrs = append(add.attrs, newAttribute{"sslFlags", strconv.FormatUint(uint64(e.Binding.SSLFlags), 10)})
	}
	if bindings == nil {
		return []splice{c.insert(site, newElement{name: "bindings", children: []newElement{add}})}, nil
	}
	return []splice{c.insert(bindings, add)}, nil
}

func (e AddBinding) holds(c *Config) error {
	information, err := e.Binding.information()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(c.bindings(e.Site), func(b Binding) bool {
		return sameBinding(b.Protocol, b.Information, e.Binding.Protocol, information) && b.SSLFlags == e.Binding.SSLFlags
	}) {
		return errors.New("the site does not come to have the binding")
	}
	return nil
}

// bindings returns those of a site as the configuration is read.
func (c *Config) bindings(site string) []Binding {
	for _, s := range c.Sites() {
		if strings.EqualFold(s.Name, site) {
			return s.Bindings
		}
	}
	return nil
}

// setBindingFlags changes the flags of a binding that is there; absent means 0.
func (c *Config) setBindingFlags(b *element, flags uint32) []splice {
	a, ok := b.attr("sslFlags")
	if now, err := strconv.ParseUint(a.value, 10, 32); err == nil && uint32(now) == flags || !ok && flags == 0 {
		return nil
	}
	return c.set(b, "sslFlags", strconv.FormatUint(uint64(flags), 10))
}

// information checks a binding to be written and returns its bindingInformation, composed of the parts when it is empty.
func (b Binding) information() (string, error) {
	if err := writable("protocol", b.Protocol); err != nil {
		return "", err
	}
	if b.Protocol == "" || strings.ContainsAny(b.Protocol, " /") {
		return "", fmt.Errorf("a binding needs a protocol, for example https, and has %q", b.Protocol)
	}
	information := b.Information
	if information == "" {
		address, ip := b.Address, netip.Addr{}
		if address == "" {
			address = "*"
		}
		if ip, _ = netip.ParseAddr(address); ip.Is6() {
			address = "[" + address + "]"
		}
		information = fmt.Sprintf("%s:%d:%s", address, b.Port, b.Host)
	}
	if err := writable("bindingInformation", information); err != nil {
		return "", err
	}
	read, err := ParseBinding(b.Protocol, information)
	if err == nil && strings.Contains(read.Address, ":") && !strings.HasPrefix(information, "[") {
		err = fmt.Errorf("bindingInformation %q: an IPv6 address is written in brackets", information)
	}
	return information, err
}

// cutInformation splits address:port:host from the right, so that IPv6 addresses survive.
func cutInformation(information string) (address, port, host string, ok bool) {
	last := strings.LastIndexByte(information, ':')
	if last < 0 {
		return "", "", "", false
	}
	before := strings.LastIndexByte(information[:last], ':')
	if before < 0 {
		return "", "", "", false
	}
	return information[:before], information[before+1 : last], information[last+1:], true
}

func isHTTP(protocol string) bool {
	return strings.EqualFold(protocol, "http") || strings.EqualFold(protocol, "https")
}
