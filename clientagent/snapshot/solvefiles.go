package snapshot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// fileAt is the file that a rule names; one that is not there comes back empty, with its path.
func (sv *solver) fileAt(ctx context.Context, rule *metadata.Node) (file, error) {
	path, err := applicability.FilePath(ctx, sv.state, rule)
	if err != nil {
		return file{}, err
	}
	if f, ok := sv.state.files[fold(path)]; ok {
		return f, nil
	}
	return file{path: path}, nil
}

func (s *state) put(f file) { s.files[fold(f.path)] = f }

// fileExists gives the file every attribute that the rule names.
func (sv *solver) fileExists(ctx context.Context, rule *metadata.Node, want bool) error {
	f, err := sv.fileAt(ctx, rule)
	if err != nil {
		return err
	}
	if !want {
		return sv.removeFile(f)
	}
	for _, a := range rule.Attrs {
		var err error
		switch a.Name {
		case "Version":
			var v applicability.Version
			v, err = applicability.ParseVersion(a.Value)
			f.version = &v
		case "Created":
			f.created, err = metadata.ParseTime(a.Value)
		case "Modified":
			f.modified, err = metadata.ParseTime(a.Value)
		case "Size":
			f.size, err = strconv.ParseInt(a.Value, 10, 64)
		case "Language":
			f.language, err = strconv.Atoi(a.Value)
		}
		if err != nil {
			return fmt.Errorf("attribute %s: %w", a.Name, err)
		}
	}
	sv.state.put(f)
	return nil
}

// removeFile takes away a file, or a folder with all that is in it.
func (sv *solver) removeFile(f file) error {
	delete(sv.state.files, fold(f.path))
	below := fold(f.path) + `\`
	for path := range sv.state.files {
		if strings.HasPrefix(path, below) {
			delete(sv.state.files, path)
		}
	}
	return nil
}

// fileVersion sets the version; where the rule is to be false and no version is low enough, the file has none.
func (sv *solver) fileVersion(ctx context.Context, rule *metadata.Node, want bool) error {
	f, err := sv.fileAt(ctx, rule)
	if err != nil {
		return err
	}
	comparison, err := comparisonOf(rule, want)
	if err != nil {
		return err
	}
	data, _ := rule.Attr("Version")
	v, err := applicability.ParseVersion(data)
	if err != nil {
		return err
	}
	aim, err := aimAt(comparison, v)
	if err != nil && want {
		return err
	}
	if f.version = &aim; err != nil {
		f.version = nil
	}
	sv.state.put(f)
	return nil
}

func (sv *solver) fileSize(ctx context.Context, rule *metadata.Node, want bool) error {
	f, err := sv.fileAt(ctx, rule)
	if err != nil {
		return err
	}
	comparison, err := comparisonOf(rule, want)
	if err != nil {
		return err
	}
	data, _ := rule.Attr("Size")
	n, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return err
	}
	if f.size, err = aimAtNumber(comparison, n); err != nil {
		if want {
			return err
		}
		return sv.removeFile(f)
	}
	sv.state.put(f)
	return nil
}

// fileTime serves the rules about both times, a second off where the time itself does not do.
func (sv *solver) fileTime(ctx context.Context, rule *metadata.Node, want bool) error {
	f, err := sv.fileAt(ctx, rule)
	if err != nil {
		return err
	}
	comparison, err := comparisonOf(rule, want)
	if err != nil {
		return err
	}
	name, at := "Modified", &f.modified
	if strings.HasPrefix(rule.Name, "FileCreated") {
		name, at = "Created", &f.created
	}
	data, _ := rule.Attr(name)
	t, err := metadata.ParseTime(data)
	if err != nil {
		return err
	}
	*at = t.Add(map[applicability.Comparison]time.Duration{applicability.LessThan: -time.Second, applicability.GreaterThan: time.Second}[comparison])
	sv.state.put(f)
	return nil
}
