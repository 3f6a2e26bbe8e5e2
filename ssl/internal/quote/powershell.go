package quote

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// PowerShell writes a text between single quotes. The typographic ones end such a string as well, and all are written twice.
func PowerShell(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range text {
		if strings.ContainsRune("'\u2018\u2019\u201A\u201B", r) {
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	b.WriteByte('\'')
	return b.String()
}

// EncodedCommand writes a line that starts a Windows PowerShell with a script. It has letters, digits and the signs + / = - only, so
// that cmd.exe, PowerShell and a POSIX shell take it as it stands.
func EncodedCommand(script string) (string, error) {
	var raw []byte
	for _, unit := range utf16.Encode([]rune(script)) {
		raw = binary.LittleEndian.AppendUint16(raw, unit)
	}
	line := "powershell.exe -NoProfile -NonInteractive -EncodedCommand " + base64.StdEncoding.EncodeToString(raw)
	if len(line) > maxCmd {
		return "", fmt.Errorf("%w through PowerShell: the line has %d characters of at most %d", ErrUnsafe, len(line), maxCmd)
	}
	return line, nil
}

// ThroughPowerShell writes a line that runs a program by way of Windows PowerShell. The program is started with a line of
// ours: PowerShell's own way to arguments loses empty ones and quotation marks.
func ThroughPowerShell(name string, args []string) (string, error) {
	if _, err := Line(name, args); err != nil {
		return "", err
	}
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = argument(arg)
	}
	return EncodedCommand("$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; " +
		"$s = New-Object Diagnostics.ProcessStartInfo; $s.UseShellExecute = $false; " +
		"$s.FileName = " + PowerShell(name) + "; $s.Arguments = " + PowerShell(strings.Join(words, " ")) + "; " +
		"$p = [Diagnostics.Process]::Start($s); $p.WaitForExit(); exit $p.ExitCode")
}
