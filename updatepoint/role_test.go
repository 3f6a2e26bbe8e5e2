package updatepoint_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

func TestSiteCode(t *testing.T) {
	for _, code := range []string{"", "LA", "LABS", "lab", "L B", "LÄ", "AUX", "CON", "NUL", "PRN", "SMS"} {
		_, err := updatepoint.NewSite(t.Context(), code, updatepoint.Config{Store: newRecords(), Compliance: newReports()})
		require.ErrorContains(t, err, "site code", code)
	}
	_, err := updatepoint.NewSite(t.Context(), "sms", updatepoint.Config{Mode: 7, MaxClients: -1, SyncInterval: -1})
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 6)
}

func TestRoleIsRefusedWithEveryReason(t *testing.T) {
	replica := newHost()
	replica.detection.Replica, replica.detection.Version = true, "2.0.0.2620"
	none := newHost()
	none.detection = updatepoint.Detection{}
	unknown := newHost()
	unknown.detectErr = errors.New("registry cannot be read")
	elsewhere := newHost()
	elsewhere.detection.Ports = ports.Default
	good := updatepoint.Settings{Server: server, WSUS: newHost(), Ports: ports.Custom}
	with := func(change func(*updatepoint.Settings)) updatepoint.Settings {
		set := good
		change(&set)
		return set
	}
	for name, c := range map[string]struct {
		mode     updatepoint.Mode
		settings updatepoint.Settings
		want     []error
	}{
		"everything": {updatepoint.NativeMode, updatepoint.Settings{Server: "10.0.0.1", ConnectionType: updatepoint.Internet}, []error{
			updatepoint.ErrServerName, updatepoint.ErrPortsMissing, updatepoint.ErrSSLRequired, updatepoint.ErrConnectionType,
			updatepoint.ErrNoWSUS}},
		"no WSUS":        {0, with(func(s *updatepoint.Settings) { s.WSUS = none }), []error{updatepoint.ErrNoWSUS}},
		"old replica":    {0, with(func(s *updatepoint.Settings) { s.WSUS = replica }), []error{updatepoint.ErrWSUSTooOld, updatepoint.ErrReplica}},
		"old":            {0, with(func(s *updatepoint.Settings) { s.WSUS, s.AllowReplica = replica, true }), []error{updatepoint.ErrWSUSTooOld}},
		"no port":        {0, with(func(s *updatepoint.Settings) { s.Ports = ports.Pair{} }), []error{updatepoint.ErrPortsMissing}},
		"one port":       {0, with(func(s *updatepoint.Settings) { s.Ports.HTTP = 0 }), []error{ports.ErrMissing}},
		"no pair":        {0, with(func(s *updatepoint.Settings) { s.Ports.HTTPS = 443 }), []error{ports.ErrPairing}},
		"other ports":    {0, with(func(s *updatepoint.Settings) { s.WSUS = elsewhere }), []error{updatepoint.ErrPortsMismatch}},
		"native, plain":  {updatepoint.NativeMode, good, []error{updatepoint.ErrSSLRequired}},
		"no certificate": {0, with(func(s *updatepoint.Settings) { s.SSL.Required = true }), []error{ssl.ErrNoCertificate}},
		"bad name":       {0, with(func(s *updatepoint.Settings) { s.Server = "wsus 01" }), []error{updatepoint.ErrServerName}},
		"cannot tell":    {0, with(func(s *updatepoint.Settings) { s.WSUS = unknown }), []error{unknown.detectErr}},
	} {
		t.Run(name, func(t *testing.T) {
			site, store := newSite(t, c.mode)
			before := store.snapshot()
			_, err := site.AddSoftwareUpdatePoint(t.Context(), c.settings)
			var faults *multierror.Error
			require.ErrorAs(t, err, &faults)
			require.Len(t, faults.Errors, len(c.want), "%v", err)
			for _, want := range c.want {
				require.ErrorIs(t, err, want)
			}
			require.Equal(t, before, store.snapshot())
			systems, err := site.SiteSystems(t.Context())
			require.NoError(t, err)
			require.Empty(t, systems)
		})
	}
}

func TestSecondPointIsRefused(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site)
	_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: "wsus02.lab.example", WSUS: newHost(), Ports: ports.Custom})
	require.ErrorIs(t, err, updatepoint.ErrSecondPoint)
	require.ErrorContains(t, err, server+" has the role: remove it there first")
}

func TestNothingWorksWithoutTheRole(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	refused := func() {
		t.Helper()
		ctx := t.Context()
		_, err := site.Deploy(ctx, updatepoint.Deployment{})
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		_, err = site.Deployments(ctx)
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		_, err = site.DeploymentStatus(ctx, uuid.Nil)
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		require.ErrorIs(t, site.RemoveDeployment(ctx, uuid.Nil), updatepoint.ErrNoSoftwareUpdatePoint)
		_, err = site.Compliance(ctx)
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		_, err = site.ComplianceSummary(ctx)
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		_, err = site.Updates(ctx)
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		_, err = site.SyncStatus(ctx)
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		_, err = site.SoftwareUpdatePoint(ctx)
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		require.ErrorIs(t, site.Synchronize(ctx), updatepoint.ErrNoSoftwareUpdatePoint)
		require.ErrorIs(t, site.RemoveSoftwareUpdatePoint(ctx), updatepoint.ErrNoSoftwareUpdatePoint)
	}
	refused()
	withPoint(t, site, update(1, "One"))
	_, err := site.Deploy(t.Context(), updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: updatepoint.AllSystems})
	require.NoError(t, err)
	require.NoError(t, site.RemoveSoftwareUpdatePoint(t.Context()))
	refused()

	withPoint(t, site, update(1, "One"))
	deployments, err := site.Deployments(t.Context())
	require.NoError(t, err)
	require.Len(t, deployments, 1, "removing the role loses nothing")
}

func TestRoleIsListed(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	require.NoError(t, site.AddSiteSystem(t.Context(), "dp01.lab.example"))
	require.ErrorIs(t, site.AddSiteSystem(t.Context(), "dp_01"), updatepoint.ErrServerName)
	h := withPoint(t, site)
	require.NoError(t, site.AddSiteSystem(t.Context(), "WSUS01.LAB.EXAMPLE"), "it is there, compared without case")
	systems, err := site.SiteSystems(t.Context())
	require.NoError(t, err)
	require.Len(t, systems, 2)
	require.Empty(t, systems[0].Roles)
	require.Equal(t, server, systems[1].Name)
	role := systems[1].Roles[0]
	require.Equal(t, "SMS Software Update Point", role.Name)
	require.Equal(t, updatepoint.StatusOK, role.Status)

	h.fail("Content", http.StatusForbidden)
	point, err := site.SoftwareUpdatePoint(t.Context())
	require.NoError(t, err)
	point.Channel(t.Context())
	systems, err = site.SiteSystems(t.Context())
	require.NoError(t, err)
	require.Equal(t, updatepoint.StatusCritical, systems[1].Roles[0].Status)
	require.Contains(t, systems[1].Roles[0].Detail, "Content")
}

func TestRestart(t *testing.T) {
	store, kept := newRecords(), newReports()
	site := openSite(t, updatepoint.MixedMode, store, kept)
	withPoint(t, site, update(1, "One"))

	_, err := updatepoint.NewSite(t.Context(), "XYZ", updatepoint.Config{Store: store, Compliance: kept})
	require.ErrorIs(t, err, updatepoint.ErrSiteMismatch)

	site = openSite(t, updatepoint.MixedMode, store, kept)
	systems, err := site.SiteSystems(t.Context())
	require.NoError(t, err)
	require.Equal(t, updatepoint.RoleName, systems[0].Roles[0].Name, "the role is still listed")
	require.Equal(t, updatepoint.StatusWarning, systems[0].Roles[0].Status)
	require.ErrorIs(t, site.Synchronize(t.Context()), updatepoint.ErrNotConnected)
	updates, err := site.Updates(t.Context())
	require.NoError(t, err)
	require.Len(t, updates, 1)

	withPoint(t, site, update(1, "One"))
	status, err := site.SyncStatus(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, status.ContentVersion, "the same catalogue is the same content version")
}

func TestNothingIsAcknowledgedThatIsNotWritten(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	store.breakWith(errDisk)
	_, err := site.Deploy(t.Context(), updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: updatepoint.AllSystems})
	require.ErrorIs(t, err, errDisk)
	require.ErrorIs(t, site.PutCollection(t.Context(), updatepoint.Collection{Name: "c"}), errDisk)
	require.ErrorIs(t, site.RemoveSoftwareUpdatePoint(t.Context()), errDisk)
	require.ErrorIs(t, site.AddSiteSystem(t.Context(), "dp01"), errDisk)
	store.breakWith(nil)
	deployments, err := site.Deployments(t.Context())
	require.NoError(t, err)
	require.Empty(t, deployments)
	systems, err := site.SiteSystems(t.Context())
	require.NoError(t, err)
	require.Len(t, systems, 1)
}
