package main

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// sampleSite is a site in mixed mode with the sample catalogue, whose clock stands where the lab's does. Its servers have a maintenance
// window at night, and settings of their own.
func sampleSite(t *testing.T, now func() time.Time) (*updatepoint.Site, http.Handler) {
	db := memory.Open()
	server, err := wsus.NewServer(t.Context(), wsus.Config{Store: db.WSUS(), Content: content.Memory(), Now: now})
	require.NoError(t, err)
	_, err = server.Import(t.Context(), catalog.Files())
	require.NoError(t, err)
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: db.Site(), Compliance: db.Compliance(), Now: now})
	require.NoError(t, err)
	_, err = site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: "wsus01.lab.example", WSUS: updatepoint.Local(server),
		Ports: ports.Custom})
	require.NoError(t, err)
	require.NoError(t, site.EnableClientAgent(t.Context(), clientagent.DefaultSettings()))
	require.NoError(t, site.Synchronize(t.Context()))
	window := clientagent.DefaultServiceWindow(now())
	window.ID, window.Schedule = "night", clientagent.Daily(1, now().Add(13*time.Hour)).Lasting(4*time.Hour)
	require.NoError(t, site.PutCollection(t.Context(), updatepoint.Collection{Name: "Servers", Members: []string{"srv22.lab.example"},
		ServiceWindows: clientagent.ServiceWindows{window}}))
	own := clientagent.DefaultSettings()
	own.ComputerAgent.GracePeriod = 36 * time.Hour
	require.NoError(t, site.PutCustomSettings(t.Context(), updatepoint.CustomSettings{Name: "Grace", Priority: 1,
		Groups: []string{clientagent.GroupComputerAgent}, Settings: own, Collections: []string{"Servers"}}))
	both := http.NewServeMux()
	both.Handle("/", server)
	both.Handle("/SMS_MP/", site.Handler())
	return site, both
}

// deployAll makes the security updates required within a day, and offers all others.
func deployAll(t *testing.T, site *updatepoint.Site, now time.Time) {
	updates, err := site.Updates(t.Context())
	require.NoError(t, err)
	must := updatepoint.Deployment{Name: "Security", Collection: updatepoint.AllSystems, StartTime: now, Deadline: now.Add(24 * time.Hour)}
	may := updatepoint.Deployment{Name: "Others", Collection: updatepoint.AllSystems, StartTime: now}
	for _, u := range updates {
		switch {
		case u.Expired:
		case u.Classification == "Security Updates":
			must.Updates = append(must.Updates, u.ID)
		default:
			may.Updates = append(may.Updates, u.ID)
		}
	}
	for _, d := range []updatepoint.Deployment{must, may} {
		_, err := site.Deploy(t.Context(), d)
		require.NoError(t, err)
	}
}

// TestWhatTheAgentHasLearned prints what a client of a site knows after its first scan, and after it has installed everything by hand.
func TestWhatTheAgentHasLearned(t *testing.T) {
	for _, form := range []struct {
		suffix string
		args   []string
	}{{".txt", nil}, {".json", []string{"-json"}}} {
		t.Run(form.suffix, func(t *testing.T) {
			l := newLab(t, nil)
			site, handler := sampleSite(t, func() time.Time { return l.now })
			l.handler.Handler = handler
			deployAll(t, site, l.now)
			args := append(form.args, "-site", "http://wsus01.lab.example:8530", "-facts", "server2022.json", "-once")
			code, stdout, stderr := l.run(args...)
			require.Zero(t, code, stderr)
			l.golden("site"+form.suffix, stdout)
			told, err := site.Compliance(t.Context())
			require.NoError(t, err)
			require.Len(t, told.Computers, 1)
			require.Equal(t, l.now, told.Computers[0].LastScan, "the site has heard of the scan before the program ends")
			require.Equal(t, 15, told.Computers[0].Counts.Required)
			code, stdout, stderr = l.run(append(args, "-install")...)
			require.Zero(t, code, stderr)
			require.Contains(t, stderr, "10:00:00  installed                 Transport security defaults for servers (KB9900128)\n")
			l.golden("site-installed"+form.suffix, stdout)
		})
	}
}

// TestEachStartFollowsThePolicyOfThatMoment deploys between two starts, long before the agent would poll again.
func TestEachStartFollowsThePolicyOfThatMoment(t *testing.T) {
	l := newLab(t, nil)
	site, handler := sampleSite(t, func() time.Time { return l.now })
	l.handler.Handler = handler
	args := []string{"-site", "http://wsus01.lab.example:8530", "-facts", "server2022.json", "-once"}
	code, stdout, stderr := l.run(args...)
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "No deployment offers anything")
	l.now = l.now.Add(time.Minute)
	deployAll(t, site, l.now)
	code, stdout, stderr = l.run(args...)
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "OFFERED")
}

// The contract of the output, read by what it promises and not by the types that wrote it.
func TestJSONIsTheContract(t *testing.T) {
	l := newLab(t, nil)
	_, l.handler.Handler = sampleSite(t, func() time.Time { return l.now })
	code, stdout, stderr := l.run("-site", "http://wsus01.lab.example:8530", "-facts", "server2022.json", "-once", "-json")
	require.Zero(t, code, stderr)
	var got struct {
		Updates []map[string]any `json:"updates"`
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &got))
	require.NotEmpty(t, got.Updates)
	for _, u := range got.Updates {
		for _, key := range []string{"id", "revision", "title", "state"} {
			require.NotEmpty(t, u[key], "%s of %v", key, u)
		}
	}
}
