package catalog_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"io/fs"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func documents(t *testing.T) map[uuid.UUID]*metadata.Update {
	t.Helper()
	names, err := fs.Glob(catalog.Files(), "updates/*.xml")
	require.NoError(t, err)
	all := map[uuid.UUID]*metadata.Update{}
	for _, name := range names {
		text, err := fs.ReadFile(catalog.Files(), name)
		require.NoError(t, err)
		update, err := metadata.Parse(text)
		require.NoError(t, err, name)
		require.NotContains(t, all, update.UpdateID, name)
		all[update.UpdateID] = update
	}
	return all
}

// Every relationship leads to a document of the catalogue, bundles to the exact revision.
func TestRelationshipsAreWhole(t *testing.T) {
	all := documents(t)
	for _, update := range all {
		title := update.Localized[0].Title
		for _, clause := range update.Relationships.Prerequisites {
			for _, member := range clause.Members {
				require.Contains(t, all, member.UpdateID, "prerequisite of %s", title)
			}
		}
		for _, clause := range update.Relationships.Bundled {
			for _, member := range clause.Members {
				require.Contains(t, all, member.UpdateID, "member of %s", title)
				require.Equal(t, member, all[member.UpdateID].Identity, "member of %s", title)
				require.False(t, all[member.UpdateID].ExplicitlyDeployable, "member of %s", title)
			}
		}
		for _, victim := range update.Relationships.Superseded {
			require.Contains(t, all, victim, "superseded by %s", title)
		}
	}
}

// Digests and sizes are those of the files in content/.
func TestPayloadsMatchTheirDigests(t *testing.T) {
	files := 0
	for _, update := range documents(t) {
		for _, file := range update.Extended.Files {
			content, err := fs.ReadFile(catalog.Files(), "content/"+file.Name)
			require.NoError(t, err)
			require.EqualValues(t, len(content), file.Size, file.Name)
			require.Equal(t, sha1.Sum(content), file.SHA1, file.Name)
			require.Equal(t, sha256.Sum256(content), file.SHA256, file.Name)
			files++
		}
	}
	entries, err := fs.ReadDir(catalog.Files(), "content")
	require.NoError(t, err)
	require.Len(t, entries, files, "files that no document names, or that two documents name")
}

// The catalogue has what the example is to show.
func TestCatalogueHasEveryKind(t *testing.T) {
	handlers, severities, reboots, impacts := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	deployable, expired, bundlesOfSeveralClauses, twoLanguages := 0, 0, 0, 0
	for _, update := range documents(t) {
		handlers[update.Extended.Handler]++
		severities[update.Extended.MsrcSeverity]++
		if update.ExplicitlyDeployable {
			deployable++
		}
		if update.PublicationState == "Expired" {
			expired++
		}
		if len(update.Relationships.Bundled) > 1 {
			bundlesOfSeveralClauses++
		}
		if len(update.Localized) > 1 {
			twoLanguages++
		}
		if update.Extended.Installation != nil {
			reboots[update.Extended.Installation.RebootBehavior]++
			impacts[update.Extended.Installation.Impact]++
		}
	}
	require.GreaterOrEqual(t, deployable, 40)
	require.Equal(t, 1, expired)
	require.GreaterOrEqual(t, bundlesOfSeveralClauses, 3)
	require.GreaterOrEqual(t, twoLanguages, 4)
	require.Equal(t, 1, reboots["AlwaysRequiresReboot"])
	require.Equal(t, 1, impacts["RequiresExclusiveHandling"])
	for _, handler := range []string{"CommandLineInstallation", "WindowsInstaller", "Cbs", "Category"} {
		require.NotZero(t, handlers["http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/"+handler], handler)
	}
	for _, severity := range []string{"Critical", "Important", "Moderate", "Low"} {
		require.NotZero(t, severities[severity], severity)
	}
}
