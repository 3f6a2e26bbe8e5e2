package ssl_test

import (
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

func TestSettings(t *testing.T) {
	get := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }
	for _, c := range []struct {
		title    string
		settings ssl.Settings
		valid    bool
		tls      bool
		refuses  int // roots that refuse plain HTTP
	}{
		{"zero value", ssl.Settings{}, true, false, 0},
		{"offered", ssl.Offered(get), true, true, 0},
		{"required", ssl.Required(get), true, true, 5},
		{"required without certificate", ssl.Settings{Required: true}, false, false, 5},
	} {
		t.Run(c.title, func(t *testing.T) {
			if c.valid {
				require.NoError(t, c.settings.Validate())
			} else {
				require.ErrorIs(t, c.settings.Validate(), ssl.ErrNoCertificate)
			}
			refused := 0
			for _, root := range ssl.Roots() {
				require.False(t, c.settings.Refuses(root, true))
				if c.settings.Refuses(root, false) {
					refused++
				}
			}
			require.Equal(t, c.refuses, refused)
			config := c.settings.TLSConfig()
			require.Equal(t, c.tls, config != nil)
			if config != nil {
				require.EqualValues(t, tls.VersionTLS12, config.MinVersion)
				require.Equal(t, tls.NoClientCert, config.ClientAuth)
			}
		})
	}
}
