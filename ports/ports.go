package ports

import "strconv"

// Pair is the HTTP and the HTTPS port of one WSUS web site. The zero value means "not given", which a software update
// point refuses: there is no default.
type Pair struct {
	HTTP  int `json:"http"`
	HTTPS int `json:"https"`
}

// The two pairs that WSUS set-up makes. They are values to write down, never fallbacks.
var (
	// Default is the pair of IIS's default web site.
	Default = Pair{HTTP: 80, HTTPS: 443}
	// Custom is the pair of a web site of WSUS's own, the usual one since Windows Server 2012.
	Custom = Pair{HTTP: 8530, HTTPS: 8531}
)

// IsZero says that no port was given at all.
func (p Pair) IsZero() bool { return p == Pair{} }

// String writes the pair as HTTP/HTTPS, for example 8530/8531.
func (p Pair) String() string { return strconv.Itoa(p.HTTP) + "/" + strconv.Itoa(p.HTTPS) }
