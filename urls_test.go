package softwareupdates_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// addresses is the folder in which addresses are made of a scheme, a host and a port.
const addresses = "ports"

// TestURLsAreMadeInOnePlace reads every source file that is no test: scheme and host meet in package ports and nowhere else.
func TestURLsAreMadeInOnePlace(t *testing.T) {
	seen, made := 0, 0
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		seen++
		found, err := handMade(path, nil)
		if filepath.Dir(path) == addresses {
			made += len(found)
			return err
		}
		require.Empty(t, found, "derive the address with package ports")
		return err
	}))
	require.Greater(t, seen, 300, "the test must have read the sources that there are")
	require.Positive(t, made, "the place where addresses are made must be seen as such")
}

// Each line is a way to make an address by hand that somebody might write, or a text that is no such way.
func TestHandMadeURLsAreSeen(t *testing.T) {
	for code, count := range map[string]int{
		`"https://" + host`:                                   1,
		`fmt.Sprintf("http://%s:%d/", host, port)`:            1,
		`scheme + "://" + host`:                               1,
		`fmt.Sprintf("%s://%s", scheme, host)`:                1,
		"`HTTPS://` + host":                                   1,
		`strings.Join([]string{"https:", "", host}, "/")`:     1,
		`"http:" + "//" + host`:                               1,
		`&url.URL{Scheme: scheme, Host: host}`:                1,
		`ports.Bound{Scheme: scheme, Host: host}`:             0,
		`&url.URL{Scheme: "file", Path: path}`:                0,
		`"https://support.sample.example/kb/" + kb`:           0,
		`"http://schemas.microsoft.com/msus/2002/12/" + name`: 0,
		`"https://, the full name of the server"`:             0,
	} {
		found, err := handMade("x.go", "package x\nvar x = "+code+"\n")
		require.NoError(t, err)
		require.Len(t, found, count, code)
	}
}

// handScheme ends where the host would follow, from a variable or a verb.
var handScheme = regexp.MustCompile(`(?i)(://|^https?:)($|%)`)

// handMade lists where a file puts a scheme and a host together.
func handMade(path string, source any) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []string
	ast.Inspect(file, func(node ast.Node) bool {
		var guilty bool
		switch node := node.(type) {
		case *ast.BasicLit:
			text, err := strconv.Unquote(node.Value)
			guilty = err == nil && node.Kind == token.STRING && handScheme.MatchString(text)
		case *ast.CompositeLit:
			guilty = isURL(node.Type) && hasKeys(node, "Scheme", "Host")
		}
		if guilty {
			found = append(found, fmt.Sprint(files.Position(node.Pos())))
		}
		return true
	})
	return found, nil
}

func isURL(kind ast.Expr) bool {
	selector, ok := kind.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "URL"
}

// hasKeys says that a composite literal sets all those fields.
func hasKeys(literal *ast.CompositeLit, names ...string) bool {
	keys := make(map[string]bool)
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				keys[key.Name] = true
			}
		}
	}
	for _, name := range names {
		if !keys[name] {
			return false
		}
	}
	return true
}
