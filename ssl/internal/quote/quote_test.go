package quote_test

import (
	"encoding/base64"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/ssl/internal/quote"
)

// hostile draws arguments from the signs that shells know, and a few letters between them.
func hostile(name string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return rapid.StringOfN(rapid.SampledFrom([]rune("aZ9 \t\"'\\%%^&|<>()!,;=:*?@~`$[]{}#+-_./\u00e9\u0416\u65e5\u2018\u2019\u201b\U0001F512")),
			0, 14, -1).Draw(t, name)
	})
}

func drawArgs(t *rapid.T) []string { return rapid.SliceOfN(hostile("arg"), 0, 5).Draw(t, "args") }

const tool = `C:\Program Files (x86)\Up&date\tool.exe`

func TestLineComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		args := drawArgs(t)
		line, err := quote.Line(tool, args)
		require.NoError(t, err)
		require.Equal(t, append([]string{tool}, args...), splitWindows(line))
	})
}

func TestCmdComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		args := drawArgs(t)
		line, err := quote.Cmd(tool, args)
		require.NoError(t, err)
		read, err := readCmd(line)
		require.NoError(t, err, line)
		require.Equal(t, append([]string{tool}, args...), splitWindows(read), line)
	})
}

func TestBatchComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		args := drawArgs(t)
		line, err := quote.Batch(tool, args)
		if strings.Contains(strings.Join(args, ""), `"`) {
			require.ErrorIs(t, err, quote.ErrUnsafe)
			return
		}
		require.NoError(t, err)
		read, err := readBatch(line)
		require.NoError(t, err, line)
		require.Equal(t, append([]string{tool}, args...), splitWindows(read), line)
	})
}

func TestPowerShellComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := hostile("text").Draw(t, "text")
		value, rest, err := readPowerShell(quote.PowerShell(text) + "; rest")
		require.NoError(t, err)
		require.Equal(t, text, value)
		require.Equal(t, "; rest", rest)
	})
}

func TestThroughPowerShellComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		args := drawArgs(t)
		line, err := quote.ThroughPowerShell(tool, args)
		require.NoError(t, err)
		encoded, ok := strings.CutPrefix(line, "powershell.exe -NoProfile -NonInteractive -EncodedCommand ")
		require.True(t, ok)
		require.Regexp(t, `^[A-Za-z0-9+/=]+$`, encoded)

		script := decode(t, encoded)
		name, rest, err := readPowerShell(after(t, script, "$s.FileName = "))
		require.NoError(t, err)
		require.Equal(t, tool, name)
		words, _, err := readPowerShell(after(t, rest, "$s.Arguments = "))
		require.NoError(t, err)
		require.Equal(t, append([]string{"x"}, args...), splitWindows("x "+words))
	})
}

func decode(t require.TestingT, encoded string) string {
	raw, err := base64.StdEncoding.DecodeString(encoded)
	require.NoError(t, err)
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i]) | uint16(raw[2*i+1])<<8
	}
	return string(utf16.Decode(units))
}

func after(t require.TestingT, text, mark string) string {
	_, rest, ok := strings.Cut(text, mark)
	require.True(t, ok, text)
	return rest
}

// The shell itself says what it got.
func TestPOSIXComesBack(t *testing.T) {
	sh, err := exec.LookPath("sh")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		args := rapid.SliceOfN(hostile("arg"), 40, 80).Draw(t, "args")
		line, err := quote.POSIX("printf", append([]string{`%s\0`}, args...))
		require.NoError(t, err)
		out, err := exec.Command(sh, "-c", line).Output()
		require.NoError(t, err)
		require.Equal(t, strings.Join(args, "\x00")+"\x00", string(out))
	})
}

// The lines were written by hand from the rules.
func TestGoldenLines(t *testing.T) {
	const appcmd = `C:\Windows\System32\inetsrv\appcmd.exe`
	for _, c := range []struct{ place, line, cmd, batch, posix string }{
		{"Default Web Site/Content",
			`"Default Web Site/Content"`, `"Default Web Site/Content"`, `"Default Web Site/Content"`, `'Default Web Site/Content'`},
		{"R&D", `"R&D"`, `"R&D"`, `"R&D"`, `'R&D'`},
		{"100% (new)", `"100% (new)"`, `^"100^%^ ^(new^)^"`, `"100%% (new)"`, `'100% (new)'`},
		{"%PATH%", `"%PATH%"`, `^"^%^PATH^%^"`, `"%%PATH%%"`, `'%PATH%'`},
		{"%PATH:~0,3%", `"%PATH:~0,3%"`, `^"^%^PATH^:^~0^,3^%^"`, `"%%PATH:~0,3%%"`, `'%PATH:~0,3%'`},
		{"it's ^here!", `"it's ^here!"`, `"it's ^here!"`, `"it's ^here!"`, `'it'\''s ^here!'`},
		{"Größe/日本", `"Größe/日本"`, `"Größe/日本"`, `"Größe/日本"`, `'Größe/日本'`},
		{`a "b" c`, `"a \"b\" c"`, `^"a^ ^\^"b^\^"^ c^"`, ``, `'a "b" c'`},
		{`C:\dir\`, `C:\dir\`, `C:\dir\`, `C:\dir\`, `'C:\dir\'`},
		{`C:\a b\`, `"C:\a b\\"`, `"C:\a b\\"`, `"C:\a b\\"`, `'C:\a b\'`},
		{"", `""`, `""`, `""`, `''`},
	} {
		line, err := quote.Line(appcmd, []string{"list", c.place})
		require.NoError(t, err)
		require.Equal(t, appcmd+" list "+c.line, line)
		line, err = quote.Cmd(appcmd, []string{"list", c.place})
		require.NoError(t, err)
		require.Equal(t, appcmd+" list "+c.cmd, line)
		line, err = quote.Batch(appcmd, []string{"list", c.place})
		if c.batch == "" {
			require.ErrorIs(t, err, quote.ErrUnsafe)
		} else {
			require.NoError(t, err)
			require.Equal(t, appcmd+" list "+c.batch, line)
		}
		line, err = quote.POSIX("appcmd", []string{"list", c.place})
		require.NoError(t, err)
		require.Equal(t, "appcmd list "+c.posix, line)
	}
}

func TestRefused(t *testing.T) {
	for _, bad := range []string{"a\nb", "a\rb", "a\x00b", "a\xff"} {
		for name, of := range map[string]func(string, []string) (string, error){
			"line": quote.Line, "cmd": quote.Cmd, "batch": quote.Batch, "PowerShell": quote.ThroughPowerShell, "POSIX": quote.POSIX,
		} {
			_, err := of("tool", []string{bad})
			require.ErrorIs(t, err, quote.ErrUnsafe, "%s %q", name, bad)
		}
	}
	for _, bad := range []string{"", `a"b`, "%TOOLS%", "a!b"} {
		_, err := quote.Cmd(bad, nil)
		require.ErrorIs(t, err, quote.ErrUnsafe, bad)
	}
	_, err := quote.Cmd("tool", []string{strings.Repeat("a", 8190)})
	require.ErrorContains(t, err, "8195 characters of at most 8191")
	_, err = quote.Batch("tool", []string{strings.Repeat("\U0001F512", 4096)})
	require.ErrorContains(t, err, "8199 characters of at most 8191")
	_, err = quote.EncodedCommand(strings.Repeat("a", 3100))
	require.ErrorIs(t, err, quote.ErrUnsafe)
}
