package iis

import "strings"

// Folder is what answers at a path of a site: an application, and of that the virtual directory that leads to the folder.
type Folder struct {
	Application      Application
	VirtualDirectory VirtualDirectory
	// Below is the way below the virtual directory, without slashes around it; empty at the virtual directory itself.
	Below string
}

// IsApplication says that the path is that of an application.
func (f Folder) IsApplication() bool { return f.Below == "" && f.VirtualDirectory.Path == "/" }

// IsVirtualDirectory says that the path is that of a virtual directory within an application.
func (f Folder) IsVirtualDirectory() bool { return f.Below == "" && f.VirtualDirectory.Path != "/" }

// PhysicalPath is the folder on the disk as the file says it, with environment variables not replaced.
func (f Folder) PhysicalPath() string {
	if f.Below == "" {
		return f.VirtualDirectory.PhysicalPath
	}
	return strings.TrimRight(f.VirtualDirectory.PhysicalPath, `\/`) + `\` + strings.ReplaceAll(f.Below, "/", `\`)
}

// Folder says what answers at a path of the site such as "/ClientWebService": the application, then the virtual directory, whose path
// reaches furthest. Paths are compared without regard to case. False means that the site has no application for the path.
func (s Site) Folder(path string) (Folder, bool) {
	var found Folder
	reach, matched := -1, false
	for _, app := range s.Applications {
		if below, ok := under(path, app.Path); ok && len(app.Path) > reach {
			found, matched = app.folder("/"+below), true
			reach = len(app.Path)
		}
	}
	return found, matched
}

// folder finds the virtual directory for a path below the application.
func (a Application) folder(path string) Folder {
	found := Folder{Application: a, VirtualDirectory: VirtualDirectory{Path: "/"}, Below: strings.Trim(path, "/")}
	reach := -1
	for _, dir := range a.VirtualDirectories {
		if below, ok := under(path, dir.Path); ok && len(dir.Path) > reach {
			found.VirtualDirectory, found.Below = dir, below
			reach = len(dir.Path)
		}
	}
	return found
}

// under says whether a path is another one or below it, and what is left of it.
func under(path, outer string) (string, bool) {
	path, outer = strings.TrimRight(path, "/"), strings.TrimRight(outer, "/")
	if len(path) < len(outer) || !sameName(path[:len(outer)], outer) {
		return "", false
	}
	rest := path[len(outer):]
	if rest != "" && rest[0] != '/' {
		return "", false
	}
	return strings.Trim(rest, "/"), true
}
