package ssl_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

// pair are the two files of a certificate in a folder.
type pair struct{ certificate, key string }

func newPair(t *testing.T) pair {
	t.Helper()
	dir := t.TempDir()
	return pair{filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")}
}

func (p pair) write(t *testing.T, certificate, key []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(p.certificate, certificate, 0o600))
	require.NoError(t, os.WriteFile(p.key, key, 0o600))
}

func (p pair) put(t *testing.T, c *tls.Certificate) {
	t.Helper()
	p.write(t, chainPEM(c), keyPEM(t, c.PrivateKey))
}

func (p pair) options() ssl.FileOptions {
	return ssl.FileOptions{CertificateFile: p.certificate, KeyFile: p.key, Names: []string{"WSUS01.lab.example"}}
}

func serialOf(t *testing.T, f *ssl.FileCertificate) int64 {
	t.Helper()
	c, err := f.GetCertificate(&tls.ClientHelloInfo{})
	require.NoError(t, err)
	return c.Leaf.SerialNumber.Int64()
}

const wsus01 = "wsus01.lab.example"

func TestFileCertificateIsRenewed(t *testing.T) {
	authority, files := newIssuer(t), newPair(t)
	files.put(t, authority.issue(t, wsus01, x509.ExtKeyUsageServerAuth))
	now := time.Now()
	var log bytes.Buffer
	o := files.options()
	o.Now = func() time.Time { return now }
	o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	f, err := ssl.OpenFileCertificate(o)
	require.NoError(t, err)
	require.EqualValues(t, 2, serialOf(t, f))

	renewed := authority.issue(t, wsus01, x509.ExtKeyUsageServerAuth)
	files.put(t, renewed)
	now = now.Add(ssl.DefaultReloadInterval - time.Second)
	require.EqualValues(t, 2, serialOf(t, f), "the files are trusted for the interval")
	now = now.Add(time.Second)
	require.EqualValues(t, 3, serialOf(t, f))
	require.NoError(t, f.Err())

	// A renewal is two files that are replaced one after the other, and a reader may come between.
	third := authority.issue(t, wsus01, x509.ExtKeyUsageServerAuth)
	files.write(t, chainPEM(third), keyPEM(t, renewed.PrivateKey))
	require.ErrorIs(t, f.Reload(), ssl.ErrKeyMismatch)
	require.ErrorIs(t, f.Err(), ssl.ErrKeyMismatch)
	require.EqualValues(t, 3, serialOf(t, f))
	for range 5 {
		now = now.Add(time.Minute)
		require.EqualValues(t, 3, serialOf(t, f))
	}
	require.Equal(t, 1, strings.Count(log.String(), "new certificate refused"), "one line for one reason:\n%s", log.String())
	files.put(t, third)
	now = now.Add(time.Minute)
	require.EqualValues(t, 4, serialOf(t, f))
	require.NoError(t, f.Err())

	require.NoError(t, os.Remove(files.key))
	require.ErrorIs(t, f.Reload(), fs.ErrNotExist)
	require.EqualValues(t, 4, serialOf(t, f))
	files.put(t, third)
	require.NoError(t, f.Reload(), "what is in force is there again")

	files.put(t, authority.issue(t, wsus01, x509.ExtKeyUsageServerAuth))
	now = now.Add(-30 * time.Minute)
	require.EqualValues(t, 5, serialOf(t, f), "a clock that was set back")
	require.NotContains(t, log.String(), "PRIVATE")
}

// Each of these is refused when the files are opened, with its reason, and never replaces a good certificate.
func TestFileCertificateRefuses(t *testing.T) {
	authority := newIssuer(t)
	good := authority.issue(t, wsus01, x509.ExtKeyUsageServerAuth)
	files := newPair(t)
	files.put(t, good)
	running, err := ssl.OpenFileCertificate(files.options())
	require.NoError(t, err)

	weakRSA, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	large, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	require.NoError(t, err)
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	of := func(key crypto.Signer) func() ([]byte, []byte) {
		c := authority.certify(t, key, wsus01, x509.ExtKeyUsageServerAuth)
		return func() ([]byte, []byte) { return chainPEM(c), keyPEM(t, c.PrivateKey) }
	}
	with := func(name string, use x509.ExtKeyUsage, change func(*x509.Certificate)) func() ([]byte, []byte) {
		c := authority.issue(t, name, use, change)
		return func() ([]byte, []byte) { return chainPEM(c), keyPEM(t, c.PrivateKey) }
	}
	none := func(*x509.Certificate) {}
	certificate, key := chainPEM(good), keyPEM(t, good.PrivateKey)
	for title, c := range map[string]struct {
		content func() (certificate, key []byte)
		is      error
		says    string
	}{
		"another name": {with("wsus02.lab.example", x509.ExtKeyUsageServerAuth, none), ssl.ErrNameNotCovered, "wsus01.lab.example"},
		"expired": {with(wsus01, x509.ExtKeyUsageServerAuth, func(c *x509.Certificate) {
			c.NotAfter = time.Now().Add(-time.Minute)
		}), ssl.ErrNotInForce, "expired"},
		"not yet": {with(wsus01, x509.ExtKeyUsageServerAuth, func(c *x509.Certificate) {
			c.NotBefore = time.Now().Add(time.Minute)
		}), ssl.ErrNotInForce, "begins"},
		"for clients":         {with(wsus01, x509.ExtKeyUsageClientAuth, none), ssl.ErrWeakCertificate, "1.3.6.1.5.5.7.3.1"},
		"RSA 1024":            {of(weakRSA), ssl.ErrWeakCertificate, "1024 bits"},
		"P-521":               {of(large), ssl.ErrWeakCertificate, "P-521"},
		"Ed25519":             {of(edwards), ssl.ErrWeakCertificate, "Ed25519"},
		"key of another":      {func() ([]byte, []byte) { return certificate, pfxFile(t, "ecdsa.key") }, ssl.ErrKeyMismatch, files.key},
		"key of another kind": {func() ([]byte, []byte) { return certificate, pfxFile(t, "rsa.key") }, ssl.ErrKeyMismatch, files.key},
		"certificate cut off": {func() ([]byte, []byte) { return certificate[:len(certificate)-40], key }, nil, "no whole certificate"},
		"certificate empty":   {func() ([]byte, []byte) { return nil, key }, nil, "empty"},
		"key cut off":         {func() ([]byte, []byte) { return certificate, key[:60] }, nil, "no whole private key"},
		"key garbled": {func() ([]byte, []byte) {
			return certificate, []byte("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n")
		}, nil, "cannot be decoded"},
		"key encrypted": {func() ([]byte, []byte) {
			return certificate, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
		}, nil, "without passphrase"},
		"too long": {func() ([]byte, []byte) { return make([]byte, ssl.MaxPFX+1), key }, nil, "more than 1048576 bytes"},
	} {
		t.Run(title, func(t *testing.T) {
			files.write(t, first(c.content()), second(c.content()))
			_, opened := ssl.OpenFileCertificate(files.options())
			reloaded := running.Reload()
			for _, err := range []error{opened, reloaded} {
				if c.is != nil {
					require.ErrorIs(t, err, c.is)
				}
				require.ErrorContains(t, err, c.says)
				require.ErrorContains(t, err, filepath.Dir(files.certificate), "the error names a file")
			}
			require.Equal(t, good.Leaf.SerialNumber.Int64(), serialOf(t, running))
		})
	}
}

func first(a, _ []byte) []byte  { return a }
func second(_, b []byte) []byte { return b }

func TestFileCertificateFromPFX(t *testing.T) {
	authority := newIssuer(t)
	path := filepath.Join(t.TempDir(), "wsus.pfx")
	put := func(c *tls.Certificate, password string) {
		data, err := ssl.WritePFX(*c, password, ssl.PFXLegacy)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	put(authority.issue(t, wsus01, x509.ExtKeyUsageServerAuth), "one")
	f, err := ssl.OpenFileCertificate(ssl.FileOptions{PFXFile: path, Password: "one", Names: []string{wsus01}})
	require.NoError(t, err)
	require.EqualValues(t, 2, serialOf(t, f))
	next := authority.issue(t, wsus01, x509.ExtKeyUsageServerAuth)
	put(next, "two")
	require.ErrorIs(t, f.Reload(), ssl.ErrWrongPassword)
	require.EqualValues(t, 2, serialOf(t, f))
	put(next, "one")
	require.NoError(t, f.Reload())
	require.EqualValues(t, 3, serialOf(t, f))
}

func TestFileOptionsAreCheckedAtOnce(t *testing.T) {
	_, err := ssl.OpenFileCertificate(ssl.FileOptions{KeyFile: "x", Names: []string{"a b"}, Interval: -1})
	var all *multierror.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Errors, 3)
	_, err = ssl.OpenFileCertificate(ssl.FileOptions{})
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Errors, 2)
	_, err = ssl.OpenFileCertificate(ssl.FileOptions{CertificateFile: "a", KeyFile: "b", PFXFile: "c", Names: []string{"x"}})
	require.ErrorContains(t, err, "either")
	_, err = ssl.OpenFileCertificate(ssl.FileOptions{CertificateFile: "no such", KeyFile: "file", Names: []string{"x"}})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestFileCertificateIsSafeForConcurrentUse(t *testing.T) {
	authority, files := newIssuer(t), newPair(t)
	files.put(t, authority.issue(t, wsus01, x509.ExtKeyUsageServerAuth))
	o := files.options()
	o.Interval = 1 // every handshake looks
	f, err := ssl.OpenFileCertificate(o)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				c, err := f.GetCertificate(&tls.ClientHelloInfo{})
				if err != nil || c == nil {
					t.Error("a handshake without certificate")
				}
				_ = f.Err()
			}
		})
	}
	for range 10 {
		files.put(t, authority.issue(t, wsus01, x509.ExtKeyUsageServerAuth))
	}
	wg.Wait()
	require.NoError(t, f.Reload())
	require.EqualValues(t, 12, serialOf(t, f))
}

func FuzzPEM(f *testing.F) {
	f.Add(pfxFile(f, "rsa.crt"), pfxFile(f, "rsa.key"))
	f.Add(pfxFile(f, "ecdsa.crt"), pfxFile(f, "ecdsa.key"))
	both := append(pfxFile(f, "ecdsa.key"), pfxFile(f, "ecdsa.crt")...)
	f.Add(both, both)
	f.Fuzz(func(t *testing.T, certificate, key []byte) {
		ours, err := ssl.ParsePEM(certificate, key)
		if err != nil {
			return
		}
		theirs, err := tls.X509KeyPair(chainPEM(&ours), keyPEM(t, ours.PrivateKey))
		require.NoError(t, err, "what is taken can be served")
		require.Equal(t, ours.Leaf.Raw, theirs.Leaf.Raw)
	})
}
