package iis

import (
	"strconv"
	"strings"
)

// defaultPool is that of applications for which nobody states another (IIS_schema.xml has none).
const defaultPool = "DefaultAppPool"

// sites reads system.applicationHost/sites.
func (r *reading) sites() []Site {
	section := r.section("system.applicationHost", "sites")
	if section == nil {
		return nil
	}
	var sites []Site
	names, ids := unique{}, unique{}
	for _, e := range section.children {
		if e.name != "site" {
			continue
		}
		name := r.required("", e, "name")
		id := r.required(name, e, "id")
		r.distinct(names, name, e, "name", name)
		r.distinct(ids, name, e, "id", id)
		sites = append(sites, Site{
			Name:            name,
			ID:              r.uint32(name, e, "id"),
			ServerAutoStart: r.bool(name, chain{e}.under(section, "siteDefaults"), "serverAutoStart", true),
			Applications:    r.applications(name, section, e),
			Bindings:        r.bindings(name, section, e),
			Line:            e.line,
		})
	}
	return sites
}

func (r *reading) applications(place string, section, site *element) []Application {
	var apps []Application
	paths := unique{}
	for _, e := range site.children {
		if e.name != "application" {
			continue
		}
		path := r.virtualPath(place, e)
		r.distinct(paths, place, e, "path", path)
		defaults := chain{e}.under(site, "applicationDefaults").under(section, "applicationDefaults")
		apps = append(apps, Application{
			Path:               path,
			Pool:               defaults.text("applicationPool", defaultPool),
			EnabledProtocols:   defaults.text("enabledProtocols", "http"),
			VirtualDirectories: r.virtualDirectories(place, section, site, e),
			Line:               e.line,
		})
	}
	return apps
}

func (r *reading) virtualDirectories(place string, section, site, app *element) []VirtualDirectory {
	const defaultsName = "virtualDirectoryDefaults"
	var dirs []VirtualDirectory
	paths := unique{}
	for _, e := range app.children {
		if e.name != "virtualDirectory" {
			continue
		}
		path := r.virtualPath(place, e)
		r.distinct(paths, place, e, "path", path)
		defaults := chain{e}.under(app, defaultsName).under(site, defaultsName).under(section, defaultsName)
		dirs = append(dirs, VirtualDirectory{
			Path:              path,
			PhysicalPath:      defaults.text("physicalPath", ""),
			AllowSubDirConfig: r.bool(place, defaults, "allowSubDirConfig", true),
			Line:              e.line,
		})
	}
	return dirs
}

// bindings reads those of a site, behind those of siteDefaults, unless a clear makes IIS forget them.
func (r *reading) bindings(place string, section, site *element) []Binding {
	var bindings []Binding
	var elements []*element
	for _, holder := range (chain{site.child("bindings")}).under(section.child("siteDefaults"), "bindings") {
		if holder != nil {
			elements = append(append([]*element{}, holder.children...), elements...)
		}
	}
	keys := unique{}
	for _, e := range elements {
		switch e.name {
		case "clear":
			bindings, keys = nil, unique{}
		case "binding":
			b, _ := ParseBinding(r.required(place, e, "protocol"), r.required(place, e, "bindingInformation"))
			b.SSLFlags = r.uint32(place, e, "sslFlags")
			r.distinct(keys, place, e, "binding", b.Protocol+" "+b.Information)
			bindings = append(bindings, b)
		}
	}
	return bindings
}

// virtualPath reads the path of an application or virtual directory.
func (r *reading) virtualPath(place string, e *element) string {
	path := r.required(place, e, "path")
	if path != "" && path != "/" && (!strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/")) {
		r.fault(place, e.line, "has <%s> with path=%q: a path begins with a slash and does not end with one", e.name, path)
	}
	return path
}

// unique has the lines of the keys of a collection, which IIS compares without regard to case.
type unique map[string]int

func (r *reading) distinct(seen unique, place string, e *element, what, key string) {
	key = strings.ToLower(key)
	if first, twice := seen[key]; twice && key != "" {
		r.fault(place, e.line, "has a second <%s> with the %s %s, after line %d: IIS refuses the file", e.name, what, strconv.Quote(key), first)
		return
	}
	seen[key] = e.line
}
