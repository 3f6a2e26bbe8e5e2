package iis

// Access is what system.webServer/security/access comes to at one place of a site.
type Access struct {
	// Path is the place: the site's name, then a slash and the path of an application or folder.
	Path  string
	Flags SSLFlags
	// From is the statement that decides, the zero Source when it is the schema's default.
	From Source
	// Locked says that a web.config at that place must not state the section: the server would answer 500.19.
	Locked bool
}

// Source is where a value is stated.
type Source struct {
	// File is empty for applicationHost.config, else the web.config that states it.
	File string
	// Location is the path of the location element, empty outside of one and for path="." and path="".
	Location string
	Line     int
}
