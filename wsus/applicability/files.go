package applicability

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// onFile is a rule about a file: locate builds its path, compare judges it. No path and no file are False.
func onFile(locate func(*evaluation, context.Context, *attributes) (string, string, error), compare func(*attributes) func(File) (bool, string, string)) leaf {
	return func(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
		judge := compare(a)
		path, missing, err := locate(e, ctx, a)
		if a.err != nil || err != nil || missing != "" {
			return result(false, missing), err
		}
		file, err := e.facts.File(ctx, path)
		if errors.Is(err, ErrNotFound) {
			return result(false, "file "+path+" is missing"), nil
		}
		if err != nil {
			return Result{}, unread("file "+path, err)
		}
		ok, have, asked := judge(file)
		if asked == "" {
			return result(ok, "file "+path+have), nil
		}
		return compared(ok, "file "+path+have, asked), nil
	}
}

// fileExists also asks for equality of every attribute that is given.
func fileExists(a *attributes) func(File) (bool, string, string) {
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
	return func(f File) (bool, string, string) {
		for _, test := range tests {
			if !test(f) {
				return false, " is there, " + inWords(f), a.given("Version", "Created", "Modified", "Size", "Language")
			}
		}
		return true, " is there", ""
	}
}

// fileVersion is False for a file without a version block, so that "GreaterThan 0.0.0.0" means "has a version".
func fileVersion(a *attributes) func(File) (bool, string, string) {
	comparison, want := a.scalar(), a.version("Version")
	return func(f File) (bool, string, string) {
		if !f.HasVersion {
			return false, " has no version", ""
		}
		have := Version(f.Version)
		return comparison.Holds(have.Compare(want)), " has version " + have.String(), comparison.String() + " " + want.String()
	}
}

func fileCreated(a *attributes) func(File) (bool, string, string) {
	comparison, want := a.scalar(), a.time("Created")
	return func(f File) (bool, string, string) {
		return comparison.Holds(f.Created.Compare(want)), " was created " + instant(f.Created), comparison.String() + " " + instant(want)
	}
}

func fileModified(a *attributes) func(File) (bool, string, string) {
	comparison, want := a.scalar(), a.time("Modified")
	return func(f File) (bool, string, string) {
		return comparison.Holds(f.Modified.Compare(want)), " was modified " + instant(f.Modified), comparison.String() + " " + instant(want)
	}
}

func fileSize(a *attributes) func(File) (bool, string, string) {
	comparison, want := a.scalar(), a.size("Size")
	return func(f File) (bool, string, string) {
		return holds(comparison, f.Size, want), fmt.Sprintf(" has %d bytes", f.Size), fmt.Sprintf("%v %d", comparison, want)
	}
}

// inWords is all that a rule may ask of a file.
func inWords(f File) string {
	version := "without version"
	if f.HasVersion {
		version = "with version " + Version(f.Version).String()
	}
	return fmt.Sprintf("%s, %d bytes, language %d, created %s, modified %s", version, f.Size, f.Language, instant(f.Created), instant(f.Modified))
}

// instant is a time as rules write it, with all that Windows keeps of it.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999Z07:00") }
