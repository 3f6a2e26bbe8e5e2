package iis

import (
	"bytes"
	"fmt"
)

// Config is one parsed applicationHost.config. It is immutable and safe for concurrent use.
type Config struct {
	raw      []byte // the file
	text     []byte // the file as UTF-8, without byte order mark
	encoding encoding
	root     *element // configuration

	sites []Site
	pools []AppPool
}

// Parse reads an applicationHost.config of at most MaxBytes, in UTF-8 or in UTF-16 with byte order mark. Where the file is not the
// XML that IIS reads, the error is a [*SyntaxError]. Where sites or application pools state what makes IIS refuse the file, it is a
// *multierror.Error with a [*ConflictError] for each fault, up to 100. What the error says never has a password in it.
func Parse(data []byte) (*Config, error) {
	c, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return c, nil
}

func parse(data []byte) (*Config, error) {
	c, err := parseDocument(data)
	if err != nil {
		return nil, err
	}
	r := &reading{doc: c}
	c.sites, c.pools = r.sites(), r.pools()
	if err := r.faults.ErrorOrNil(); err != nil {
		return nil, err
	}
	return c, nil
}

// parseDocument reads a file of IIS's configuration without looking at its sections.
func parseDocument(data []byte) (*Config, error) {
	c, err := parseRoot(data)
	if err != nil {
		return nil, err
	}
	if ns, ok := c.root.attr("xmlns"); ok && ns.value != "" {
		return nil, errorAt(c.text, ns.start, "<configuration> is in the namespace %q: it must be in none", ns.value)
	}
	return c, nil
}

func parseRoot(data []byte) (*Config, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("the file has more than %d bytes", MaxBytes)
	}
	raw := bytes.Clone(data)
	text, enc, err := decode(raw)
	if err != nil {
		return nil, err
	}
	root, err := scan(text, enc)
	if err != nil {
		return nil, err
	}
	if root.name != "configuration" {
		return nil, errorAt(text, root.start, "the root element is <%s>, not <configuration>: this is a fragment or another file", root.name)
	}
	return &Config{raw: raw, text: text, encoding: enc, root: root}, nil
}

// Bytes returns the file as it was parsed, byte for byte.
func (c *Config) Bytes() []byte { return bytes.Clone(c.raw) }

// Format writes a summary whatever the verb, so that no log gets the passwords of the file.
func (c Config) Format(state fmt.State, _ rune) {
	fmt.Fprintf(state, "IIS configuration, sites: %d", len(c.sites))
}
