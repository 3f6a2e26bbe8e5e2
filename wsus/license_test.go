package wsus_test

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// licensed is an update whose license agreement must be accepted.
func licensed(n, revision, eula int, more string) document {
	return document{id: id(n), revision: revision, title: fmt.Sprint("update ", n), deployable: true,
		attributes: fmt.Sprintf(`EulaID="%s" %s`, id(eula), more)}
}

func eulaFile(name, language, geo, text string) string {
	digest := sha1.Sum([]byte(text))
	return fmt.Sprintf(`<upd:EulaFile Digest="%s" DigestAlgorithm="SHA1" FileName="%s" Size="%d" Language="%s" GeoId="%s" />`,
		base64.StdEncoding.EncodeToString(digest[:]), name, len(text), language, geo)
}

func requireLicense(t *testing.T, err error, revision int32, eula int) {
	t.Helper()
	var license *wsus.LicenseError
	require.ErrorAs(t, err, &license)
	require.Equal(t, wsus.LicenseError{UpdateID: id(1), Revision: revision, EulaID: id(eula)}, *license)
}

func TestLicenseBeforeApproval(t *testing.T) {
	ctx := context.Background()
	server := newServer(t, licensed(1, 1, 100, ""), licensed(2, 1, 100, ""), licensed(3, 1, 100, `RequiresReacceptanceOfEula="true"`),
		document{id: id(4), title: "free", deployable: true})
	for _, action := range []wsus.Action{wsus.Install, wsus.OptionalInstall} {
		err := server.Approve(ctx, id(1), action, wsus.AllComputers)
		requireLicense(t, err, 1, 100)
		require.ErrorContains(t, err, "AcceptLicenseAgreement")
	}
	for _, action := range []wsus.Action{wsus.Scan, wsus.NotApproved} {
		require.NoError(t, server.Approve(ctx, id(1), action, wsus.AllComputers), "nobody installs it by that")
	}
	require.ErrorIs(t, server.AcceptLicenseAgreement(ctx, id(4), "anna"), wsus.ErrNotFound)
	require.ErrorIs(t, server.AcceptLicenseAgreement(ctx, id(9), "anna"), wsus.ErrNotFound)

	require.NoError(t, server.AcceptLicenseAgreement(ctx, id(1), "anna"))
	require.NoError(t, server.AcceptLicenseAgreement(ctx, id(1), "bert"))
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, wsus.AllComputers))
	require.NoError(t, server.Approve(ctx, id(2), wsus.Install, wsus.AllComputers), "the same id is the same text")
	var license *wsus.LicenseError
	require.ErrorAs(t, server.Approve(ctx, id(3), wsus.Install, wsus.AllComputers), &license, "it wants it accepted for itself")
	require.NoError(t, server.AcceptLicenseAgreement(ctx, id(3), "anna"))
	require.NoError(t, server.Approve(ctx, id(3), wsus.Install, wsus.AllComputers))
}

// Approvals wait with the old revision for the agreement of the new one.
func TestChangedLicenseAsksAnew(t *testing.T) {
	ctx := context.Background()
	server := newServer(t, licensed(1, 1, 100, ""))
	require.NoError(t, server.AcceptLicenseAgreement(ctx, id(1), "anna"))
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, wsus.AllComputers))
	imports := func(d document) wsus.ImportReport {
		report, err := server.Import(ctx, folder(d))
		require.NoError(t, err)
		require.Equal(t, 1, report.Added)
		return report
	}
	offered := func() int32 {
		updates := newWUA(t, server, "pc1", "").sync(t, clientsync.SyncParameters{}).NewUpdates
		require.Len(t, updates, 1)
		require.Equal(t, clientsync.Install, updates[0].Deployment.Action)
		return revisionOf(t, updates[0].XML)
	}
	require.Empty(t, imports(licensed(1, 2, 100, "")).Stale)
	require.Equal(t, int32(2), offered())

	for _, next := range []struct {
		document document
		eula     int
	}{{licensed(1, 3, 101, ""), 101}, {licensed(1, 4, 101, `RequiresReacceptanceOfEula="true"`), 101}} {
		before, now := int32(next.document.revision-1), int32(next.document.revision)
		report := imports(next.document)
		require.Len(t, report.Stale, 1)
		stale := report.Stale[0]
		requireLicense(t, stale.Err, now, next.eula)
		stale.Err = nil
		require.Equal(t, wsus.StaleApproval{UpdateID: id(1), Group: wsus.AllComputers, Action: wsus.Install, Approved: before, InForce: now}, stale)
		require.Equal(t, before, offered())
		requireLicense(t, server.Approve(ctx, id(1), wsus.Install, wsus.UnassignedComputers), now, next.eula)
		agreement, err := server.LicenseAgreement(ctx, id(1))
		require.NoError(t, err)
		require.Equal(t, wsus.LicenseAgreement{EulaID: id(next.eula), Revision: now}, agreement)
		require.NoError(t, server.AcceptLicenseAgreement(ctx, id(1), "anna"))
		require.Equal(t, now, offered())
	}
}

func TestLicenseAgreementText(t *testing.T) {
	ctx := context.Background()
	d := licensed(1, 1, 100, "")
	d.eulaFiles = eulaFile("eula.de.txt", "de", "", "Lizenz") + eulaFile("eula.fra.txt", "en", "FRA", "License in France") +
		eulaFile("eula.en.txt", "en", "", "License") + eulaFile("lost.txt", "it", "", "Licenza")
	fsys := fstest.MapFS{"1.xml": {Data: []byte(d.String())}, "eulas/eula.de.txt": {Data: []byte("Lizenz")},
		"eulas/eula.fra.txt": {Data: []byte("License in France")}, "eulas/EULA.en.txt": {Data: []byte("License")}, "lost.txt": {Data: []byte("forged!")}}
	server := newServer(t)
	report, err := server.Import(ctx, fsys)
	require.NoError(t, err)
	require.Equal(t, 3, report.Files)
	require.Equal(t, []string{"lost.txt"}, report.Missing)
	for _, want := range []struct{ asked, language, name, text string }{
		{"de-CH", "de", "eula.de.txt", "Lizenz"}, {"en", "en", "eula.en.txt", "License"}, {"ja", "en", "eula.en.txt", "License"}, {"it", "it", "lost.txt", ""}} {
		got, err := server.LicenseAgreement(ctx, id(1), want.asked)
		require.NoError(t, err)
		require.Equal(t, want.language, got.Language)
		require.Equal(t, want.name, got.Name)
		require.Equal(t, want.text, string(got.Text))
		require.False(t, got.Accepted)
	}
	require.NoError(t, server.AcceptLicenseAgreement(ctx, id(1), "anna"))
	got, err := server.LicenseAgreement(ctx, id(1))
	require.NoError(t, err)
	require.True(t, got.Accepted)
	for _, n := range []int{2, 9} {
		_, err := newServer(t, document{id: id(2), title: "free"}).LicenseAgreement(ctx, id(n))
		require.ErrorIs(t, err, wsus.ErrNotFound)
	}
}

// A program that asks for the agreement gets it in its language and for its country, with where the file is; what is not asked for is not sent.
func TestEulaFragment(t *testing.T) {
	ctx := t.Context()
	agreement := licensed(1, 1, 100, "")
	agreement.eulaFiles = eulaFile("en.txt", "en", "", "everybody") + eulaFile("fr.txt", "fr", "", "tous") + eulaFile("fra.txt", "fr", "FRA", "France")
	server := newServer(t, agreement, document{id: id(2), title: "free", deployable: true})
	agent := newWUA(t, server, "pc1", "")
	var ids []int32
	for _, u := range agent.sync(t, clientsync.SyncParameters{}).NewUpdates {
		ids = append(ids, u.ID)
	}
	ask := func(kind clientsync.FragmentType, geo string, locales ...string) clientsync.ExtendedInfo {
		info, err := agent.GetExtendedUpdateInfo(ctx, agent.cookie, clientsync.ExtendedQuery{RevisionIDs: ids,
			InfoTypes: []clientsync.FragmentType{kind}, Locales: locales, GeoID: geo})
		require.NoError(t, err)
		return info
	}
	for _, c := range []struct{ geo, locale, name, text string }{
		{"", "en-GB", "en.txt", "everybody"}, {"FRA", "en", "en.txt", "everybody"}, {"", "fr-FR", "fr.txt", "tous"}, {"BEL", "fr", "fr.txt", "tous"},
		{"fra", "fr", "fra.txt", "France"}, {"", "xx", "en.txt", "everybody"}} {
		info := ask(clientsync.EulaFragment, c.geo, c.locale)
		require.Len(t, info.Updates, 1, "the other update has none")
		digest := sha1.Sum([]byte(c.text))
		geo := ""
		if c.name == "fra.txt" {
			geo = ` GeoId="FRA"`
		}
		require.Equal(t, fmt.Sprintf(`<EulaFile Digest="%s" DigestAlgorithm="SHA1" FileName="%s" Size="%d" Language="%s"%s />`,
			base64.StdEncoding.EncodeToString(digest[:]), c.name, len(c.text), c.name[:2], geo), info.Updates[0].XML)
		require.Len(t, info.FileLocations, 1)
		require.Equal(t, digest, info.FileLocations[0].FileDigest)
		require.Regexp(t, `/Content/[0-9A-F]{2}/[0-9A-F]{40}\.txt$`, info.FileLocations[0].URL)
	}
	require.Empty(t, ask(clientsync.ExtendedFragment, "", "en").FileLocations)
}
