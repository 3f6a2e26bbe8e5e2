package ssl_test

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/require"
)

// parsed is the certificate at a place of a composed PEM file.
func parsed(t testing.TB, name string, place int) *x509.Certificate {
	t.Helper()
	rest := pfxFile(t, name)
	var block *pem.Block
	for range place + 1 {
		block, rest = pem.Decode(rest)
		require.NotNil(t, block, name)
	}
	c, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	return c
}

func list(all ...*x509.Certificate) []*x509.Certificate { return all }

func keyOf(t testing.TB, name string) crypto.PrivateKey {
	t.Helper()
	block, _ := pem.Decode(pfxFile(t, name))
	require.NotNil(t, block, name)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	require.NoError(t, err)
	return key
}

func keyPEM(t testing.TB, key crypto.PrivateKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func chainPEM(c *tls.Certificate) []byte {
	var out []byte
	for _, der := range c.Certificate {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return out
}
