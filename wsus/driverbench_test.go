package wsus_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// The shape of a driver pass: a computer with 200 devices of 20 ids each, against 10,000 deployed drivers of 20 hardware ids each, of
// which 50 are for devices of the computer.
const (
	passDevices = 200
	passIDs     = 20
	passDrivers = 10_000
	passMatches = 50
)

func passID(kind string, n, i int) string {
	return fmt.Sprintf(`PCI\VEN_%s%04X&amp;DEV_%04X&amp;SUBSYS_00000000`, kind, n, i)
}

func passDevice(n int) clientsync.Device {
	d := clientsync.Device{Installed: nothing()}
	for i := range passIDs {
		d.HardwareIDs = append(d.HardwareIDs, strings.ReplaceAll(passID("D", n, i), "&amp;", "&"))
	}
	return d
}

// BenchmarkDriverPass is a driver pass through ServeHTTP; beside it, in the same run: the pass of a client that has nothing new to hear,
// whose devices are read all the same, the request without devices, and the floor: as many bare look-ups, of ids in lower case, in a map of
// as many hardware ids. It prints how many floors the devices cost above the request without them.
func BenchmarkDriverPass(b *testing.B) {
	var docs []document
	var ids []uuid.UUID
	floor := make(map[string]int32)
	for n := range passDrivers {
		kind := "X"
		if n < passMatches {
			kind = "D"
		}
		var drivers []driver
		for i := range passIDs {
			drivers = append(drivers, driver{id: passID(kind, n, i)})
			floor[strings.ToLower(strings.ReplaceAll(passID(kind, n, i), "&amp;", "&"))] = int32(n)
		}
		docs, ids = append(docs, driverUpdate(n+1, drivers...)), append(ids, id(n+1))
	}
	server := serverWithApprovals(b, docs, ids)
	var request clientsync.SyncParameters
	for n := range passDevices {
		request.SystemSpec = append(request.SystemSpec, passDevice(n))
	}
	request.SkipSoftwareSync, request.FeatureScoreMatchingKey = true, "AMD64.10.0"
	request.ComputerHardwareIDs = thisComputer()
	serve, matched, cached := recorded(b, server, request)
	require.Equal(b, passMatches, matched)
	settled := request
	settled.CachedDriverIDs = cached
	quiet, matched, _ := recorded(b, server, settled)
	require.Zero(b, matched)
	without := request
	without.SystemSpec = nil
	bare, _, _ := recorded(b, server, without)

	lower := make([]string, 0, passDevices*passIDs)
	for i := range request.SystemSpec {
		for _, id := range request.SystemSpec[i].HardwareIDs {
			lower = append(lower, strings.ToLower(id))
		}
	}
	var own, told, empty, lookups average
	for b.Loop() {
		own.time(3, serve)
		told.time(3, quiet)
		empty.time(3, bare)
		lookups.time(3, func() {
			found := 0
			for _, id := range lower {
				if _, ok := floor[id]; ok {
					found++
				}
			}
			if found != passMatches*passIDs {
				b.Fatal(found)
			}
		})
	}
	b.ReportMetric(own.each(), "ns/op")
	b.ReportMetric(told.each(), "settled-ns/op")
	b.ReportMetric(empty.each(), "without-devices-ns/op")
	b.ReportMetric(lookups.each(), "lookups-ns/op")
	b.ReportMetric((told.each()-empty.each())/lookups.each(), "x-lookups")
}

// recorded makes a request into a call of the server without a network, and says how many updates its answer has.
func recorded(b *testing.B, server *wsus.Server, p clientsync.SyncParameters) (call func(), updates int, ids []int32) {
	b.Helper()
	recorder := &recordBody{inProcess: inProcess{server}}
	agent := newWUA(b, server, "bench", "")
	var err error
	agent.Client, err = clientsync.NewClient("http://wsus.test:8530", &http.Client{Transport: recorder})
	require.NoError(b, err)
	info := agent.sync(b, p)
	for _, u := range info.NewUpdates {
		ids = append(ids, u.ID)
	}
	x := newExchange(b, recorder.body)
	return func() {
		x.serve(server)
		if x.answer.status != 0 && x.answer.status != http.StatusOK {
			b.Fatal(x.answer.status)
		}
	}, len(info.NewUpdates), ids
}

// serverWithApprovals approves by the store: one by one it would take longer than the benchmark.
func serverWithApprovals(b *testing.B, docs []document, ids []uuid.UUID) *wsus.Server {
	b.Helper()
	config := wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()}
	server, err := wsus.NewServer(b.Context(), config)
	require.NoError(b, err)
	report, err := server.Import(b.Context(), folder(docs...))
	require.NoError(b, err)
	require.Equal(b, len(docs), report.Added)
	require.NoError(b, server.Close())
	approvals := make([]wsus.Approval, 0, len(ids))
	for _, update := range ids {
		approvals = append(approvals, wsus.Approval{UpdateID: update, Revision: 1, Group: wsus.AllComputers, Action: wsus.Install})
	}
	_, err = config.Store.PutApprovals(b.Context(), approvals...)
	require.NoError(b, err)
	server, err = wsus.NewServer(b.Context(), config)
	require.NoError(b, err)
	return server
}
