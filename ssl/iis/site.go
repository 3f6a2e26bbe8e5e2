package iis

// Site is one web site of system.applicationHost/sites.
type Site struct {
	Name            string
	ID              uint32
	ServerAutoStart bool
	Applications    []Application
	Bindings        []Binding
}

// Application is an application of a site. Path begins with a slash; "/" is the root application, which every site has.
type Application struct {
	Path               string
	Pool               string
	EnabledProtocols   string
	VirtualDirectories []VirtualDirectory
}

// VirtualDirectory is a folder of an application, at Path below the application's own.
type VirtualDirectory struct {
	Path         string
	PhysicalPath string
}

// Binding is one binding of a site. Address, Port and Host are set for http, https and ftp, whose information is
// address:port:host; other protocols have shapes of their own and keep only Information.
type Binding struct {
	Protocol    string
	Information string
	SSLFlags    uint32
	Address     string // "" and "*" mean every address; an IPv6 address has no brackets
	Port        int
	Host        string // "" and "*" mean every name; "*.name" is a wildcard
}
