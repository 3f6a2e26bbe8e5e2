package ssl_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

// The codes of the agent's transport stand in a row, with gaps where it has none of its own (list of Windows Update error codes).
func TestCodesOfStatuses(t *testing.T) {
	for status, want := range map[int]string{400: "16", 401: "17", 403: "18", 404: "19", 405: "1A", 407: "1B", 408: "1C", 409: "1D", 410: "1E",
		500: "1F", 501: "20", 502: "21", 503: "22", 504: "23", 505: "24", 402: "2B", 406: "2B", 418: "2B", 507: "2B", 599: "2B"} {
		require.Equal(t, "0x802440"+want, fmt.Sprint(ssl.CodeOfStatus(status)), status)
	}
}
