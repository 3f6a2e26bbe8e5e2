package ports

import (
	"fmt"
	"slices"
	"strings"
)

// Mismatch is one difference between the ports that a software update point was told and those that its web site binds.
type Mismatch struct {
	Kind Kind `json:"kind"`
	// Port is the port concerned, 0 when it is none in particular.
	Port int `json:"port,omitempty"`
	// Cause says what is wrong, with the values seen.
	Cause string `json:"cause"`
	// Remedy says what an administrator does about it.
	Remedy string `json:"remedy"`
}

// Compare compares the pair that a software update point was told with what the web site of WSUS binds; https says that SSL is
// required. Without it a site needs no HTTPS binding, but one that is there must have the port that was told. The answer is nil when
// all agrees. The order is fixed: the pair, HTTP, HTTPS, and who is kept out.
func Compare(told Pair, https bool, bound []Bound) []Mismatch {
	c := comparison{told: told, required: https, http: withScheme(bound, "http"), https: withScheme(bound, "https")}
	c.comparePorts()
	c.judgeReach("http", c.http, told.HTTP)
	c.judgeReach("https", c.https, told.HTTPS)
	return c.found
}

// comparison holds the bindings by scheme while they are compared.
type comparison struct {
	told        Pair
	required    bool
	http, https []Bound
	found       []Mismatch
}

func withScheme(bound []Bound, scheme string) []Bound {
	var out []Bound
	for _, b := range bound {
		if strings.EqualFold(b.Scheme, scheme) && b.Port != 0 {
			out = append(out, b)
		}
	}
	return out
}

func (c *comparison) add(kind Kind, port int, cause, remedy string) {
	c.found = append(c.found, Mismatch{Kind: kind, Port: port, Cause: cause, Remedy: remedy})
}

func (c *comparison) comparePorts() {
	site := Pair{HTTP: firstPort(c.http), HTTPS: firstPort(c.https)}
	switch {
	case c.told.IsZero():
		c.add(PortsNotGiven, 0, "the software update point was told no ports, and there is no default",
			"tell it the ports that the web site of WSUS binds"+ifValid(": ", site))
		return
	case site.IsZero():
		c.add(NothingBound, 0, "the web site has no binding for http or https with a port",
			fmt.Sprintf("add the bindings http on port %d and https on port %d to the web site of WSUS, for all addresses and without host name",
				c.told.HTTP, c.told.HTTPS))
		return
	}
	if err := c.told.Validate(); err != nil {
		c.add(PortsNotPaired, 0, fmt.Sprintf("the software update point was told %v, and WSUS derives one port from the other: %s%s",
			c.told, rule, c.oddity()), "bind and tell a pair that keeps the rule: "+suggest(c.told)+"; then run WSUSUtil configuressl again")
	}
	httpHere, httpsHere := hasPort(c.http, c.told.HTTP), hasPort(c.https, c.told.HTTPS)
	switch {
	case !httpHere && !httpsHere && hasPort(c.https, c.told.HTTP) && hasPort(c.http, c.told.HTTPS):
		c.add(SwappedBindings, 0, fmt.Sprintf("the web site binds https to port %d and http to port %d", c.told.HTTP, c.told.HTTPS),
			fmt.Sprintf("bind http to port %d and https, with the certificate, to port %d; then run WSUSUtil configuressl again",
				c.told.HTTP, c.told.HTTPS))
		return
	case !httpHere && !httpsHere && site.HTTP != 0 && site.HTTPS != 0 && !c.crossed():
		c.add(PortsDiffer, 0, fmt.Sprintf("the web site binds %v, and the software update point was told %v", site, c.told), c.otherPair(site))
		return
	}
	if !httpHere {
		c.judgeHTTP(httpsHere)
	}
	if !httpsHere {
		c.judgeHTTPS()
	}
	c.judgeSeveral()
}

// oddity explains the two pairs of neighbours that are none: each keeps the rule from one side only.
func (c *comparison) oddity() string {
	switch c.told {
	case Pair{HTTP: 80, HTTPS: 81}:
		return "; HTTPS 81 would lead to HTTP 80, which belongs to 443"
	case Pair{HTTP: 442, HTTPS: 443}:
		return "; HTTP 442 would lead to HTTPS 443, which belongs to 80"
	}
	return ""
}

// crossed says that a port that was told is bound with the other scheme, which is a mismatch of its own.
func (c *comparison) crossed() bool {
	return hasPort(c.https, c.told.HTTP) || hasPort(c.http, c.told.HTTPS)
}

func (c *comparison) otherPair(site Pair) string {
	if err := site.Validate(); err != nil {
		return fmt.Sprintf("bind %v, which the software update point was told: the pair %v that is bound breaks the rule that %s", c.told, site, rule)
	}
	return fmt.Sprintf("tell the software update point the ports %v, or bind %v and run WSUSUtil configuressl again; clients need a URL with the new port",
		site, c.told)
}

func hasPort(bound []Bound, port int) bool {
	return slices.ContainsFunc(bound, func(b Bound) bool { return b.Port == port })
}

func firstPort(bound []Bound) int {
	if len(bound) == 0 {
		return 0
	}
	return bound[0].Port
}

// portsOf lists each port once, as they are bound.
func portsOf(bound []Bound) []int {
	var out []int
	for _, b := range bound {
		if !slices.Contains(out, b.Port) {
			out = append(out, b.Port)
		}
	}
	return out
}

func ifValid(before string, p Pair) string {
	if p.Validate() != nil {
		return ""
	}
	return before + p.String()
}
