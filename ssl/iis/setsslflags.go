package iis

import (
	"errors"
	"fmt"
	"strings"
)

// SetSSLFlags makes system.webServer/security/access sslFlags of one place come to exactly Flags: flags that are not given are taken
// away. Where the place states the section, its value is changed; else the section is added to a location of that path, or to a new
// one at the end. A requirement is taken away by stating None, so that one inherited from outside ends as well.
type SetSSLFlags struct {
	// Path is the site's name, then a slash and the path of an application, virtual directory or folder, for example
	// "WSUS Administration/ClientWebService"; empty for the whole server.
	Path  string   `json:"path"`
	Flags SSLFlags `json:"sslFlags"`
}

// maxPath is the longest path of an edit in bytes; a physical path of Windows has less.
const maxPath = 1024

// String says what is done.
func (e SetSSLFlags) String() string {
	if e.Path == "" {
		return fmt.Sprintf("set sslFlags of the whole server to %s", e.Flags)
	}
	return fmt.Sprintf("set sslFlags of %s to %s", e.Path, e.Flags)
}

func (e SetSSLFlags) apply(c *Config) ([]splice, error) {
	path, err := e.place(c)
	if err != nil {
		return nil, err
	}
	stated, err := c.accessStated(path)
	if err != nil {
		return nil, err
	}
	if now, err := c.Access(path); err != nil {
		return nil, err
	} else if now.Flags == e.Flags {
		return nil, nil
	}
	if err := c.lockedAccess(path); err != nil {
		return nil, err
	}
	if stated != nil {
		return c.set(stated.section, "sslFlags", e.Flags.String()), nil
	}
	access := newElement{name: "access", attrs: []newAttribute{{"sslFlags", e.Flags.String()}}}
	return []splice{c.insertAccess(path, access)}, nil
}

func (e SetSSLFlags) holds(c *Config) error {
	path, err := e.place(c)
	if err != nil {
		return err
	}
	now, err := c.Access(path)
	if err == nil && now.Flags != e.Flags {
		err = fmt.Errorf("sslFlags of %s come to %s", path, now.Flags)
	}
	return err
}

// place checks the edit and returns its path with the site's name as the configuration spells it.
func (e SetSSLFlags) place(c *Config) (string, error) {
	if known := Ssl | SslNegotiateCert | SslRequireCert | Ssl128; e.Flags&^known != 0 {
		return "", fmt.Errorf("%d is no sum of SSL flags: IIS knows Ssl 8, SslNegotiateCert 32, SslRequireCert 64 and Ssl128 256", e.Flags)
	}
	if err := writable("path", e.Path); err != nil {
		return "", err
	}
	if len(e.Path) > maxPath {
		return "", fmt.Errorf("a path has at most %d bytes, and this one %d", maxPath, len(e.Path))
	}
	if strings.Contains(e.Path, "//") || strings.Contains(e.Path, `\`) {
		return "", errors.New("a path is the site's name and single slashes, for example WSUS Administration/Content")
	}
	path := cleanPlace(e.Path)
	if path == "" {
		return "", nil
	}
	name, rest, below := strings.Cut(path, "/")
	site, err := c.siteElement(name)
	if err != nil {
		return "", err
	}
	a, _ := site.attr("name")
	if below {
		return a.value + "/" + rest, nil
	}
	return a.value, nil
}

// insertAccess adds the section to the element for the place that has most of the way to it, or makes a location.
func (c *Config) insertAccess(path string, access newElement) splice {
	var parent *element
	depth := -1
	for _, h := range c.holders(path) {
		// What a location says about what is below holds for every section in it: access must not fall under it by the way.
		if h != c.root && !c.accessRegistered().AllowLocation {
			continue
		}
		if mode, _ := overrideMode(h); !strings.EqualFold(mode, "Inherit") || !(statement{holder: h}).inherited() {
			continue
		}
		e, n := h, 0
		for n < len(accessSection)-1 && e.child(accessSection[n]) != nil {
			e, n = e.child(accessSection[n]), n+1
		}
		if n > depth {
			parent, depth = e, n
		}
	}
	wrapped := access
	for n := len(accessSection) - 2; n >= max(depth, 0); n-- {
		wrapped = newElement{name: accessSection[n], children: []newElement{wrapped}}
	}
	if parent == nil {
		parent = c.root
		wrapped = newElement{name: "location", attrs: []newAttribute{{"path", path}}, children: []newElement{wrapped}}
	}
	return c.insert(parent, wrapped)
}
