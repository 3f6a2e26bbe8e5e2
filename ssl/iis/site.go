package iis

import "slices"

// Site is one web site of system.applicationHost/sites. What it does not state itself is that of siteDefaults, else of the schema.
type Site struct {
	Name            string
	ID              uint32
	ServerAutoStart bool
	Applications    []Application
	Bindings        []Binding
	// Line is where it stands in the file, counted from 1.
	Line int
}

// Application is an application of a site. Path begins with a slash; "/" is the root application, which every site has.
type Application struct {
	Path string
	// Pool is its own application pool, else that of applicationDefaults, else DefaultAppPool.
	Pool string
	// EnabledProtocols has commas between them, for example "http,net.tcp".
	EnabledProtocols   string
	VirtualDirectories []VirtualDirectory
	Line               int
}

// VirtualDirectory is a folder of an application, at Path below the application's own; "/" is the application's own folder.
type VirtualDirectory struct {
	Path string
	// PhysicalPath is as it stands in the file, with environment variables such as %SystemDrive% not replaced.
	PhysicalPath string
	// AllowSubDirConfig says that web.config files of the folders below are read as well.
	AllowSubDirConfig bool
	Line              int
}

// Sites returns the web sites in the order of the file. They are the caller's own.
func (c *Config) Sites() []Site {
	sites := make([]Site, len(c.sites))
	for i, site := range c.sites {
		sites[i] = site.clone()
	}
	return sites
}

// Site returns the web site of a name, which is compared without regard to case.
func (c *Config) Site(name string) (Site, bool) {
	i := slices.IndexFunc(c.sites, func(s Site) bool { return sameName(s.Name, name) })
	if i < 0 {
		return Site{}, false
	}
	return c.sites[i].clone(), true
}

func (s Site) clone() Site {
	s.Bindings = slices.Clone(s.Bindings)
	s.Applications = slices.Clone(s.Applications)
	for i, app := range s.Applications {
		s.Applications[i].VirtualDirectories = slices.Clone(app.VirtualDirectories)
	}
	return s
}
