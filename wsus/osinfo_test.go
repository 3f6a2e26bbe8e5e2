package wsus_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

// The names that Windows has by its numbers.
func TestOSName(t *testing.T) {
	for _, c := range []struct {
		version string
		product int
		want    string
	}{
		{"6.1.7601", 1, "Windows 7"}, {"6.1.7601", 3, "Windows Server 2008 R2"}, {"6.2.9200", 1, "Windows 8"}, {"6.3.9600", 1, "Windows 8.1"},
		{"6.3.9600", 2, "Windows Server 2012 R2"}, {"10.0.14393", 3, "Windows Server 2016"}, {"10.0.17763", 1, "Windows 10"},
		{"10.0.17763", 3, "Windows Server 2019"}, {"10.0.19045", 1, "Windows 10"}, {"10.0.20348", 2, "Windows Server 2022"},
		{"10.0.22000", 1, "Windows 11"}, {"10.0.26200", 1, "Windows 11"}, {"10.0.26100", 3, "Windows Server 2025"},
		{"11.0.1", 1, "Windows 11.0"}, {"", 1, "Windows"}, {"0.0.0", 0, "Windows"},
	} {
		require.Equal(t, c.want, wsus.Computer{OSVersion: c.version, ProductType: c.product}.OSName(), "%s %d", c.version, c.product)
	}
	for text, want := range map[string]string{"AMD64": "AMD64", "amd64 Family 6": "AMD64", "x86": "X86", "arm64": "ARM64", "Alpha": "Alpha"} {
		require.Equal(t, want, wsus.Computer{Architecture: text}.Platform())
	}
}
