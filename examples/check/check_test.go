package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// TestExaminesOurServer examines a server over TLS and reads the conversation back.
func TestExaminesOurServer(t *testing.T) {
	ctx := context.Background()
	server, err := wsus.NewServer(ctx, wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()})
	require.NoError(t, err)
	_, err = server.Import(ctx, catalog.Files())
	require.NoError(t, err)
	over := httptest.NewTLSServer(server)
	defer over.Close()
	folder := t.TempDir()
	ca := filepath.Join(folder, "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: over.Certificate().Raw}), 0o600))

	var stdout, stderr bytes.Buffer
	recorded := filepath.Join(folder, "conversation.txt")
	require.Zero(t, run(ctx, []string{"-server", over.URL, "-ca", ca, "-record", recorded}, &stdout, &stderr), stdout.String()+stderr.String())
	require.Contains(t, stdout.String(), "changed on the server: the computer wsustest.invalid")
	require.Contains(t, stdout.String(), " 0 failed, ")
	file, err := os.Open(recorded)
	require.NoError(t, err)
	defer file.Close()
	exchanges, err := wsustest.ReadTranscript(file)
	require.NoError(t, err)
	require.Greater(t, len(exchanges), 30)

	stdout.Reset()
	require.Zero(t, run(ctx, []string{"-server", over.URL, "-ca", ca, "-json"}, &stdout, &stderr), stderr.String())
	var report wsustest.Report
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &report))
	require.NotEmpty(t, report.Results)
	require.Empty(t, report.Failed())

	count := func() (n int) {
		for _, err := range server.Computers(ctx) {
			require.NoError(t, err)
			n++
		}
		return n
	}
	before := count()
	for range 2 {
		require.Zero(t, run(ctx, []string{"-server", over.URL, "-ca", ca, "-id", "examiner"}, &stdout, &stderr), stderr.String())
	}
	require.Equal(t, before+1, count())

	require.Equal(t, exitUsage, run(ctx, []string{"-server", over.URL, "-record", recorded}, &stdout, &stderr), "nothing is overwritten")
}

// TestRecordsNoHalves says when a transcript lacks something, and leaves none of an examination that did not begin.
func TestRecordsNoHalves(t *testing.T) {
	recorded := filepath.Join(t.TempDir(), "conversation.txt")
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitUsage, run(context.Background(), []string{"-server", "nonsense", "-record", recorded}, &stdout, &stderr))
	require.Equal(t, 1, strings.Count(stderr.String(), "check: "), "its own name once: %s", stderr.String())
	require.NoFileExists(t, recorded)

	anything := httptest.NewServer(http.NotFoundHandler())
	defer anything.Close()
	for limit, want := range map[int64]string{1: "record: 1 exchanges did not fit into the transcript", maxTranscript: ""} {
		recorder := &wsustest.Recorder{Output: &stdout, MaxTranscript: limit}
		response, err := (&http.Client{Transport: recorder}).Get(anything.URL)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		if err := incomplete(recorder); want != "" {
			require.EqualError(t, err, want)
		} else {
			require.NoError(t, err)
		}
	}
}

func TestExitCodes(t *testing.T) {
	nothing := httptest.NewServer(http.NotFoundHandler())
	defer nothing.Close()
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{nil, exitUsage, "-server must say"},
		{[]string{"-server", "http://wsus.example", "-wait", "-1s"}, exitUsage, "-wait is -1s"},
		{[]string{"-server", "ftp://wsus.example"}, exitUsage, "not the base URL of a server"},
		{[]string{"-server", "http://wsus.example", "more"}, exitUsage, `unexpected argument "more"`},
		{[]string{"-server", "http://wsus.example", "-ca", "main.go"}, exitUsage, "no certificate in PEM form"},
		{[]string{"-server", nothing.URL}, exitFailed, "the server answered 404"},
		{[]string{"-server", "wsus.example:8530"}, exitUsage, "like http://wsus.example:8530"},
		{[]string{"-server", "10.0.0.7:8530"}, exitUsage, "like http://wsus.example:8530"},
	} {
		var stdout, stderr bytes.Buffer
		require.Equal(t, c.code, run(context.Background(), c.args, &stdout, &stderr), c.args)
		require.Contains(t, stdout.String()+stderr.String(), c.want)
	}
}

// TestInterrupted prints what there is.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}))
	defer hanging.Close()
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitUsage, run(ctx, []string{"-server", hanging.URL}, &stdout, &stderr))
	require.Contains(t, stdout.String(), "0 passed, 0 failed, ")
	require.Contains(t, stderr.String(), "context canceled")
}
