package iis

import (
	"errors"
	"io/fs"
	"strings"
)

// WebConfigError says that a web.config cannot be read or is not what IIS reads. IIS answers 500.19 for its folder and all below.
type WebConfigError struct {
	// File is its physical path, as the configuration writes the folder.
	File string
	// Err is a *[SyntaxError], a *[ConflictError] or the error of reading.
	Err error
}

func (e *WebConfigError) Error() string { return e.File + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e *WebConfigError) Unwrap() error { return e.Err }

// frameworkNamespace is the one that old development tools wrote into web.config files; IIS reads them as if they had none.
const frameworkNamespace = "http://schemas.microsoft.com/.NetConfiguration/v2.0"

// read opens the web.config of a place, if there is one, and puts it behind the files above.
func (w *walk) read(place string) error {
	if w.webConfig == nil || place == "" {
		return nil
	}
	folder, ok := w.site.Folder(w.below(place))
	if !ok || folder.VirtualDirectory.PhysicalPath == "" || folder.Below != "" && !folder.VirtualDirectory.AllowSubDirConfig {
		return nil
	}
	name := strings.TrimRight(folder.PhysicalPath(), `\/`) + `\web.config`
	data, err := w.webConfig(folder.PhysicalPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &WebConfigError{name, err}
	}
	doc, err := parseRoot(data)
	if err != nil {
		return &WebConfigError{name, err}
	}
	if ns, ok := doc.root.attr("xmlns"); ok && ns.value != "" && ns.value != frameworkNamespace {
		return &WebConfigError{name, errorAt(doc.text, ns.start, "<configuration> is in the namespace %q: it must be in none", ns.value)}
	}
	w.files = append(w.files, overlay{doc: doc, file: name, base: place})
	return nil
}

// below is the path of a place within its site.
func (w *walk) below(place string) string {
	_, rest, _ := strings.Cut(place, "/")
	return "/" + rest
}

// entersApplication says that a place is an application of its own.
func (w *walk) entersApplication(place string) bool {
	folder, ok := w.site.Folder(w.below(place))
	return ok && folder.IsApplication()
}

// relative is a place as the locations of the file write it.
func (o overlay) relative(place string) string {
	return strings.TrimPrefix(strings.TrimPrefix(place, o.base), "/")
}

// wrap says in which file something is wrong.
func (o overlay) wrap(err error) error {
	if o.file == "" {
		return err
	}
	return &WebConfigError{o.file, err}
}
