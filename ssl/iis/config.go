package iis

// Config is one parsed applicationHost.config. It is immutable and safe for concurrent use.
type Config struct {
	raw  []byte   // the file
	text []byte   // the file as UTF-8, without byte order mark
	root *element // configuration
}
