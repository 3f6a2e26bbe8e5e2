package iis

// Edit is one wish about a configuration. The edits of this package are [SetSSLFlags], [AddBinding], [RemoveBinding] and
// [SetPool]; all are idempotent: an edit whose wish already holds changes no byte.
type Edit interface {
	// String says what is done, in words.
	String() string

	apply(*Config) ([]splice, error)
}

// splice replaces text[start:end].
type splice struct {
	start, end int
	with       string
}
