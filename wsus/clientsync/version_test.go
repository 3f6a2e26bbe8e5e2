package clientsync_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func TestVersionsInOrder(t *testing.T) {
	known := []string{"0.9", "1.0", "1.6", "1.8", "1.9", "1.10", "2.0", "2.4", "2.32", "2.90", "3.0", "3.2"}
	for i, text := range known {
		v, err := clientsync.ParseVersion(text)
		require.NoError(t, err)
		require.Equal(t, text, v.String())
		for j, other := range known {
			w, err := clientsync.ParseVersion(other)
			require.NoError(t, err)
			require.Equal(t, i >= j, v.AtLeast(w), "%s at least %s", v, w)
		}
	}
	for _, text := range []string{"", "2", "2.", ".4", "2.4.1", "-1.0", "2.x", "+1.8", "1.65536", " 1.8"} {
		_, err := clientsync.ParseVersion(text)
		require.Error(t, err, text)
	}
}

// An agent before Windows 10 version 1903 does not know OptionalInstall, and is told in its own words to offer and not to install.
func TestOptionalInstallForOldAgents(t *testing.T) {
	for version, want := range map[string]clientsync.Deployment{
		"1.8": {Action: clientsync.Install}, "1.9": {Action: clientsync.Install},
		"2.0":  {Action: clientsync.OptionalInstall, IsAssigned: true},
		"2.90": {Action: clientsync.OptionalInstall, IsAssigned: true},
	} {
		m := newMemory()
		m.info = clientsync.SyncInfo{NewUpdates: []clientsync.UpdateInfo{{ID: 1, XML: "<a />", Deployment: clientsync.Deployment{ID: 1,
			Action: clientsync.OptionalInstall, IsAssigned: true, LastChangeTime: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}}}}
		client, _ := connect(t, serve(m))
		info, err := client.SyncUpdates(t.Context(), shakeHands(t, client, m, version), clientsync.SyncParameters{})
		require.NoError(t, err)
		got := info.NewUpdates[0].Deployment
		require.Equal(t, want, clientsync.Deployment{Action: got.Action, IsAssigned: got.IsAssigned}, version)
	}
}
