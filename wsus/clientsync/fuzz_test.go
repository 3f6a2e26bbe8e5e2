package clientsync_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// What the hand-written reader accepts, encoding/xml accepts, and both read the same.
func FuzzSyncUpdatesRequest(f *testing.F) {
	f.Add(sample(f, "SyncUpdates.request"))
	f.Add(sample(f, "other/SyncUpdates-driver-pass.request"))
	f.Add(sample(f, "other/SyncUpdates-windows-xp.request"))
	f.Add(syncUpdatesRequest(clientsync.Cookie{EncryptedData: []byte("x")}, 3, 5))
	f.Add([]byte(envelope(clientsync.ClientNamespace, "SyncUpdates", `<cookie/><parameters><OtherCachedUpdateIDs><int> 1 </int><!-- x -->`+
		`<int><![CDATA[2]]></int><x/><int>&#51;</int></OtherCachedUpdateIDs><OtherCachedUpdateIDs><int>-4</int></OtherCachedUpdateIDs></parameters>`)))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, got, err := clientsync.ReadRequest(body, clientsync.ReadSyncUpdates)
		if err != nil || bytes.Contains(body, []byte("nil")) {
			return // nil has no equal in the structs; FuzzScanner has it
		}
		want, found, err := parametersBySpecification(body)
		require.NoError(t, err, "encoding/xml refuses what the reader accepts")
		if found {
			require.Equal(t, fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got))
		}
	})
}

// The reader and the structs agree on the captures and on what was composed after them.
func TestSyncUpdatesBySpecification(t *testing.T) {
	sampleDirs(t, func(t *testing.T, read func(string) string) {
		body := []byte(read("SyncUpdates.request"))
		want, found, err := parametersBySpecification(body)
		require.NoError(t, err)
		require.True(t, found)
		_, got, err := clientsync.ReadRequest(body, clientsync.ReadSyncUpdates)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// Whatever is posted, the answer is a well-formed envelope with its length, status 200 or 500.
func FuzzHandler(f *testing.F) {
	m := newMemory()
	m.info, m.extended = syncInfo(), extendedInfo(f)
	h := serve(m)
	client, _ := connect(f, h)
	cookie := cookieElement(shakeHands(f, client, m, "2.90"))
	paths := []string{clientsync.ClientPath, clientsync.SimpleAuthPath, clientsync.ReportingPath}
	for _, name := range []string{"GetConfig", "GetCookie", "RegisterComputer", "SyncUpdates", "GetExtendedUpdateInfo"} {
		f.Add(0, sample(f, name+".request"))
	}
	f.Add(1, sample(f, "GetAuthorizationCookie.request"))
	f.Add(2, sample(f, "ReportEventBatch.request"))
	f.Add(0, []byte(envelope(clientsync.ClientNamespace, "SyncUpdates", cookie+"<parameters><OtherCachedUpdateIDs><int>1</int></OtherCachedUpdateIDs></parameters>")))
	f.Add(0, []byte(envelope(clientsync.ClientNamespace, "RefreshCache", cookie+"<globalIDs/>")))
	f.Add(0, []byte(envelope(clientsync.ClientNamespace, "GetFileLocations", cookie+"<fileDigests/>")))
	f.Add(0, []byte(envelope(clientsync.ClientNamespace, "StartCategoryScan", "<requestedCategories/>")))
	f.Add(0, []byte(envelope(clientsync.ClientNamespace, "GetExtendedUpdateInfo", cookie+"<infoTypes/>")))
	f.Add(2, []byte(envelope(clientsync.ReportingNamespace, "ReportEventBatch", cookie+"<eventBatch><ReportingEvent><BasicData/></ReportingEvent></eventBatch>")))
	f.Fuzz(func(t *testing.T, service int, body []byte) {
		w := httptest.NewRecorder()
		path := paths[uint(service)%uint(len(paths))]
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body)))
		require.Contains(t, []int{http.StatusOK, http.StatusInternalServerError}, w.Code)
		require.NotContains(t, w.Body.String(), "<ErrorCode>InternalServerError</ErrorCode>", "a client cannot cause one")
		require.Equal(t, fmt.Sprint(w.Body.Len()), w.Header().Get("Content-Length"))
		for d := xml.NewDecoder(w.Body); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else {
				require.NoError(t, err)
			}
		}
	})
}
