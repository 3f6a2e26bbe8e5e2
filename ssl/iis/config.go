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
}

// Parse reads an applicationHost.config of at most MaxBytes, in UTF-8 or in UTF-16 with byte order mark. Where the file is not
// the XML that IIS reads, the error is a [*SyntaxError].
func Parse(data []byte) (*Config, error) {
	c, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return c, nil
}

func parse(data []byte) (*Config, error) {
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
	if ns, ok := root.attr("xmlns"); ok && ns.value != "" {
		return nil, errorAt(text, root.start, "<configuration> is in the namespace %q; it must be in none", ns.value)
	}
	return &Config{raw: raw, text: text, encoding: enc, root: root}, nil
}

// Bytes returns the file as it was parsed, byte for byte.
func (c *Config) Bytes() []byte { return bytes.Clone(c.raw) }
