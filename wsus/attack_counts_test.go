package wsus_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// countAttacks come from somebody with a good cookie.
func countAttacks() []attack {
	const counts, numbers = "lists without bounds", "integers that overflow"
	fault := func(name, weakness, sent, path, operation, because string, content func() string) attack {
		return attack{name: name, weakness: weakness, sent: sent, answer: "InvalidParameters: " + because, memory: 64 << 20,
			run: func(t *testing.T, v *victim) {
				r := v.call(t, overTLS, path, operation, cookieXML(v.attacker.cookie.EncryptedData)+content())
				requireFault(t, clientsync.InvalidParameters, r)
				require.Contains(t, r.body, because)
			}}
	}
	sync := func(name, weakness, sent, because string, parameters func() string) attack {
		return fault(name, weakness, sent, clientsync.ClientPath, "SyncUpdates", because,
			func() string { return "<parameters>" + parameters() + "</parameters>" })
	}
	report := func(name, weakness, sent, because string, events func() string) attack {
		return fault(name, weakness, sent, clientsync.ReportingPath, "ReportEventBatch", because,
			func() string { return batchXML(events()) })
	}
	return []attack{
		sync("ids", counts, "200,000 cached ids", "parameters.OtherCachedUpdateIDs", func() string {
			return "<OtherCachedUpdateIDs>" + strings.Repeat("<int>1</int>", 200_000) + "</OtherCachedUpdateIDs>"
		}),
		report("events", counts, "1,001 events", "eventBatch",
			func() string { return strings.Repeat(eventXML(attackerID), 1001) }),
		report("strings of an event", counts, "1,001 strings in MiscData", "MiscData",
			func() string { return eventXML(attackerID, make([]string, 1001)...) }),
		report("a long string", counts, "MiscData of 256 KB and a byte", "MiscData.string",
			func() string { return eventXML(attackerID, strings.Repeat("x", 256<<10+1)) }),
		sync("numbers beyond 32 bits", numbers, "2^31 and more digits", "parameters.OtherCachedUpdateIDs.int", func() string {
			return "<OtherCachedUpdateIDs><int>2147483648</int><int>" + strings.Repeat("9",
				100_000) + "</int></OtherCachedUpdateIDs>"
		}),
		{name: "ids that are no ids", weakness: numbers,
			sent: "revision ids -2^31, -1, 0, 2^31-1 in SyncUpdates and GetExtendedUpdateInfo", answer: "out of scope",
			run: func(t *testing.T, v *victim) {
				const ids = "<int>-2147483648</int><int>-1</int><int>0</int><int>2147483647</int>"
				cookie := cookieXML(v.attacker.cookie.EncryptedData)
				for operation, content := range map[string]string{
					"SyncUpdates": "<parameters><OtherCachedUpdateIDs>" + ids + "</OtherCachedUpdateIDs></parameters>",
					"GetExtendedUpdateInfo": "<revisionIDs>" + ids +
						"</revisionIDs><infoTypes><XmlUpdateFragmentType>Extended</XmlUpdateFragmentType></infoTypes>" +
						"<locales><string>en</string></locales>"} {
					r := v.call(t, overTLS, clientsync.ClientPath, operation, cookie+content)
					require.Equal(t, http.StatusOK, r.status, r.body)
					require.Contains(t, r.body,
						"<OutOfScopeRevisionIDs><int>-2147483648</int><int>-1</int><int>0</int><int>2147483647</int></OutOfScopeRevisionIDs>")
				}
			}},
	}
}
