package ssl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// access reads what a place of the site comes to, with the web.config files on the way. answers is false when IIS answers 500.19
// there, which is reported under the name of the root, once for each file.
func (a *audit) access(path, root string) (seen iis.Access, answers bool) {
	if a.config.WebConfig == nil {
		a.notLookedAt("web.config files: they were not given")
		seen, err := a.config.Config.Access(path)
		return seen, a.accessFault(err, root)
	}
	seen, err := a.config.Config.AccessWith(path, a.config.WebConfig)
	if err == nil {
		return seen, true
	}
	var unreadable *iis.WebConfigError
	if errors.As(err, &unreadable) && !malformed(unreadable) {
		a.notLookedAt("what %s states: %v", unreadable.File, unreadable.Err)
		err = nil
	}
	answers = a.accessFault(err, root)
	seen, err = a.config.Config.Access(path) // what would count without the web.config files
	return seen, a.accessFault(err, root) && answers
}

// malformed tells what IIS cannot read either from what could not be fetched.
func malformed(e *iis.WebConfigError) bool {
	var syntax *iis.SyntaxError
	var conflict *iis.ConflictError
	return errors.As(e.Err, &syntax) || errors.As(e.Err, &conflict)
}

// accessFault reports what makes IIS refuse a place, or keeps an error that leaves nothing to audit.
func (a *audit) accessFault(err error, root string) (answers bool) {
	var override *iis.OverrideError
	var file *iis.WebConfigError
	var kind Kind
	var cause, remedy string
	switch {
	case err == nil:
		return true
	case errors.As(err, &override):
		kind = AccessInLockedWebConfig
		cause = fmt.Sprintf("access is stated in %s, and %s locks it (%s): IIS answers 500.19", place(override.Stated), place(override.By), override.Lock)
		remedy = "take the element access out of that web.config, and set Require SSL in applicationHost.config instead: IIS Manager does"
	case errors.As(err, &file):
		kind = WebConfigMalformed
		cause = fmt.Sprintf("%s: %v: IIS answers 500.19", file.File, file.Err)
		remedy = "correct the file, or bring it back from a backup or from another server of the same version"
	default:
		a.err = errors.Join(a.err, err)
		return false
	}
	same := func(f Finding) bool { return f.Kind == kind && f.Cause == cause }
	if !slices.ContainsFunc(a.report.Findings, same) {
		a.found(kind, root, cause, remedy)
	}
	return false
}

// place says in words where a value is stated.
func place(s iis.Source) string {
	switch {
	case s == iis.Source{}:
		return "default of the schema"
	case s.File != "":
		return fmt.Sprintf("%s, line %d", s.File, s.Line)
	case s.Location == "":
		return fmt.Sprintf("whole server, line %d", s.Line)
	}
	return fmt.Sprintf("location %q, line %d", s.Location, s.Line)
}

// editPlace says where to write another value.
func editPlace(s iis.Source) string {
	switch {
	case s.File != "":
		return fmt.Sprintf("edit access in %s, line %d", s.File, s.Line)
	case s.Location == "":
		return "edit access of the whole server in applicationHost.config, which IIS Manager does not show"
	}
	return "IIS Manager, " + strings.ReplaceAll(s.Location, "/", ", ") + ", SSL Settings"
}
