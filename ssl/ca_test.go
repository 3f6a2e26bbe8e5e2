package ssl_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable"
	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/ssl"
)

var labNames = []string{"wsus01.lab.example", "WSUS01", "127.0.0.1", "[::1]"}

func TestCAIssuesWhatAnAgentAccepts(t *testing.T) {
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: labNames})
	require.NoError(t, err)
	got, err := ca.GetCertificate(&tls.ClientHelloInfo{ServerName: "wsus01.lab.example"})
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(got.Certificate[0])
	require.NoError(t, err)
	for _, name := range []string{"wsus01.lab.example", "wsus01", "127.0.0.1", "::1"} {
		_, err := leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: ca.Pool(),
			KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		require.NoError(t, err, name)
	}
	require.Error(t, leaf.VerifyHostname("other.lab.example"))
	require.Equal(t, "wsus01.lab.example", leaf.Subject.CommonName)
	require.Equal(t, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, leaf.ExtKeyUsage)
	require.Equal(t, elliptic.P256(), leaf.PublicKey.(*ecdsa.PublicKey).Curve)
	require.False(t, leaf.IsCA)

	_, err = ca.GetCertificate(&tls.ClientHelloInfo{ServerName: "evil.example"})
	require.ErrorIs(t, err, ssl.ErrUnknownName)
	again, err := ca.GetCertificate(&tls.ClientHelloInfo{})
	require.NoError(t, err)
	require.Same(t, got, again, "one certificate is issued and kept")
}

func TestCARenewsBeforeExpiry(t *testing.T) {
	now := time.Now()
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: labNames, LeafLifetime: 9 * time.Hour, Now: func() time.Time { return now }})
	require.NoError(t, err)
	serial := func() string {
		c, err := ca.GetCertificate(&tls.ClientHelloInfo{})
		require.NoError(t, err)
		require.True(t, now.Before(c.Leaf.NotAfter) && now.After(c.Leaf.NotBefore))
		return c.Leaf.SerialNumber.String()
	}
	first := serial()
	now = now.Add(5 * time.Hour)
	require.Equal(t, first, serial())
	now = now.Add(time.Hour + time.Second)
	second := serial()
	require.NotEqual(t, first, second)
	now = now.Add(-48 * time.Hour)
	_, err = ca.GetCertificate(&tls.ClientHelloInfo{})
	require.NoError(t, err)
	now = now.Add(ssl.CALifetime * 2)
	_, err = ca.GetCertificate(&tls.ClientHelloInfo{})
	require.ErrorContains(t, err, "expired")
}

func TestCAIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ca")
	first, err := ssl.OpenCA(dir, ssl.CAOptions{Names: labNames})
	require.NoError(t, err)
	second, err := ssl.OpenCA(dir, ssl.CAOptions{Names: []string{"other"}})
	require.NoError(t, err)
	require.Equal(t, first.CertificatePEM(), second.CertificatePEM())

	file, err := os.ReadFile(first.CertificateFile())
	require.NoError(t, err)
	require.Equal(t, first.CertificatePEM(), file)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(dir, "ca.key"))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
	}
}

func TestCASurvivesACrashAtEveryPoint(t *testing.T) {
	for point := 1; ; point++ {
		disk := durabletest.New()
		disk.FailAt(point)
		before, err := ssl.OpenCAOn(disk, ssl.CAOptions{Names: labNames})
		after, openErr := ssl.OpenCAOn(disk.Crash(), ssl.CAOptions{Names: labNames})
		require.NoError(t, openErr, "crash at point %d", point)
		if err == nil {
			require.Equal(t, before.CertificatePEM(), after.CertificatePEM(), "what was handed out is kept")
			require.Greater(t, point, 20)
			return
		}
		require.ErrorIs(t, err, durabletest.ErrCrash)
	}
}

func TestCARefusesDamagedFiles(t *testing.T) {
	other, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: labNames})
	require.NoError(t, err)
	leaf, err := other.GetCertificate(&tls.ClientHelloInfo{})
	require.NoError(t, err)
	leafPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Certificate[0]})
	for _, c := range []struct {
		title, file string
		damage      func(old []byte) []byte // nil removes
		says        string
	}{
		{"key cut off", "ca.key", func(b []byte) []byte { return b[:len(b)/2] }, "cut off"},
		{"key empty", "ca.key", func([]byte) []byte { return []byte{} }, "empty"},
		{"key of zeros", "ca.key", func(b []byte) []byte { return make([]byte, len(b)) }, "no whole PEM block"},
		{"key is a certificate", "ca.key", func([]byte) []byte { return leafPEM }, `holds "CERTIFICATE"`},
		{"key scrambled", "ca.key", func([]byte) []byte {
			return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("no key")})
		}, "cannot be decoded"},
		{"key huge", "ca.key", func([]byte) []byte { return make([]byte, 1<<20) }, "too large"},
		{"key gone", "ca.key", nil, "missing, though the certificate is there"},
		{"certificate cut off", "ca.crt", func(b []byte) []byte { return b[:len(b)/2] }, "cut off"},
		{"certificate of another CA", "ca.crt", func([]byte) []byte { return other.CertificatePEM() }, "does not belong to the key"},
		{"certificate scrambled", "ca.crt", func([]byte) []byte {
			return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("no certificate")})
		}, "damaged"},
	} {
		t.Run(c.title, func(t *testing.T) {
			dir := t.TempDir()
			_, err := ssl.OpenCA(dir, ssl.CAOptions{Names: labNames})
			require.NoError(t, err)
			path := filepath.Join(dir, c.file)
			if c.damage == nil {
				require.NoError(t, os.Remove(path))
			} else {
				old, err := os.ReadFile(path)
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(path, c.damage(old), 0o600))
			}
			_, err = ssl.OpenCA(dir, ssl.CAOptions{Names: labNames})
			var damaged *ssl.CAError
			require.ErrorAs(t, err, &damaged)
			require.Equal(t, c.file, damaged.File)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestCARefusesAKeyThatOthersCanRead(t *testing.T) {
	disk := durabletest.New()
	_, err := ssl.OpenCAOn(disk, ssl.CAOptions{Names: labNames})
	require.NoError(t, err)
	key, err := durable.ReadFile(disk, "ca.key", 1<<16)
	require.NoError(t, err)
	require.NoError(t, durable.WriteFile(disk, "ca.key", key, 0o644))
	_, err = ssl.OpenCAOn(disk, ssl.CAOptions{Names: labNames})
	require.ErrorContains(t, err, "others can read the key")
}

func TestCARefusesAnExpiredCertificate(t *testing.T) {
	dir := t.TempDir()
	past := func() time.Time { return time.Now().Add(-ssl.CALifetime - time.Hour) }
	_, err := ssl.OpenCA(dir, ssl.CAOptions{Names: labNames, Now: past})
	require.NoError(t, err)
	_, err = ssl.OpenCA(dir, ssl.CAOptions{Names: labNames})
	require.ErrorContains(t, err, "ca.crt: expired on")
}

func TestCAOptionsAreCheckedAtOnce(t *testing.T) {
	_, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{
		Names: []string{"ok.example", "", "*.example", "a..b", "fe80::1%eth0", "-x"}, LeafLifetime: time.Second})
	var all *multierror.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Errors, 6)
	_, err = ssl.OpenCA(t.TempDir(), ssl.CAOptions{})
	require.ErrorContains(t, err, "no name given")
}

func TestCAIsSafeForConcurrentUse(t *testing.T) {
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: labNames})
	require.NoError(t, err)
	var wg sync.WaitGroup
	got := make([]*tls.Certificate, 8)
	for i := range got {
		wg.Go(func() { got[i], _ = ca.GetCertificate(&tls.ClientHelloInfo{}) })
	}
	wg.Wait()
	for _, c := range got {
		require.Same(t, got[0], c)
	}
}
