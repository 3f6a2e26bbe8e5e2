package main

import (
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// services are the paths and the namespaces of the operations, as MS-WUSP has them.
var services = map[string][2]string{
	"GetConfig":              {"/ClientWebService/client.asmx", "http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService"},
	"ReportEventBatch":       {"/ReportingWebService/ReportingWebService.asmx", "http://www.microsoft.com/SoftwareDistribution"},
	"GetAuthorizationCookie": {"/SimpleAuthWebService/SimpleAuth.asmx", "http://www.microsoft.com/SoftwareDistribution/Server/SimpleAuthWebService"},
}

// recorded makes a transcript of answers that were kept as files: 000001-GetConfig.response.xml and so on, and content by its path. What was
// asked is not part of it, since another client asked.
func recorded(t *testing.T, answers fs.FS) []wsustest.Exchange {
	t.Helper()
	iis := http.Header{"Server": {"Microsoft-IIS/10.0"}, "X-Aspnet-Version": {"4.0.30319"}, "X-Powered-By": {"ASP.NET"}}
	var list []wsustest.Exchange
	require.NoError(t, fs.WalkDir(answers, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(answers, path)
		if err != nil {
			return err
		}
		e := wsustest.Exchange{Method: http.MethodGet, Path: "/" + path, Status: http.StatusOK, Header: iis.Clone(),
			Answer: wsustest.Body{Text: string(text)}}
		e.Header.Set("Content-Type", "application/octet-stream")
		if name, isAnswer := strings.CutSuffix(path, ".response.xml"); isAnswer {
			_, operation, _ := strings.Cut(name, "-")
			service, other := services[operation]
			if !other {
				service = services["GetConfig"]
			}
			e.Method, e.Path = http.MethodPost, service[0]
			e.RequestHeader = http.Header{}
			e.RequestHeader.Set("SOAPAction", `"`+service[1]+"/"+operation+`"`)
			e.Header.Set("Content-Type", "text/xml; charset=utf-8")
		}
		list = append(list, e)
		return nil
	}))
	slices.SortStableFunc(list, func(a, b wsustest.Exchange) int { return strings.Compare(b.Method, a.Method) })
	return list
}

// TestAgainstAForeignServer scans a server that this library did not make, installs what is required, and meets one update that
// cannot be installed. The answers are composed like those of WSUS: its prefixes, its headers, capital ids, locations with another host.
func TestAgainstAForeignServer(t *testing.T) {
	for _, form := range []struct {
		name string
		args []string
	}{{"foreign.txt", nil}, {"foreign.json", []string{"-json"}}} {
		t.Run(form.name, func(t *testing.T) {
			replay := wsustest.NewReplay(recorded(t, os.DirFS(filepath.Join("testdata", "foreign"))))
			l := newLab(t, replay)
			code, stdout, stderr := l.run(append(form.args, "-server", "http://wsus.norderney.example:8530", "-facts", "server2022.json", "-once", "-install")...)
			require.Equal(t, 1, code, "one update was not installed")
			require.Regexp(t, `not installed: .*0x80242002.*OSInstaller`, stderr)
			require.True(t, strings.HasSuffix(stderr, "\nagent: not all that is required was installed; failures told above: 1\n"), stderr)
			l.golden(form.name, stdout)
			requireConversation(t, replay)
		})
	}
}

// requireConversation holds that everything was asked for that was recorded, in its order, and nothing else.
func requireConversation(t *testing.T, replay *wsustest.Replay) {
	t.Helper()
	require.Zero(t, replay.Left())
	for _, d := range replay.Divergences() {
		require.NotZero(t, d.Exchange, d.String())
		require.NotContains(t, d.Reason, "recorded earlier", d.String())
	}
}

// TestAgainstCapturedAnswers does the same with answers of a real WSUS, where they are at hand.
func TestAgainstCapturedAnswers(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "testdata")
	if _, err := os.Stat(folder); err != nil {
		t.Log("no captures here: TestAgainstAForeignServer holds the same")
		return
	}
	read := func(path ...string) string {
		text, err := os.ReadFile(filepath.Join(append([]string{folder}, path...)...))
		require.NoError(t, err)
		return string(text)
	}
	replay := wsustest.NewReplay(recorded(t, captured(t, read)))
	l := newLab(t, replay)
	code, stdout, stderr := l.run("-server", "http://wsus.norderney.example:8530", "-facts", "windows11-24h2.json", "-once", "-json")
	require.Zero(t, code, stderr)
	var out output
	require.NoError(t, json.Unmarshal([]byte(stdout), &out))
	require.Len(t, out.Updates, 1, "the category is none")
	require.Equal(t, "a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe", out.Updates[0].ID)
	require.Equal(t, "notRequired", out.Updates[0].State, "its product is not on the machine")
	require.Contains(t, read("fragments", "a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe-r200.localized-en.xml"), "<Title>"+out.Updates[0].Title+"</Title>")
	requireConversation(t, replay)
}

// captured are the answers of the real server in the order in which the agent asks. What was not captured is as the composed server has it.
func captured(t *testing.T, read func(...string) string) fs.FS {
	composed := func(name string) string {
		text, err := os.ReadFile(filepath.Join("testdata", "foreign", name))
		require.NoError(t, err)
		return string(text)
	}
	const bundle = "a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe-r200"
	first := read("soap-client", "000006-SyncUpdates.response.xml")
	head, rest, _ := strings.Cut(first, "<UpdateInfo>")
	_, tail, _ := strings.Cut(rest, "</UpdateInfo>")
	info := func(fragment string) string {
		return "<Xml>" + html.EscapeString(read("fragments", bundle+fragment)) + "</Xml>"
	}
	second := head + "<UpdateInfo><ID>5</ID><Deployment><ID>6</ID><Action>Install</Action><IsAssigned>true</IsAssigned>" +
		"<LastChangeTime>2026-10-04</LastChangeTime></Deployment><IsLeaf>true</IsLeaf>" + info(".core.xml") + "</UpdateInfo>" + tail
	extended := read("soap-client", "000010-GetExtendedUpdateInfo.response.xml")
	head, rest, _ = strings.Cut(extended, "<Update>")
	tail = rest[strings.LastIndex(rest, "</Update>")+len("</Update>"):]
	extended = head + "<Update><ID>5</ID>" + info(".extended.xml") + "</Update><Update><ID>5</ID>" + info(".localized-en.xml") + "</Update>" + tail
	answers := fstest.MapFS{}
	for i, answer := range []struct{ operation, text string }{
		{"GetConfig", read("soap-client", "000001-GetConfig.response.xml")},
		{"GetAuthorizationCookie", read("soap-client", "000002-GetAuthorizationCookie.response.xml")},
		{"GetCookie", read("soap-client", "000003-GetCookie.response.xml")},
		{"RegisterComputer", composed("000004-RegisterComputer.response.xml")},
		{"SyncUpdates", first}, {"SyncUpdates", second},
		{"GetExtendedUpdateInfo", extended},
		{"ReportEventBatch", composed("000008-ReportEventBatch.response.xml")},
	} {
		answers[fmt.Sprintf("%06d-%s.response.xml", i+1, answer.operation)] = &fstest.MapFile{Data: []byte(answer.text)}
	}
	return answers
}
