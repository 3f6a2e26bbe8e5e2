package iis

import "strings"

// Outline writes the elements of a configuration in document order, each with its attributes and, for a start, where it stands.
func (c *Config) Outline() []string {
	var out []string
	c.root.each(func(e *element) bool {
		line := "<" + e.name
		for _, a := range e.attrs {
			line += "\n" + a.name + "=" + a.value
		}
		out = append(out, line)
		return true
	})
	return out
}

// Places returns what stands at the places that the elements keep: start tags, raw attributes and end tags.
func (c *Config) Places() []string {
	var out []string
	c.root.each(func(e *element) bool {
		out = append(out, string(c.text[e.start:e.openEnd]))
		for _, a := range e.attrs {
			quote := string(a.quote)
			out = append(out, string(c.text[a.start:a.end]), a.name+"|"+quote+string(c.text[a.valueStart:a.valueEnd])+quote)
		}
		out = append(out, string(c.text[e.closeStart:e.end]))
		return true
	})
	return out
}

// Reencoded writes the text of a configuration anew in its encoding.
func (c *Config) Reencoded() []byte { return c.encoding.encode(c.text) }

// Text is the file as UTF-8 without byte order mark.
func (c *Config) Text() string { return strings.Clone(string(c.text)) }
