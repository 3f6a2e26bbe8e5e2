package clientsync_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/soap"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// differential compares a reader with encoding/xml on one body: what the reader accepts, encoding/xml accepts, and both read the
// same. nil has no equal in the tree; FuzzScanner has it.
type differential struct {
	name    string
	sample  string
	compare func(t *testing.T, body []byte) (accepted bool)
}

func ofRequest[T any](name, sample string, read func(*soap.Scanner, clientsync.Limits) (T, error), reference func(*tree) T) differential {
	return differential{name, sample, func(t *testing.T, body []byte) bool {
		_, got, err := clientsync.ReadRequest(body, read)
		return sameAsTree(t, body, got, err, func(operation *tree) T { return reference(operation) })
	}}
}

func ofAnswer[T any](name string, read func(*soap.Scanner) T, reference func(*tree) T) differential {
	return differential{name, "golden/" + name + ".response", func(t *testing.T, body []byte) bool {
		got, err := clientsync.ReadAnswer(body, read)
		return sameAsTree(t, body, got, err, func(operation *tree) T {
			if len(operation.children) == 0 {
				var none T
				return none
			}
			return reference(operation.children[len(operation.children)-1])
		})
	}}
}

func sameAsTree[T any](t *testing.T, body []byte, got T, err error, reference func(*tree) T) bool {
	if err != nil || bytes.Contains(body, []byte("nil")) {
		return false
	}
	operation, err := parseTree(body)
	require.NoError(t, err, "encoding/xml refuses what the reader accepts")
	require.Equal(t, fmt.Sprintf("%+v", reference(operation)), fmt.Sprintf("%+v", got))
	return true
}

// differentials are all decoders but that of SyncUpdates, which has a target of its own.
func differentials() []differential {
	return []differential{
		ofRequest("GetCookie", "GetCookie.request", clientsync.ReadGetCookie, treeGetCookie),
		ofRequest("RegisterComputer", "RegisterComputer.request", clientsync.ReadRegistration, treeRegistration),
		ofRequest("GetExtendedUpdateInfo", "GetExtendedUpdateInfo.request", clientsync.ReadExtendedQuery, treeExtendedQuery),
		ofRequest("GetExtendedUpdateInfo2", "golden/GetExtendedUpdateInfo2.request", clientsync.ReadExtendedQuery2, treeExtendedQuery2),
		ofRequest("RefreshCache", "golden/RefreshCache.request", clientsync.ReadGlobalIDs, treeGlobalIDs),
		ofRequest("GetFileLocations", "golden/GetFileLocations.request", clientsync.ReadDigests, treeDigests),
		ofRequest("SyncPrinterCatalog", "golden/SyncPrinterCatalog.request", clientsync.ReadPrinterParameters, treePrinters),
		ofRequest("StartCategoryScan", "golden/StartCategoryScan.request", clientsync.ReadRequestedCategories, treeCategories),
		ofRequest("ReportEventBatch", "ReportEventBatch.request", clientsync.ReadEventBatch, treeEvents),
		ofAnswer("GetConfig", clientsync.ReadConfig, treeConfig),
		ofAnswer("SyncUpdates", clientsync.ReadSyncInfo, treeSyncInfo),
		ofAnswer("GetExtendedUpdateInfo", clientsync.ReadExtendedInfo, treeExtendedInfo),
		ofAnswer("GetExtendedUpdateInfo2", clientsync.ReadExtendedInfo2, treeExtendedInfo2),
		ofAnswer("RefreshCache", clientsync.ReadRefreshed, treeRefreshed),
	}
}

func differentialSample(t testing.TB, d differential) []byte {
	return []byte(unmasked(string(sample(t, d.sample))))
}

// The samples themselves are read alike, and by both.
func TestDecodersByReference(t *testing.T) {
	for _, d := range differentials() {
		t.Run(d.sample, func(t *testing.T) {
			require.True(t, d.compare(t, differentialSample(t, d)))
		})
	}
}

// Whatever the bytes are, no decoder reads them otherwise than encoding/xml.
func FuzzDecoders(f *testing.F) {
	all := differentials()
	for i, d := range all {
		f.Add(i, differentialSample(f, d))
	}
	f.Fuzz(func(t *testing.T, which int, body []byte) {
		all[uint(which)%uint(len(all))].compare(t, body)
	})
}
