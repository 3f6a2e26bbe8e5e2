package clientsync_test

import (
	"cmp"
	"context"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// introduced is a memory that keeps whom it was asked to authorize.
type introduced struct {
	*memory
	asked [][3]string // client id, name, group
}

func (i *introduced) Authorize(ctx context.Context, clientID, dnsName, group string) ([]uuid.UUID, error) {
	i.asked = append(i.asked, [3]string{clientID, dnsName, group})
	return i.memory.Authorize(ctx, clientID, dnsName, group)
}

// GetConfig's one field is read from an agent's own request: it is answered as it is, and refused when only that is changed.
func TestGetConfigRequestIsDecoded(t *testing.T) {
	sampleDirs(t, func(t *testing.T, read func(string) string) {
		h := serve(newMemory())
		request := read("GetConfig.request")
		w := post(h, clientsync.ClientPath, request)
		require.Equal(t, http.StatusOK, w.Code)
		requireContract(t, "answer", w.Body.String())
		var answer struct {
			Config struct {
				LastChange string
				Required   bool     `xml:"IsRegistrationRequired"`
				PlugIns    []string `xml:"AuthInfo>AuthPlugInInfo>PlugInID"`
				Names      []string `xml:"Properties>ConfigurationProperty>Name"`
				Values     []string `xml:"Properties>ConfigurationProperty>Value"`
			} `xml:"Body>GetConfigResponse>GetConfigResult"`
		}
		require.NoError(t, xml.Unmarshal(w.Body.Bytes(), &answer))
		require.Equal(t, "2026-03-01T09:30:00.12Z", answer.Config.LastChange)
		require.True(t, answer.Config.Required)
		require.Equal(t, []string{"SimpleTargeting"}, answer.Config.PlugIns)
		require.Equal(t, []string{"MaxExtendedUpdatesPerRequest", "ProtocolVersion", "IsInventoryRequired", "ClientReportingLevel"}, answer.Config.Names)
		require.Equal(t, []string{"50", "3.2", "0", "2"}, answer.Config.Values)

		version := textOf(t, request, "protocolVersion")
		for _, bad := range []string{"", "two", "2", "-1.0"} {
			changed := strings.Replace(request, ">"+version+"<", ">"+bad+"<", 1)
			requireFaultAnswer(t, post(h, clientsync.ClientPath, changed), clientsync.InvalidParameters, "protocolVersion")
		}
	})
}

// Each field of an agent's own GetAuthorizationCookie reaches the backend, and no other than the field that is bad is named.
func TestGetAuthorizationCookieRequestIsDecoded(t *testing.T) {
	sampleDirs(t, func(t *testing.T, read func(string) string) {
		backend := &introduced{memory: newMemory()}
		h := clientsync.NewHandler(backend, clientsync.WithClock(backend.clock))
		request := read("GetAuthorizationCookie.request")
		id, name := textOf(t, request, "clientId"), textOf(t, request, "dnsName")
		grouped := strings.Replace(request, "<dnsName>", "<targetGroupName>Lab;Ring &lt;1&gt;</targetGroupName><dnsName>", 1)
		for body, group := range map[string]string{request: "", grouped: "Lab;Ring <1>"} {
			backend.asked = nil
			w := post(h, clientsync.SimpleAuthPath, body)
			require.Equal(t, http.StatusOK, w.Code)
			requireContract(t, "answer", w.Body.String())
			require.Equal(t, [][3]string{{id, name, group}}, backend.asked)
			require.Equal(t, "SimpleTargeting", textOf(t, w.Body.String(), "PlugInId"))
		}

		backend.asked = nil
		for field, bad := range map[string]string{"clientId": "no id!", "dnsName": ""} {
			changed := strings.Replace(request, ">"+cmp.Or(map[string]string{"clientId": id}[field], name)+"<", ">"+bad+"<", 1)
			requireFaultAnswer(t, post(h, clientsync.SimpleAuthPath, changed), clientsync.InvalidParameters, field)
		}
		require.Empty(t, backend.asked, "the backend sees valid requests only")
	})
}
