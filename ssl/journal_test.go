package ssl_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable"
	"github.com/seed599db172/softwareupdates/ssl"
)

func TestJournalTellsWhatWasFound(t *testing.T) {
	f := halfConfigured()
	path := t.TempDir() + "/servers/wsus01.json"
	_, err := ssl.ReadJournal(path)
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = ssl.Rollback(t.Context(), f, ssl.ApplyOptions{Journal: path})
	require.ErrorIs(t, err, fs.ErrNotExist)

	_, err = ssl.Apply(t.Context(), f, f.planned(t), ssl.ApplyOptions{Journal: path})
	require.NoError(t, err)
	journal, err := ssl.ReadJournal(path)
	require.NoError(t, err)
	found := map[string]string{}
	for _, entry := range journal.Entries {
		require.Equal(t, ssl.EntryChanged, entry.State, entry.ID)
		found[entry.ID] = entry.Found
	}
	require.Equal(t, map[string]string{
		"attach-certificate":               oldThumb + " {00000000-1111-2222-3333-444444444444} WebHosting",
		"require-ssl ServerSyncWebService": "None",
		"require-ssl SimpleAuthWebService": "Ssl,SslNegotiateCert,SslRequireCert,Ssl128",
		"lift-ssl Content":                 "Ssl",
		"configuressl": "UsingSSL=REG_DWORD:0x1; PortNumber=REG_DWORD:0x2153; " +
			"ServerCertificateName=REG_SZ:old name; with signs",
		"restart-iis": "", "restart-wsus": "", "checkhealth": "",
	}, found)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(data), "EncryptionKey")
}

func TestJournalOfAnotherPlan(t *testing.T) {
	f, o := untouched(), ssl.ApplyOptions{Journal: t.TempDir() + "/journal"}
	plan := f.planned(t)
	_, err := ssl.Apply(t.Context(), f, plan, o)
	require.NoError(t, err)

	other := onDefaultWebSite()
	_, err = ssl.Apply(t.Context(), other, other.planned(t), o)
	require.ErrorIs(t, err, ssl.ErrOtherPlan)
	require.Zero(t, other.changes)

	lock, err := durable.LockFile(o.Journal + ".lock")
	require.NoError(t, err)
	defer lock.Close()
	_, err = ssl.Rollback(t.Context(), f, o)
	require.ErrorIs(t, err, ssl.ErrJournalInUse)
}

func TestJournalIsNeeded(t *testing.T) {
	f := untouched()
	_, err := ssl.Apply(t.Context(), f, f.planned(t), ssl.ApplyOptions{})
	require.ErrorContains(t, err, "a journal is needed")
	require.Empty(t, f.commands)
}

func TestDamagedJournal(t *testing.T) {
	good := ssl.Journal{Version: 1, Site: wsusSite, Name: fakeName, Tools: ssl.Tools{Appcmd: ssl.DefaultAppcmdPath, WSUSUtil: toolPath}}
	good.Ports.HTTP, good.Ports.HTTPS = 8530, 8531
	entry := ssl.JournalEntry{ID: "a", State: ssl.EntryFound, Setting: ssl.Setting{Kind: ssl.AccessFlags, Site: wsusSite, Path: "Content"}}
	for want, change := range map[string]func(*ssl.Journal){
		"its version is 2":     func(j *ssl.Journal) { j.Version = 2 },
		`its state is "lost"`:  func(j *ssl.Journal) { entry := entry; entry.State = "lost"; j.Entries = append(j.Entries, entry) },
		`"a" is there twice`:   func(j *ssl.Journal) { j.Entries = append(j.Entries, entry, entry) },
		"unknown kind":         func(j *ssl.Journal) { e := entry; e.Setting.Kind = "rm"; j.Entries = append(j.Entries, e) },
		"none that a plan has": func(j *ssl.Journal) { e := entry; e.Setting.Path = "../x"; j.Entries = append(j.Entries, e) },
		"covers changes":       func(j *ssl.Journal) { e := entry; e.Covered = 1; j.Entries = append(j.Entries, e) },
		"a shell changes":      func(j *ssl.Journal) { j.Tools.Appcmd = `C:\a" & calc & ".exe` },
		"not a DNS name":       func(j *ssl.Journal) { j.Name = "-enable" },
		"rename the site":      func(j *ssl.Journal) { j.Site = `a"` },
		"port is missing":      func(j *ssl.Journal) { j.Ports.HTTP = 0 },
		"1001 entries":         func(j *ssl.Journal) { j.Entries = make([]ssl.JournalEntry, 1001) },
	} {
		j := good
		change(&j)
		data, err := json.Marshal(j)
		require.NoError(t, err)
		_, err = ssl.ParseJournal(data)
		require.ErrorIs(t, err, ssl.ErrJournal)
		require.ErrorContains(t, err, want)

		// Nothing is done, and the file stays for whoever can read it.
		path := t.TempDir() + "/journal"
		require.NoError(t, os.WriteFile(path, data, 0o600))
		f := untouched()
		_, err = ssl.Apply(t.Context(), f, f.planned(t), ssl.ApplyOptions{Journal: path})
		require.ErrorIs(t, err, ssl.ErrJournal)
		require.Empty(t, f.commands)
		kept, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, data, kept)
	}
	_, err := ssl.ParseJournal([]byte(strings.Repeat(" ", 1<<20+1)))
	require.ErrorIs(t, err, ssl.ErrJournal)
	_, err = ssl.ParseJournal([]byte(`{"version":1,`))
	require.ErrorIs(t, err, ssl.ErrJournal)
}

// Whatever is accepted can be written and read again, and rolling it back runs nothing but the programs that it names.
func FuzzJournal(f *testing.F) {
	server := halfConfigured()
	path := f.TempDir() + "/journal"
	if _, err := ssl.Apply(f.Context(), server, server.planned(f), ssl.ApplyOptions{Journal: path}); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"version":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		journal, err := ssl.ParseJournal(data)
		if err != nil {
			require.ErrorIs(t, err, ssl.ErrJournal)
			return
		}
		again, err := json.Marshal(journal)
		require.NoError(t, err)
		read, err := ssl.ParseJournal(again)
		require.NoError(t, err)
		require.Equal(t, len(journal.Entries), len(read.Entries))
	})
}

func TestPlanComesBack(t *testing.T) {
	for _, f := range []*fakeIIS{untouched(), halfConfigured(), inherited(), moved(), onDefaultWebSite(), oddName()} {
		plan := f.planned(t)
		data, err := json.Marshal(plan)
		require.NoError(t, err)
		read, err := ssl.ParsePlan(data)
		require.NoError(t, err)
		require.Equal(t, plan, read)
	}
}

// A plan that was changed on its way runs what its settings say and nothing that was put in.
func TestChangedPlan(t *testing.T) {
	data, err := json.Marshal(untouched().planned(t))
	require.NoError(t, err)
	read, err := ssl.ParsePlan([]byte(strings.ReplaceAll(string(data), "iisreset.exe", "format.com")))
	require.NoError(t, err)
	again, err := json.Marshal(read)
	require.NoError(t, err)
	require.JSONEq(t, string(data), string(again))

	// Words of a plan stay comments.
	spoken, err := ssl.ParsePlan([]byte(strings.Replace(string(data), `"title":"`, `"title":"a\r\nformat C:\n`, 1)))
	require.NoError(t, err)
	require.NotContains(t, spoken.PowerShell(), "\nformat")
	require.NotContains(t, spoken.Appcmd(), "\nformat")

	for _, change := range [][2]string{
		{`"kind":"health"`, `"kind":"other"`}, {`"want":"Ssl"`, `"want":"None & x"`}, {`"protocol":"https"`, `"protocol":"ftp"`},
		{`"id":"require-ssl ClientWebService"`, `"id":"require-ssl ApiRemoting30"`}, {`"https":8531`, `"https":8532`},
	} {
		changed := strings.Replace(string(data), change[0], change[1], 1)
		if changed == string(data) {
			require.Equal(t, `"protocol":"https"`, change[0], "this plan binds nothing")
			continue
		}
		_, err := ssl.ParsePlan([]byte(changed))
		require.ErrorIs(t, err, ssl.ErrPlan, change[1])
	}
	_, err = ssl.ParsePlan([]byte(strings.Repeat(" ", 1<<20+1)))
	var all *multierror.Error
	require.ErrorIs(t, err, ssl.ErrPlan)
	_, err = ssl.ParsePlan([]byte(`{}`))
	require.ErrorAs(t, err, &all)
}

func FuzzPlan(f *testing.F) {
	data, err := json.Marshal(moved().planned(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := ssl.ParsePlan(data)
		if err != nil {
			require.ErrorIs(t, err, ssl.ErrPlan)
			return
		}
		// The forms of whatever is accepted can be written, and no line of the batch file is one that was refused.
		require.NotContains(t, plan.Appcmd(), "goto failed & rem")
		require.NotEmpty(t, plan.PowerShell())
	})
}
