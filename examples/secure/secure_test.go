package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// update writes the golden files anew: go test ./examples/secure -update
var update = flag.Bool("update", false, "write the golden files anew")

// invoke runs the program.
func invoke(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, log bytes.Buffer
	code = run(t.Context(), args, &out, &log)
	return code, out.String(), log.String()
}

// sampleFile is a copy of the sample, after edits.
func sampleFile(t *testing.T, oldnew ...string) string {
	t.Helper()
	text := string(sample)
	for i := 0; i < len(oldnew); i += 2 {
		require.Equal(t, 1, strings.Count(text, oldnew[i]), oldnew[i])
		text = strings.Replace(text, oldnew[i], oldnew[i+1], 1)
	}
	path := filepath.Join(t.TempDir(), "applicationHost.config")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

var backupName = regexp.MustCompile(`\.\d{8}T\d{6}Z(-\d+)?\.bak`)

// matches compares with a golden file what the program printed about a file; folder and time of backups differ from run to run.
func matches(t *testing.T, golden, path, got string) {
	t.Helper()
	got = strings.ReplaceAll(got, strings.ReplaceAll(filepath.Dir(path)+string(filepath.Separator), `\`, `\\`), "FOLDER/")
	got = strings.ReplaceAll(got, filepath.Dir(path)+string(filepath.Separator), "FOLDER/")
	got = backupName.ReplaceAllString(got, ".TIME.bak")
	name := filepath.Join("testdata", golden)
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

const faults = "secure: 5 findings remain: client-certificate ClientWebService, root-requires-ssl Content, " +
	"root-not-secured DssAuthWebService, root-not-secured ServerSyncWebService, root-not-secured SimpleAuthWebService\n"

func TestAudit(t *testing.T) {
	path := sampleFile(t)
	for golden, args := range map[string][]string{"audit.txt": nil, "audit.json": {"-json"}} {
		code, stdout, stderr := invoke(t, append(args, "-config", path, "-name", sampleName)...)
		require.Equal(t, failed, code)
		require.Equal(t, faults, stderr)
		matches(t, golden, path, stdout)
		require.Equal(t, sample, read(t, path), "nothing is changed without -apply")
	}
}

// Applying changes what can be changed, keeps the original, and has nothing to do the second time.
func TestApply(t *testing.T) {
	for form, args := range map[string][]string{"txt": nil, "json": {"-json"}} {
		t.Run(form, func(t *testing.T) {
			path := sampleFile(t)
			args = append(args, "-config", path, "-name", sampleName, "-apply")
			code, stdout, stderr := invoke(t, args...)
			require.Equal(t, succeeded, code, stderr)
			require.Empty(t, stderr)
			matches(t, "apply."+form, path, stdout)
			require.Contains(t, strings.ReplaceAll(stdout, `\\`, `\`), `\Tools\WsusUtil.exe`)

			backups, err := filepath.Glob(path + ".*.bak")
			require.NoError(t, err)
			require.Len(t, backups, 1)
			require.Equal(t, sample, read(t, backups[0]))
			edited := read(t, path)
			require.NotEqual(t, sample, edited)

			code, stdout, stderr = invoke(t, args...)
			require.Equal(t, succeeded, code, stderr)
			matches(t, "again."+form, path, stdout)
			require.Equal(t, edited, read(t, path))
			backups, err = filepath.Glob(path + ".*.bak")
			require.NoError(t, err)
			require.Len(t, backups, 1)
		})
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// The JSON is read by its contract and not by the types that wrote it.
func TestJSON(t *testing.T) {
	_, stdout, _ := invoke(t, "-config", sampleFile(t), "-name", sampleName, "-json", "-apply")
	var out struct {
		Audit struct {
			Site  string
			Ports struct{ HTTP, HTTPS int }
			Roots []struct {
				Name       string
				RequireSSL bool
				SSLFlags   string `json:"sslFlags"`
				OK         bool
			}
			Findings    []struct{ Kind, Severity, Root, Cause, Remedy, ClientError string }
			NotLookedAt []string
		}
		Plan    struct{ Steps []struct{ ID, Title string } }
		Applied struct {
			Changed bool
			Backup  string
			Edits   []string
			After   struct{ Findings []struct{ Severity string } }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &out))
	require.Len(t, out.Audit.Roots, 9)
	require.Equal(t, "0x80072F0C", out.Audit.Findings[0].ClientError)
	require.True(t, out.Applied.Changed)
	require.Len(t, out.Applied.Edits, 5)
	for _, f := range out.Applied.After.Findings {
		require.Equal(t, "advice", f.Severity)
	}
}

// Without flags the program works on a copy of the sample, which stays.
func TestSample(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	code, stdout, stderr := invoke(t)
	require.Equal(t, failed, code)
	require.Contains(t, stdout, "Web site WSUS Administration")
	copies, err := filepath.Glob(filepath.Join(temp, "secure-sample-*", "applicationHost.config"))
	require.NoError(t, err)
	require.Len(t, copies, 1)
	require.Equal(t, sample, read(t, copies[0]))
	require.Contains(t, stderr, copies[0])
}

func TestWithoutName(t *testing.T) {
	code, stdout, _ := invoke(t, "-config", sampleFile(t))
	require.Equal(t, failed, code)
	require.Contains(t, stdout, "Give -name, the full name of the server that clients use, for a plan.")
	require.Contains(t, stdout, "the name that clients use: it was not told")
}

// What a binding lacks is added, and what the site requires is taken from it.
func TestApplyBindingAndSite(t *testing.T) {
	path := sampleFile(t,
		`<binding protocol="https" bindingInformation="*:8531:" sslFlags="0" />`, "",
		`<location path="WSUS Administration/Content">`, `<location path="WSUS Administration">`)
	code, stdout, stderr := invoke(t, "-config", path, "-name", sampleName, "-https", "8531", "-apply")
	require.Equal(t, succeeded, code, stderr)
	require.Contains(t, stdout, "https-binding-missing")
	require.Contains(t, stdout, "site-requires-ssl")
	require.Contains(t, stdout, `+                    <binding protocol="https" bindingInformation="*:8531:"`)
	require.Contains(t, stdout, "Get a certificate for wsus01.lab.example")
}
