package wsustest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// TestCheckOutlivesTheServer examines servers whose answers leave later checks without what they count on.
func TestCheckOutlivesTheServer(t *testing.T) {
	right := serverOf(t, fewUpdates(t), nil)
	approveAll(t, right)
	taken := false
	for _, c := range []struct {
		title  string
		defect defect
		check  string
		says   string
	}{
		{"a cookie of nothing", rewriting(func(x *exchange) {
			x.answer = strings.Replace(x.answer, inside(x.answer, "EncryptedData"), "", 1)
		}, "GetCookie"), "cookie-forged", `GetCookie gives a cookie without EncryptedData`},
		{"all taken back", rewriting(func(x *exchange) {
			if strings.Contains(x.answer, "<NewUpdates>") || x.status != http.StatusOK {
				return
			}
			x.answer = without(x.answer, "OutOfScopeRevisionIDs")
			for _, list := range []string{"InstalledNonLeafUpdateIDs", "OtherCachedUpdateIDs"} {
				for _, id := range strings.Split(strings.ReplaceAll(inside(x.request, list), "</int>", ""), "<int>")[1:] {
					x.answer = outOfScope(x.answer, id)
				}
			}
		}, "SyncUpdates"), "scan", `a second scan takes \d+ updates back that the first brought`},
		{"one leaf taken back by the second scan", rewriting(func(x *exchange) {
			if id := inside(inside(x.request, "OtherCachedUpdateIDs"), "int"); id != "" && !taken && x.status == http.StatusOK && !strings.Contains(x.answer, "<NewUpdates>") {
				taken, x.answer = true, outOfScope(x.answer, id)
			}
		}, "SyncUpdates"), "scan", `a second scan takes 1 updates back that the first brought`},
		{"as many revisions as there are numbers", answering("GetConfig", func(a string) string {
			name, value := "<Name>MaxExtendedUpdatesPerRequest</Name>", "<Value>50</Value>"
			return strings.Replace(a, name+value, name+"<Value>9223372036854775807</Value>", 1)
		}), "extended-limit", `^MaxExtendedUpdatesPerRequest is no usable number$`},
	} {
		t.Run(c.title, func(t *testing.T) {
			var report wsustest.Report
			require.NotPanics(t, func() { report = checkSpoiled(t, c.defect(right), 0, true) })
			result, _ := report.Result(c.check)
			require.NotEqual(t, wsustest.Pass, result.Outcome, text(t, report))
			require.Regexp(t, c.says, strings.Join(result.Messages, "\n"))
		})
	}
}
