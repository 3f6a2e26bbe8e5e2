// Package catalog is the sample catalogue of the example site: update documents, the files that they install, and the states
// that three sample machines must end in.
//
// The documents and files are written by internal/samplecatalog; the table of states is written by hand.
package catalog

import (
	"embed"
	"io/fs"
)

//go:embed updates/*.xml content states.csv
var embedded embed.FS

// Files returns the whole catalogue: updates/NNN-name.xml, one document a file; content/FileName, the payloads by the names
// that the documents give them; states.csv, the table that Table reads.
func Files() fs.FS { return embedded }
