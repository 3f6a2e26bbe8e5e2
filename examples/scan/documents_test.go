package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// folder copies documents of the sample into a folder of its own.
func folder(t *testing.T, pattern string) string {
	t.Helper()
	dir := t.TempDir()
	names, err := fs.Glob(catalog.Files(), "updates/"+pattern)
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		text, err := fs.ReadFile(catalog.Files(), name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o644))
	}
	return dir
}

func TestCatalogFoldersAddUp(t *testing.T) {
	categories, detectoids := folder(t, "0*.xml"), folder(t, "1*.xml")
	hardening := folder(t, "27*.xml")
	l := list(t, "-facts", "server2022.json", "-catalog", categories, "-catalog", detectoids, "-catalog", hardening)
	states := map[string]string{}
	for _, update := range l.Updates {
		states[update.Title] = update.State
	}
	require.Equal(t, map[string]string{
		"Windows hardening baseline, level 1 (KB9900111)": "notRequired",
		"Windows hardening baseline, level 2 (KB9900112)": "required",
		"Windows hardening baseline, level 3 (KB9900113)": "notRequired",
	}, states)
}

func TestDamagedDocumentIsRefusedAndTheRestRead(t *testing.T) {
	dir := folder(t, "*.xml")
	damaged := filepath.Join(dir, "999-damaged.xml")
	require.NoError(t, os.WriteFile(damaged, []byte("<upd:Update xmlns:upd=\"http://schemas.microsoft.com/msus/2002/12/Update\">\n\n<upd:Properties"), 0o644))
	code, stdout, stderr := invoke(t, "-facts", "server2022.json", "-catalog", dir)
	require.Equal(t, 0, code)
	require.Contains(t, stdout, "61 updates")
	require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	require.Contains(t, stderr, "scan: refused "+damaged+":3: ")
}

func TestCabinetIsRefusedByName(t *testing.T) {
	dir := folder(t, "*.xml")
	stray, payload := filepath.Join(dir, "wsusscn2.CAB"), filepath.Join(dir, "SSU-20348.2500-x64.cab")
	for _, name := range []string{stray, payload} {
		require.NoError(t, os.WriteFile(name, []byte("MSCF"), 0o644))
	}
	code, _, stderr := invoke(t, "-facts", "server2022.json", "-catalog", dir)
	require.Equal(t, 0, code)
	require.Equal(t, "scan: refused "+stray+": "+noCabinets+"\n", stderr, "the payload of a document is no catalogue")

	code, stdout, stderr := invoke(t, "-facts", "server2022.json", "-catalog", stray)
	require.Equal(t, 1, code)
	require.Empty(t, stdout)
	require.Equal(t, "scan: -catalog "+stray+": "+noCabinets+"\n", stderr)
}

// A higher revision replaces a lower one, whatever the order; the same revision with other content is refused.
func TestHighestRevisionIsInForce(t *testing.T) {
	dir := folder(t, "*.xml")
	name := filepath.Join(dir, "288-kb9900117-removal-tool-5.130.xml")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	newer := strings.Replace(string(text), `RevisionNumber="200"`, `RevisionNumber="201"`, 1)
	newer = strings.Replace(newer, "<upd:Title>", "<upd:Title>Revised: ", 1)
	other := strings.Replace(string(text), "<upd:Title>", "<upd:Title>Forged: ", 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "000-newer.xml"), []byte(newer), 0o644))
	code, stdout, stderr := invoke(t, "-facts", "server2022.json", "-catalog", dir)
	require.Equal(t, 0, code)
	require.Empty(t, stderr)
	require.Contains(t, stdout, "201       Revised: Windows removal tool for unwanted software, x64, v5.130")
	require.Contains(t, stdout, "61 updates")

	require.NoError(t, os.Remove(filepath.Join(dir, "000-newer.xml")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "999-forged.xml"), []byte(other), 0o644))
	code, stdout, stderr = invoke(t, "-facts", "server2022.json", "-catalog", dir)
	require.Equal(t, 0, code)
	require.NotContains(t, stdout, "Forged")
	require.Contains(t, stderr, "999-forged.xml: "+name+" holds revision 200 of the same update with other content")
}

// An expired revision replaces the one that was published, and is not offered.
func TestExpiredRevisionTakesTheUpdateAway(t *testing.T) {
	dir := folder(t, "*.xml")
	text, err := os.ReadFile(filepath.Join(dir, "288-kb9900117-removal-tool-5.130.xml"))
	require.NoError(t, err)
	expired := strings.NewReplacer(`RevisionNumber="200"`, `RevisionNumber="201"`, `"Published"`, `"Expired"`).Replace(string(text))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "999-expired.xml"), []byte(expired), 0o644))
	states := map[string]string{}
	for _, update := range list(t, "-facts", "server2022.json", "-catalog", dir).Updates {
		states[update.Title] = update.State
	}
	require.NotContains(t, states, "Windows removal tool for unwanted software, x64, v5.130 (KB9900117)")
	require.Equal(t, "required", states["Windows removal tool for unwanted software, x64, v5.129 (KB9900118)"],
		"an update that is not offered supersedes nothing")
}

// lockedFolder is a folder with one below it that cannot be read.
type lockedFolder struct{ fstest.MapFS }

func (f lockedFolder) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "locked" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.ReadDir(name)
}

func (f lockedFolder) Open(name string) (fs.File, error) {
	if name == "unreadable.xml" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.Open(name)
}

// What cannot be read is named, and the rest is read.
func TestUnreadableFilesAndFolders(t *testing.T) {
	text, err := fs.ReadFile(catalog.Files(), "updates/022-family-windows.xml")
	require.NoError(t, err)
	fsys := lockedFolder{fstest.MapFS{
		"locked/a.xml": {Data: text}, "readable/b.xml": {Data: text}, "unreadable.xml": {Data: text},
		"pipe.xml": {Mode: fs.ModeNamedPipe},
	}}
	var stderr bytes.Buffer
	d := &documents{updates: map[uuid.UUID]*metadata.Update{}, from: map[uuid.UUID]string{}}
	require.NoError(t, d.readFolder(t.Context(), fsys, "catalog", &stderr))
	require.Len(t, d.updates, 1)
	require.Equal(t, "scan: refused catalog/locked: permission denied\nscan: refused catalog/pipe.xml: it is no regular file\n"+
		"scan: refused catalog/unreadable.xml: permission denied\n", stderr.String())
}

// Ctrl-C ends the program at once, with a word about it and without a result.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{nil, {"-why", "KB9900110"}} {
		var stdout, stderr bytes.Buffer
		require.Equal(t, 1, run(ctx, append([]string{"-facts", "server2022.json"}, args...), &stdout, &stderr))
		require.Empty(t, stdout.String())
		require.Equal(t, "scan: interrupted\n", stderr.String())
	}
}

// A title from a foreign document neither breaks the table nor steers the terminal.
func TestTitlesStayOnTheirLine(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("testdata", "works", "catalog", "12-crusher-3.0.xml"))
	require.NoError(t, err)
	odd := strings.Replace(string(text), "<upd:Title>", "<upd:Title>a&#10;\u009b31m\u202eb ", 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "odd.xml"), []byte(odd), 0o644))
	code, stdout, stderr := invoke(t, "-facts", "server2022.json", "-catalog", dir)
	require.Equal(t, 0, code, stderr)
	require.Contains(t, stdout, "1         a  31m b Steinbruch Crusher 3.0\n")
}

// A catalogue without anything to deploy says so, and what to do.
func TestNothingToDeploy(t *testing.T) {
	code, stdout, stderr := invoke(t, "-facts", "server2022.json", "-catalog", folder(t, "0*.xml"))
	require.Equal(t, 0, code, stderr)
	require.Contains(t, stdout, "0 updates: 0 required")
	require.Contains(t, stdout, "None of the documents is an update that can be deployed alone; -all lists the others")
}

// Real documents: a bundle whose prerequisites are not in the folder, so that it is not considered.
func TestRealDocuments(t *testing.T) {
	dir := filepath.Join(moduleParent(t), "shared", "testdata", "update-xml")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("shared/testdata is not here")
	}
	code, stdout, stderr := invoke(t, "-facts", "windows11-24h2.json", "-catalog", dir)
	require.Equal(t, 0, code)
	require.Equal(t, 2, strings.Count(stderr, noCabinets), stderr)
	require.Contains(t, stdout, "Not Required  a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe  200       "+
		"Security Intelligence Update for Microsoft Defender Antivirus - KB2267602 (Version 1.459.547.0) - Current Channel (Broad)")

	// Beside the sample, the real company category takes the place of ours, and nothing else changes.
	both := list(t, "-facts", "windows11-24h2.json", "-catalog", dir, "-catalog", folder(t, "*.xml"))
	require.Len(t, both.Updates, 61+1)
}

// moduleParent walks up to the folder that holds the module.
func moduleParent(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Dir(dir)
		}
		require.NotEqual(t, filepath.Dir(dir), dir, "no go.mod above")
		dir = filepath.Dir(dir)
	}
}
