package applicability

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// plainPath is Path, below the folder that Csidl names when it is given.
func plainPath(e *evaluation, ctx context.Context, a *attributes) (path, missing string, err error) {
	path = a.text("Path")
	if !a.has("Csidl") {
		path, err = e.expand(ctx, path)
		return cleanPath(path), "", err
	}
	number := a.int("Csidl")
	if a.err != nil {
		return "", "", nil
	}
	system, err := e.system(ctx)
	if err != nil {
		return "", "", err
	}
	folder, ok := system.Folder(number)
	if !ok {
		return "", "", faultf(AttributeInvalid, "attribute Csidl: folder %d is not known", number)
	}
	return cleanPath(folder + `\` + path), "", nil
}

// registryPath is Path below the folder that a REG_SZ value names.
func registryPath(e *evaluation, ctx context.Context, a *attributes) (path, missing string, err error) {
	p := e.place(a)
	path = a.text("Path")
	if a.err != nil {
		return "", "", nil
	}
	v, missing, err := e.registryValue(ctx, p)
	if err != nil || missing != "" {
		return "", missing, err
	}
	if v.Type != "REG_SZ" && v.Type != "REG_EXPAND_SZ" {
		return "", fmt.Sprintf("%v value %q is %s, no path", p, p.value, v.Type), nil
	}
	folder, err := e.expand(ctx, strings.Trim(strings.TrimSpace(v.Text), `"`))
	return cleanPath(folder + `\` + path), "", err
}

// cleanPath joins with exactly one backslash; real paths come with and without a leading one.
func cleanPath(path string) string {
	network := strings.HasPrefix(path, `\\`)
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] == '\\' && i > 0 && path[i-1] == '\\' {
			continue
		}
		b.WriteByte(path[i])
	}
	path = strings.TrimSuffix(b.String(), `\`)
	if network {
		path = `\` + path
	}
	return path
}

// expand puts in environment variables. Unknown ones stay as they are, as Windows leaves them.
func (e *evaluation) expand(ctx context.Context, text string) (string, error) {
	if !strings.Contains(text, "%") {
		return text, nil
	}
	system, err := e.system(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "%")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "%")
		value, known := system.variable(name)
		if !closed || !known {
			b.WriteByte('%')
			text = rest
			continue
		}
		b.WriteString(value)
		text = after
	}
}

// FilePath builds the path that a file rule names, as evaluation does. It is an error when the rule lacks what it needs or the
// registry value that it takes the folder from is missing.
func FilePath(ctx context.Context, facts Facts, rule *metadata.Node) (string, error) {
	locate := plainPath
	if strings.HasSuffix(rule.Name, "PrependRegSz") {
		locate = registryPath
	}
	a := &attributes{node: rule}
	path, missing, err := locate(&evaluation{facts: facts}, ctx, a)
	switch {
	case err != nil:
	case a.err != nil:
		err = a.err
	case missing != "":
		err = errors.New(missing)
	}
	if err != nil {
		return "", fmt.Errorf("path of %s: %w", rule.Name, err)
	}
	return path, nil
}
