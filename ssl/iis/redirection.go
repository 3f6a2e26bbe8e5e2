package iis

import "fmt"

// Redirection is what redirection.config says. The password is not kept.
type Redirection struct {
	// Enabled says that the server's applicationHost.config is the one below Path, often shared by several servers.
	Enabled bool
	// Path is a folder, with environment variables not replaced. Empty where Enabled is set is a fault of the file: IIS does not start.
	Path string
	// UserName is who reads it; empty for the computer.
	UserName string
}

// ParseRedirection reads a redirection.config, under the rules of [Parse]. No configurationRedirection, or an empty one, means that
// redirection is off.
func ParseRedirection(data []byte) (Redirection, error) {
	doc, err := parseDocument(data)
	if err != nil {
		return Redirection{}, fmt.Errorf("read redirection: %w", err)
	}
	r := &reading{doc: doc}
	e := r.section("configurationRedirection")
	own := chain{e}
	to := Redirection{
		Enabled:  r.bool("", own, "enabled", false),
		Path:     own.text("path", ""),
		UserName: own.text("userName", ""),
	}
	if err := r.faults.ErrorOrNil(); err != nil {
		return Redirection{}, fmt.Errorf("read redirection: %w", err)
	}
	return to, nil
}
