package ssl

import "github.com/seed599db172/softwareupdates/internal/durable"

// OpenCAOn is OpenCA on any file system.
func OpenCAOn(fsys durable.FS, o CAOptions) (*CA, error) {
	names, err := o.validate()
	if err != nil {
		return nil, err
	}
	return openCA(fsys, "ca", names, o)
}
