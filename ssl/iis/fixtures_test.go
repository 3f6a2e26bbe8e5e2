package iis_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// composed returns the composed configurations for edits, each as it lies in testdata and rewritten as other editors would have left
// it: line ends, indentation, quotes, encodings.
func composed(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	names, err := filepath.Glob(filepath.Join("testdata", "edit", "*.config"))
	require.NoError(t, err)
	require.Len(t, names, 3)
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		for style, rewritten := range rewritings(string(data)) {
			out[filepath.Base(name)+" "+style] = rewritten
		}
	}
	return out
}

func rewritings(text string) map[string][]byte {
	crlf := strings.ReplaceAll(text, "\n", "\r\n")
	marked := strings.Replace(text, `encoding="UTF-8"`, `encoding="utf-16"`, 1)
	return map[string][]byte{
		"LF":            []byte(text),
		"CRLF":          []byte(crlf),
		"BOM":           append([]byte("\xEF\xBB\xBF"), crlf...),
		"UTF-16LE":      utf16Bytes(strings.ReplaceAll(marked, "\n", "\r\n"), binary.LittleEndian),
		"UTF-16BE":      utf16Bytes(marked, binary.BigEndian),
		"tabs":          []byte(strings.ReplaceAll(crlf, "    ", "\t")),
		"two blanks":    []byte(strings.ReplaceAll(text, "    ", "  ")),
		"tight":         []byte(strings.ReplaceAll(text, " />", "/>")),
		"no last line":  []byte(strings.TrimRight(crlf, "\r\n")),
		"single quotes": []byte(strings.ReplaceAll(text, `"`, `'`)),
	}
}

func utf16Bytes(text string, order binary.AppendByteOrder) []byte {
	out := order.AppendUint16(nil, 0xFEFF)
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// real returns the configurations of real servers that parse, none where the folder is not there.
func real(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "testdata", "iis", "*.config"))
	require.NoError(t, err)
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		if _, err := iis.Parse(data); err == nil {
			out[filepath.Base(name)] = data
		}
	}
	if len(names) > 0 {
		require.GreaterOrEqual(t, len(out), 7, "the real ones parse")
	}
	return out
}

func parsed(t testing.TB, data []byte) *iis.Config {
	t.Helper()
	c, err := iis.Parse(bytes.Clone(data))
	require.NoError(t, err)
	return c
}

// applied makes edits and returns the change.
func applied(t testing.TB, data []byte, edits ...iis.Edit) (*iis.Config, iis.Change) {
	t.Helper()
	c, change, err := parsed(t, data).Apply(edits...)
	require.NoError(t, err)
	return c, change
}

// wsus is the composed configuration of a server with WSUS.
func wsus(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "edit", "wsus.config"))
	require.NoError(t, err)
	return string(data)
}
