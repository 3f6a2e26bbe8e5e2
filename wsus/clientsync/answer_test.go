package clientsync_test

import (
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

var update = flag.Bool("update", false, "write testdata/golden anew")

// conversation is every message of one client and one server, by operation and direction, without what is random.
func conversation(t *testing.T) map[string]string {
	t.Helper()
	messages := spoken(t)
	for name, message := range messages {
		messages[name] = masked(message)
	}
	return messages
}

// spoken is the conversation as it goes over the wire.
func spoken(t *testing.T) map[string]string {
	t.Helper()
	ctx := context.Background()
	m := newMemory()
	m.info, m.extended = syncInfo(), extendedInfo(t)
	m.refreshed = []clientsync.RefreshedRevision{refreshedRevision()}
	m.locations = []clientsync.FileLocation{location(t)}
	m.scan = clientsync.CategoryScan{
		PreferredCategoryIDs:        []uuid.UUID{uuid.MustParse("11111111-2222-4333-8444-555555555555")},
		RequestedCategoryIDsInError: []uuid.UUID{uuid.MustParse("66666666-7777-4888-9999-000000000000")},
	}
	client, carrier := connect(t, serve(m))
	messages := map[string]string{}
	keep := func(name string, err error) {
		t.Helper()
		require.NoError(t, err)
		messages[name+".request"], messages[name+".response"] = string(carrier.request), string(carrier.answer)
	}

	config, err := client.GetConfig(ctx, "2.50")
	keep("GetConfig", err)
	authorization, err := client.GetAuthorizationCookie(ctx, config.ServiceURL, clientID, "Lab;Ring <1>", "pc1.example.test")
	keep("GetAuthorizationCookie", err)
	cookie, err := client.GetCookie(ctx, clientsync.GetCookieParameters{AuthCookies: []clientsync.AuthorizationCookie{authorization},
		LastChange: config.LastChange, CurrentTime: m.now, ProtocolVersion: "2.50"})
	keep("GetCookie", err)
	keep("RegisterComputer", client.RegisterComputer(ctx, cookie, computer()))
	scan, err := client.StartCategoryScan(ctx, []clientsync.CategoryRelationship{{IndexOfAndGroup: 0, CategoryID: m.scan.PreferredCategoryIDs[0]}})
	keep("StartCategoryScan", err)
	require.Equal(t, m.scan, scan)
	info, err := client.SyncUpdates(ctx, cookie, clientsync.SyncParameters{InstalledNonLeafUpdateIDs: []int32{101},
		OtherCachedUpdateIDs: []int32{90}, FilterCategoryIDs: scan.PreferredCategoryIDs, NeedTwoGroupOutOfScopeUpdates: true})
	keep("SyncUpdates", err)
	want := m.info
	want.NewCookie = info.NewCookie
	require.Equal(t, want, info)
	extended, err := client.GetExtendedUpdateInfo(ctx, info.NewCookie, clientsync.ExtendedQuery{RevisionIDs: []int32{201, 999},
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment, clientsync.LocalizedPropertiesFragment}, Locales: []string{"en-GB", "en"}, GeoID: "GBR"})
	keep("GetExtendedUpdateInfo", err)
	require.Equal(t, m.extended, extended)
	locations, renewed, err := client.GetFileLocations(ctx, cookie, [][20]byte{m.locations[0].FileDigest, {1}})
	keep("GetFileLocations", err)
	require.Equal(t, m.locations, locations)
	require.Equal(t, cookie.Expiration, renewed.Expiration)
	refreshed, err := client.RefreshCache(ctx, cookie, []clientsync.UpdateIdentity{refreshedRevision().GlobalID, {RevisionNumber: 7}})
	keep("RefreshCache", err)
	require.Equal(t, m.refreshed, refreshed)
	received, err := client.ReportEventBatch(ctx, cookie, m.now, []clientsync.ReportingEvent{event()})
	keep("ReportEventBatch", err)
	require.True(t, received)
	require.Equal(t, []clientsync.ReportingEvent{event()}, m.events)
	_, err = client.GetTimestamps(ctx, []time.Time{m.now, m.now.Add(time.Second)})
	require.True(t, clientsync.IsFault(err, clientsync.InvalidParameters))
	keep("GetTimestamps", nil) // the fault that a WSUS server answers
	speakRarely(t, m, client, cookie, keep)
	return messages
}

// Both ends agree on every operation, and what goes over the wire is what was reviewed.
func TestConversationIsGolden(t *testing.T) {
	for name, message := range conversation(t) {
		path := "testdata/golden/" + name + ".xml"
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(message), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), message, name)
	}
}

// Our client reads the answers of a real server; our server, told the same, writes them byte for byte. It leaves out one
// property, the share of a feature that it does not have.
func TestAnswersAreReadAndWrittenWhole(t *testing.T) {
	ctx := context.Background()
	sampleDirs(t, func(t *testing.T, read func(string) string) {
		m := newMemory()
		ours, carrier := connect(t, serve(m))
		same := func(name string) {
			require.Equal(t, masked(withoutShare(read(name))), masked(string(carrier.answer)), name)
		}
		recorded := func(name string) *clientsync.Client {
			client, _ := connect(t, answering(200, "text/xml; charset=utf-8", read(name)))
			return client
		}

		config, err := recorded("GetConfig.response").GetConfig(ctx, "2.90")
		require.NoError(t, err)
		require.Len(t, config.Properties, 5)
		require.Equal(t, "SimpleTargeting", config.PlugInID)
		m.config.LastChange = config.LastChange
		_, err = ours.GetConfig(ctx, "2.90")
		require.NoError(t, err)
		same("GetConfig.response")

		authorization, err := recorded("GetAuthorizationCookie.response").GetAuthorizationCookie(ctx, config.ServiceURL, clientID, "", "pc1")
		require.NoError(t, err)
		require.NotEmpty(t, authorization.CookieData)
		_, err = ours.GetAuthorizationCookie(ctx, config.ServiceURL, clientID, "", "pc1")
		require.NoError(t, err)
		same("GetAuthorizationCookie.response")

		cookie, err := recorded("GetCookie.response").GetCookie(ctx, clientsync.GetCookieParameters{})
		require.NoError(t, err)
		require.NotEmpty(t, cookie.EncryptedData)
		m.now = cookie.Expiration.Add(-time.Hour)
		own := shakeHands(t, ours, m, "2.90")
		require.Equal(t, cookie.Expiration, own.Expiration)

		m.info, err = recorded("SyncUpdates.response").SyncUpdates(ctx, cookie, clientsync.SyncParameters{})
		require.NoError(t, err)
		require.NotEmpty(t, m.info.NewUpdates)
		require.False(t, m.info.NewUpdates[0].IsLeaf)
		_, err = ours.SyncUpdates(ctx, own, clientsync.SyncParameters{NeedTwoGroupOutOfScopeUpdates: true})
		require.NoError(t, err)
		same("SyncUpdates.response")

		m.extended, err = recorded("GetExtendedUpdateInfo.response").GetExtendedUpdateInfo(ctx, cookie, clientsync.ExtendedQuery{})
		require.NoError(t, err)
		require.NotEmpty(t, m.extended.Updates)
		_, err = ours.GetExtendedUpdateInfo(ctx, own, clientsync.ExtendedQuery{})
		require.NoError(t, err)
		same("GetExtendedUpdateInfo.response")
	})
}

func withoutShare(config string) string {
	const begin, end = "<ConfigurationProperty><Name>PackageServerShare</Name>", "</ConfigurationProperty>"
	i := strings.Index(config, begin)
	if i < 0 {
		return config
	}
	return config[:i] + config[i+strings.Index(config[i:], end)+len(end):]
}

// The order of elements is that of the captures, also where ours has more of them, and that of a test server which real agents
// accept.
func TestElementOrder(t *testing.T) {
	ours := conversation(t)
	sampleDirs(t, func(t *testing.T, read func(string) string) {
		for _, name := range []string{"GetConfig", "GetAuthorizationCookie", "GetCookie", "SyncUpdates", "GetExtendedUpdateInfo"} {
			requireSameOrder(t, read(name+".response"), ours[name+".response"])
			requireSameOrder(t, read(name+".request"), ours[name+".request"])
		}
		for _, name := range []string{"RegisterComputer", "ReportEventBatch"} {
			requireSameOrder(t, read(name+".request"), ours[name+".request"])
		}
	})
	t.Run("templates", func(t *testing.T) {
		dir := shared(t, "testdata/soap-templates-pywsus")
		for file, name := range map[string]string{
			"get-authorization-cookie": "GetAuthorizationCookie", "get-cookie": "GetCookie", "register-computer": "RegisterComputer",
			"get-extended-update-info": "GetExtendedUpdateInfo", "sync-updates": "SyncUpdates", "report-event-batch": "ReportEventBatch",
		} {
			template, err := os.ReadFile(dir + "/" + file + ".xml")
			require.NoError(t, err)
			requireSameOrder(t, string(template), ours[name+".response"])
		}
	})
}

// requireSameOrder compares, below each element, the order of those children that both messages have.
func requireSameOrder(t *testing.T, want, got string) {
	t.Helper()
	wanted, had := childOrders(t, want), childOrders(t, got)
	for parent, children := range wanted {
		both := func(list, other []string) (kept []string) {
			for _, name := range list {
				if slices.Contains(other, name) {
					kept = append(kept, name)
				}
			}
			return kept
		}
		require.Equal(t, both(children, had[parent]), both(had[parent], children), "children of %s", parent)
	}
}

// childOrders lists the names of children, by first appearance, for each path of names.
func childOrders(t *testing.T, message string) map[string][]string {
	t.Helper()
	orders := map[string][]string{}
	var path []string
	for d := xml.NewDecoder(strings.NewReader(message)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return orders
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			parent := strings.Join(path, "/")
			if !slices.Contains(orders[parent], token.Name.Local) {
				orders[parent] = append(orders[parent], token.Name.Local)
			}
			path = append(path, token.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

// What older clients do not know is not sent to them (MS-WUSP §2.2.2.2.4).
func TestAnswersByProtocolVersion(t *testing.T) {
	for version, want := range map[string]struct{ autoSelect, categoryScan bool }{
		"1.0": {false, false}, "1.6": {false, false}, "1.7": {false, true}, "1.8": {true, true}, "1.10": {true, true}, "2.90": {true, true},
	} {
		t.Run(version, func(t *testing.T) {
			m := newMemory()
			m.info = syncInfo()
			client, carrier := connect(t, serve(m))
			cookie := shakeHands(t, client, m, version)
			_, err := client.SyncUpdates(context.Background(), cookie, clientsync.SyncParameters{
				FilterCategoryIDs: []uuid.UUID{{1}}, NeedTwoGroupOutOfScopeUpdates: true})
			require.NoError(t, err)
			answer := string(carrier.answer)
			for _, element := range []string{"<AutoSelect>", "<AutoDownload>", "<SupersedenceBehavior>"} {
				require.Equal(t, want.autoSelect, strings.Contains(answer, element), element)
			}
			for _, element := range []string{"<DriverSyncNotNeeded>", "<DeployedOutOfScopeRevisionIds>"} {
				require.Equal(t, want.categoryScan, strings.Contains(answer, element), element)
			}
			require.Equal(t, want.categoryScan, len(m.params[0].FilterCategoryIDs) == 1)

			_, err = client.SyncUpdates(context.Background(), cookie, clientsync.SyncParameters{})
			require.NoError(t, err)
			require.NotContains(t, string(carrier.answer), "DeployedOutOfScopeRevisionIds", "not asked for")
		})
	}
}

func TestEmptyAnswers(t *testing.T) {
	m := newMemory()
	m.info.DriverSyncNotNeeded = true
	client, carrier := connect(t, serve(m))
	cookie := shakeHands(t, client, m, "2.90")
	ctx := context.Background()

	_, err := client.SyncUpdates(ctx, cookie, clientsync.SyncParameters{SkipSoftwareSync: true})
	require.NoError(t, err)
	require.Contains(t, masked(string(carrier.answer)), `<SyncUpdatesResult><Truncated>false</Truncated><NewCookie>`+
		`<Expiration>2026-03-01T10:30:00.12Z</Expiration><EncryptedData>(sealed)</EncryptedData></NewCookie>`+
		`<DriverSyncNotNeeded>true</DriverSyncNotNeeded></SyncUpdatesResult>`)

	_, err = client.GetExtendedUpdateInfo(ctx, cookie, clientsync.ExtendedQuery{})
	require.NoError(t, err)
	require.Contains(t, string(carrier.answer), `<GetExtendedUpdateInfoResult></GetExtendedUpdateInfoResult>`)

	_, err = client.StartCategoryScan(ctx, nil)
	require.NoError(t, err)
	require.Contains(t, string(carrier.answer), `ClientWebService"></StartCategoryScanResponse>`)
}
