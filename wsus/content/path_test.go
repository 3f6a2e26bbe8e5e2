package content_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

const digits = "0123456789ABCDEF0123456789ABCDEF0123450A"

// The layout is that of MS-WUSP §2.2.2.5, written by hand; two-digit folders keep their zero.
func TestPath(t *testing.T) {
	sha1, err := content.ParseSHA1(digits)
	require.NoError(t, err)
	for name, ext := range map[string]string{
		"Windows10.0-KB5000001-x64.cab": ".cab", "setup.EXE": ".EXE", "a.b.psf": ".psf", "none": "", "": "", "dot.": "",
		"x.c/b": "", `x.c\b`: "", "x.c b": "", "x.cäb": "", "x.%63": "", "x." + strings.Repeat("a", 17): "", "../../etc/passwd.txt": ".txt",
	} {
		ref := content.Ref{SHA1: sha1, Name: name}
		require.Equal(t, "/Content/0A/"+digits+ext, content.Path(ref), name)
		back, err := content.ParsePath(content.Path(ref))
		require.NoError(t, err)
		require.Equal(t, sha1, back)
	}
	for _, same := range []string{"/content/0a/" + strings.ToLower(digits) + ".cab", "/CONTENT/0A/" + digits} {
		back, err := content.ParsePath(same)
		require.NoError(t, err)
		require.Equal(t, sha1, back)
	}
}

var tricks = []string{
	"", "/", "/Content", "/Content/", "/Content/0A", "/Content/0A/", "/Content/0B/" + digits + ".cab", "/Content/0A/" + digits + ".",
	"/Content/0A/" + digits + ".c/b", "/Content/0A/" + digits + ".cab/", "/Content/0A/" + digits + "0.cab", "/Content/0A/" + digits[1:] + ".cab",
	"/Content/0A/" + digits + ".cab.exe", "/Content/0A/../0A/" + digits + ".cab", "/Content//0A/" + digits, "/Content/./0A/" + digits,
	`/Content\0A\` + digits, "/Content/0A/" + digits + "%2ecab", "/Content/0A/G" + digits[1:] + ".cab", "/Content/0A/" + digits + ".cab\x00",
	"/Content/A/" + digits + ".cab", "/Content/00A/" + digits, "/X/Content/0A/" + digits, " /Content/0A/" + digits,
	"/Content/0A/" + digits + ":0", "/Content/partial/" + digits, "/Content/../../etc/passwd", "/Content/%2e%2e/%2e%2e/etc/passwd",
}

func TestParsePathRefusesTricks(t *testing.T) {
	for _, p := range tricks {
		_, err := content.ParsePath(p)
		require.ErrorIs(t, err, content.ErrPath, "%q", p)
	}
}

// What is parsed is exactly what Path makes, but for case.
func FuzzParsePath(f *testing.F) {
	f.Add("/Content/0A/" + digits + ".cab")
	for _, p := range tricks {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		sha1, err := content.ParsePath(p)
		if err != nil {
			require.ErrorIs(t, err, content.ErrPath)
			return
		}
		_, ext, _ := strings.Cut(p, ".")
		made := content.Path(content.Ref{SHA1: sha1, Name: "x." + ext})
		require.True(t, strings.EqualFold(made, p), "%q is not %q", p, made)
	})
}
