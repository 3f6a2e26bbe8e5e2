package applicability

import (
	"context"
	"errors"
	"fmt"
)

// onFile is a rule about a file: locate builds its path, compare judges it. No path and no file are False.
func onFile(locate func(*evaluation, context.Context, *attributes) (string, string, error), compare func(*attributes) func(File) (bool, string)) leaf {
	return func(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
		judge := compare(a)
		path, missing, err := locate(e, ctx, a)
		if a.err != nil || err != nil || missing != "" {
			return result(false, missing), err
		}
		file, err := e.facts.File(ctx, path)
		if errors.Is(err, ErrNotFound) {
			return result(false, path+" is missing"), nil
		}
		if err != nil {
			return Result{}, err
		}
		ok, reason := judge(file)
		return result(ok, path+reason), nil
	}
}

// fileExists also asks for equality of every attribute that is given.
func fileExists(a *attributes) func(File) (bool, string) {
	var tests []func(File) bool
	if a.has("Version") {
		want := a.version("Version")
		tests = append(tests, func(f File) bool { return f.HasVersion && Version(f.Version) == want })
	}
	if a.has("Created") {
		want := a.time("Created")
		tests = append(tests, func(f File) bool { return f.Created.Equal(want) })
	}
	if a.has("Modified") {
		want := a.time("Modified")
		tests = append(tests, func(f File) bool { return f.Modified.Equal(want) })
	}
	if a.has("Size") {
		want := a.size("Size")
		tests = append(tests, func(f File) bool { return f.Size == want })
	}
	if a.has("Language") {
		want := a.int("Language")
		tests = append(tests, func(f File) bool { return f.Language == want })
	}
	return func(f File) (bool, string) {
		for _, test := range tests {
			if !test(f) {
				return false, " is there, but not the one that is asked for"
			}
		}
		return true, " is there"
	}
}

// fileVersion is False for a file without a version block, so that "GreaterThan 0.0.0.0" means "has a version".
func fileVersion(a *attributes) func(File) (bool, string) {
	comparison, want := a.scalar(), a.version("Version")
	return func(f File) (bool, string) {
		if !f.HasVersion {
			return false, " has no version"
		}
		have := Version(f.Version)
		return comparison.Holds(have.Compare(want)), fmt.Sprintf(" has version %v, asked for %v %v", have, comparison, want)
	}
}

func fileCreated(a *attributes) func(File) (bool, string) {
	comparison, want := a.scalar(), a.time("Created")
	return func(f File) (bool, string) {
		return comparison.Holds(f.Created.Compare(want)), fmt.Sprintf(" was created %v, asked for %v %v", f.Created, comparison, want)
	}
}

func fileModified(a *attributes) func(File) (bool, string) {
	comparison, want := a.scalar(), a.time("Modified")
	return func(f File) (bool, string) {
		return comparison.Holds(f.Modified.Compare(want)), fmt.Sprintf(" was modified %v, asked for %v %v", f.Modified, comparison, want)
	}
}

func fileSize(a *attributes) func(File) (bool, string) {
	comparison, want := a.scalar(), a.size("Size")
	return func(f File) (bool, string) {
		return holds(comparison, f.Size, want), fmt.Sprintf(" has %d bytes, asked for %v %d", f.Size, comparison, want)
	}
}
