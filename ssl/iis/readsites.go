package iis

import (
	"strconv"
	"strings"
)

// defaultPool is that of applications for which nobody states another (IIS_schema.xml has none).
const defaultPool = "DefaultAppPool"

// defaults are the elements that give defaults for the parts of a site, the nearest first. Each is looked up once, so that a file with
// many sites takes no longer than its size.
type defaults struct{ site, applications, directories chain }

// within puts the defaults that an element has for what is in it before those of the elements around it.
func (d defaults) within(e *element) defaults {
	d.applications = d.applications.before(e.child("applicationDefaults"))
	d.directories = d.directories.before(e.child("virtualDirectoryDefaults"))
	return d
}

// sites reads system.applicationHost/sites.
func (r *reading) sites() []Site {
	section := r.section("system.applicationHost", "sites")
	if section == nil {
		return nil
	}
	var sites []Site
	siteDefaults := section.child("siteDefaults")
	d := defaults{site: chain{siteDefaults}}.within(section)
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
			ServerAutoStart: r.bool(name, d.site.before(e), "serverAutoStart", true),
			Applications:    r.applications(name, e, d.within(e)),
			Bindings:        r.bindings(name, siteDefaults, e),
			Line:            e.line,
		})
	}
	return sites
}

func (r *reading) applications(place string, site *element, d defaults) []Application {
	var apps []Application
	paths := unique{}
	for _, e := range site.children {
		if e.name != "application" {
			continue
		}
		path := r.virtualPath(place, e)
		r.distinct(paths, place, e, "path", path)
		stated := d.applications.before(e)
		apps = append(apps, Application{
			Path:               path,
			Pool:               stated.text("applicationPool", defaultPool),
			EnabledProtocols:   stated.text("enabledProtocols", "http"),
			VirtualDirectories: r.virtualDirectories(place, e, d.within(e)),
			Line:               e.line,
		})
	}
	return apps
}

func (r *reading) virtualDirectories(place string, app *element, d defaults) []VirtualDirectory {
	var dirs []VirtualDirectory
	paths := unique{}
	for _, e := range app.children {
		if e.name != "virtualDirectory" {
			continue
		}
		path := r.virtualPath(place, e)
		r.distinct(paths, place, e, "path", path)
		stated := d.directories.before(e)
		dirs = append(dirs, VirtualDirectory{
			Path:              path,
			PhysicalPath:      stated.text("physicalPath", ""),
			AllowSubDirConfig: r.bool(place, stated, "allowSubDirConfig", true),
			Line:              e.line,
		})
	}
	return dirs
}

// bindings reads those of a site, behind those of siteDefaults, unless a clear makes IIS forget them.
func (r *reading) bindings(place string, holders ...*element) []Binding {
	var bindings []Binding
	keys := unique{}
	for _, e := range bindingsIn(holders) {
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

// bindingsIn are the children of the bindings that the elements have, those of the first in front.
func bindingsIn(holders []*element) []*element {
	var out []*element
	for _, holder := range holders {
		if holder == nil {
			continue
		}
		if own := holder.child("bindings"); own != nil {
			out = append(out, own.children...)
		}
	}
	return out
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
