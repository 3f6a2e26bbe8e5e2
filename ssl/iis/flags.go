package iis

import (
	"fmt"
	"strconv"
	"strings"
)

// SSLFlags are the flags of system.webServer/security/access (IIS_schema.xml).
type SSLFlags uint32

// The flags. Their sum is a value; 0 is None.
const (
	// Ssl requires SSL.
	Ssl SSLFlags = 8
	// SslNegotiateCert asks for a client certificate, and serves clients without one as well.
	SslNegotiateCert SSLFlags = 32
	// SslRequireCert requires a client certificate; it is of no use without SslNegotiateCert.
	SslRequireCert SSLFlags = 64
	// Ssl128 requires a cipher of 128 bits or more; it is of no use without Ssl.
	Ssl128 SSLFlags = 256
)

// sslFlagNames are in the order of the schema, in which IIS writes them.
var sslFlagNames = [...]struct {
	flag SSLFlags
	name string
}{{Ssl, "Ssl"}, {SslNegotiateCert, "SslNegotiateCert"}, {SslRequireCert, "SslRequireCert"}, {Ssl128, "Ssl128"}}

// ParseSSLFlags reads flags as they stand in a configuration: names with commas between them, without regard to case, or numbers, as
// scripts write them. Nothing is None. The error names every flag that IIS does not know.
func ParseSSLFlags(value string) (SSLFlags, error) {
	var flags SSLFlags
	var unknown []string
	for _, name := range strings.Split(value, ",") {
		name = strings.TrimSpace(name)
		flag, ok := sslFlag(name)
		if !ok {
			unknown = append(unknown, strconv.Quote(name))
		}
		flags |= flag
	}
	if len(unknown) > 0 {
		return 0, fmt.Errorf("IIS knows no SSL flag %s: there are None, Ssl, SslNegotiateCert, SslRequireCert and Ssl128",
			strings.Join(unknown, ", "))
	}
	return flags, nil
}

func sslFlag(name string) (SSLFlags, bool) {
	if name == "" || strings.EqualFold(name, "None") {
		return 0, true
	}
	var known SSLFlags
	for _, f := range sslFlagNames {
		if strings.EqualFold(name, f.name) {
			return f.flag, true
		}
		known |= f.flag
	}
	number, err := strconv.ParseUint(name, 10, 32)
	return SSLFlags(number), err == nil && SSLFlags(number)&^known == 0
}

// String writes the flags as IIS does: in the order of the schema, with a comma and a blank between them. Bits without a name come
// last, as a number.
func (f SSLFlags) String() string {
	var names []string
	for _, known := range sslFlagNames {
		if f&known.flag != 0 {
			names = append(names, known.name)
			f &^= known.flag
		}
	}
	if f != 0 {
		names = append(names, strconv.FormatUint(uint64(f), 10))
	}
	if len(names) == 0 {
		return "None"
	}
	return strings.Join(names, ", ")
}

// MarshalText writes the flags as String does, so that JSON has them in the spelling of IIS.
func (f SSLFlags) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what ParseSSLFlags reads.
func (f *SSLFlags) UnmarshalText(text []byte) error {
	flags, err := ParseSSLFlags(string(text))
	if err == nil {
		*f = flags
	}
	return err
}
