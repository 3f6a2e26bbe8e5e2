package iis

import (
	"errors"
	"fmt"
	"strings"
)

// RemoveBinding makes a site have no binding of a protocol and information. Its last binding may go too; the site then does not
// start until another is added.
//
// A binding gets another port, address or host by removing it and adding the new one in the same [Config.Apply]. The new one stands
// last then: to IIS bindings are a set, of which protocol and information are the key.
type RemoveBinding struct {
	Site     string `json:"site"`
	Protocol string `json:"protocol"`
	// Information is compared by its meaning for http and https: :80: is *:80:, and host names have no case.
	Information string `json:"information"`
}

// String says what is done.
func (e RemoveBinding) String() string {
	return fmt.Sprintf("remove the binding %s %s from the site %s", e.Protocol, e.Information, e.Site)
}

func (e RemoveBinding) apply(c *Config) ([]splice, error) {
	site, err := c.siteElement(e.Site)
	if err != nil {
		return nil, err
	}
	bindings, err := bindingsOf(site)
	if err != nil || bindings == nil {
		return nil, err
	}
	var out []splice
	for _, b := range bindings.children {
		if isBinding(b, e.Protocol, e.Information) {
			out = append(out, c.remove(b))
		}
	}
	return out, nil
}

func (e RemoveBinding) holds(c *Config) error {
	for _, b := range c.bindings(e.Site) {
		if sameBinding(b.Protocol, b.Information, e.Protocol, e.Information) {
			return errors.New("the site still comes to have the binding, from siteDefaults: remove it there")
		}
	}
	return nil
}

// bindingsOf returns the bindings element of a site, or nil. Two are an error.
func bindingsOf(site *element) (*element, error) {
	all := site.below([]string{"bindings"})
	if len(all) > 1 {
		name, _ := site.attr("name")
		return nil, &ConflictError{Place: name.value, Line: all[1].line,
			Problem: fmt.Sprintf("has a second bindings element, after line %d: put the bindings into one", all[0].line)}
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all[0], nil
}

// bindingElements are the bindings behind the last clear, which makes IIS forget those before it.
func bindingElements(bindings *element) []*element {
	if bindings == nil {
		return nil
	}
	var out []*element
	for _, b := range bindings.children {
		switch b.name {
		case "clear":
			out = nil
		case "binding":
			out = append(out, b)
		}
	}
	return out
}

func isBinding(e *element, protocol, information string) bool {
	p, _ := e.attr("protocol")
	i, _ := e.attr("bindingInformation")
	return e.name == "binding" && sameBinding(p.value, i.value, protocol, information)
}

// sameBinding compares bindings by their key in IIS, and those of http and https by what the key means.
func sameBinding(protocol, information, otherProtocol, otherInformation string) bool {
	if !strings.EqualFold(protocol, otherProtocol) {
		return false
	}
	if isHTTP(protocol) {
		information, otherInformation = plainInformation(information), plainInformation(otherInformation)
	}
	return strings.EqualFold(information, otherInformation)
}

// plainInformation writes an absent address or host as IIS Manager does: *:80: for :80:*.
func plainInformation(information string) string {
	address, port, host, ok := cutInformation(information)
	if !ok {
		return information
	}
	if address == "" {
		address = "*"
	}
	if host == "*" {
		host = ""
	}
	return address + ":" + port + ":" + host
}
