package ssl_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"software.sslmate.com/src/go-pkcs12"

	"github.com/seed599db172/softwareupdates/ssl"
)

var updatePFX = flag.Bool("update-pfx", false, "write the PFX files of testdata anew; then let OpenSSL read them")

const pfxPassword = "Composed-1"

// SHA-256 fingerprints of the composed certificates, as `openssl x509 -fingerprint -sha256` told them.
const (
	rsaPrint    = "3bea8f9b777638f93c91a67ecf04dcf5b15bc262275f3e21396db55d85930ce1"
	ecdsaPrint  = "cd5b219064bbb2fefe1d387b9783041e2b65b447fc7d38636717ead32d2c0fa5"
	issuerPrint = "69d7132d1ed8a8cd8ef257faf882946d52c894c1b50976d18b511be15bf279f1"
)

func pfxFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "pfx", name))
	require.NoError(t, err)
	return data
}

func prints(c tls.Certificate) []string {
	var all []string
	for _, der := range c.Certificate {
		sum := sha256.Sum256(der)
		all = append(all, hex.EncodeToString(sum[:]))
	}
	return all
}

// signs proves that the key is that of the certificate by using it.
func signs(t *testing.T, c tls.Certificate) {
	t.Helper()
	_, err := tls.X509KeyPair(chainPEM(&c), keyPEM(t, c.PrivateKey))
	require.NoError(t, err)
}

func TestReadPFXOfOpenSSL(t *testing.T) {
	for name, leaf := range map[string]string{"rsa-aes.pfx": rsaPrint, "ecdsa-3des.pfx": ecdsaPrint} {
		c, err := ssl.ReadPFX(pfxFile(t, name), pfxPassword)
		require.NoError(t, err, name)
		require.Equal(t, []string{leaf, issuerPrint}, prints(c), "leaf and issuing CA; clients have the root")
		require.Equal(t, []string{"wsus01.lab.example", "wsus01"}, c.Leaf.DNSNames)
		signs(t, c)

		for _, wrong := range []string{"", "composed-1", "Composed-1 ", "Cömposed"} {
			_, err = ssl.ReadPFX(pfxFile(t, name), wrong)
			require.ErrorIs(t, err, ssl.ErrWrongPassword, "%s with %q", name, wrong)
		}
	}
}

// Windows exports the chain in any order, and the certificate may stand anywhere in it.
func TestReadPFXPutsTheChainInOrder(t *testing.T) {
	leaf, issuer, root := parsed(t, "rsa.crt", 0), parsed(t, "rsa.crt", 1), parsed(t, "root.crt", 0)
	other := parsed(t, "ecdsa.crt", 0)
	key := keyOf(t, "rsa.key")
	shuffled, err := pkcs12.LegacyDES.Encode(key, root, list(other, issuer, leaf), pfxPassword)
	require.NoError(t, err)
	c, err := ssl.ReadPFX(shuffled, pfxPassword)
	require.NoError(t, err)
	require.Equal(t, []string{rsaPrint, issuerPrint}, prints(c))

	foreign, err := pkcs12.LegacyDES.Encode(key, other, list(issuer), pfxPassword)
	require.NoError(t, err)
	_, err = ssl.ReadPFX(foreign, pfxPassword)
	require.ErrorIs(t, err, ssl.ErrKeyMismatch)
}

func TestReadPFXRefuses(t *testing.T) {
	good := pfxFile(t, "rsa-aes.pfx")
	plain, err := pkcs12.Passwordless.Encode(keyOf(t, "rsa.key"), parsed(t, "rsa.crt", 0), nil, "")
	require.NoError(t, err)
	greedy, err := pkcs12.LegacyDES.Encode(keyOf(t, "ecdsa.key"), parsed(t, "ecdsa.crt", 0), nil, pfxPassword)
	require.NoError(t, err)
	greedy = withRounds(t, greedy, 0x7fffffff)
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"nothing":         {nil, "not a PFX file"},
		"text":            {[]byte("-----BEGIN CERTIFICATE-----"), "not a PFX file"},
		"cut off":         {good[:len(good)-1], "cut off"},
		"with a tail":     {append(bytes.Clone(good), 0), "1 bytes follow"},
		"too long":        {make([]byte, ssl.MaxPFX+1), "at most 1048576"},
		"no check sum":    {plain, "no check sum"},
		"too many rounds": {greedy, "rounds of key derivation"},
		"a flipped bit":   {flipped, "damaged"},
		"nested deeply":   {nested(100), "nested deeper"},
	} {
		_, err := ssl.ReadPFX(c.data, pfxPassword)
		require.ErrorContains(t, err, c.says, name)
		require.ErrorContains(t, err, "read PFX", name)
	}
}

// withRounds lets the check sum of a file that states no rounds, which means 1, ask for more: two billion would keep a reader busy
// for an hour.
func withRounds(t *testing.T, data []byte, rounds int) []byte {
	t.Helper()
	var parts []asn1.RawValue
	_, err := asn1.Unmarshal(data, &parts)
	require.NoError(t, err)
	require.Len(t, parts, 3, "version, content, check sum")
	stated, err := asn1.Marshal(rounds)
	require.NoError(t, err)
	parts[2].Bytes, parts[2].FullBytes = append(bytes.Clone(parts[2].Bytes), stated...), nil
	out, err := asn1.Marshal(parts)
	require.NoError(t, err)
	return out
}

func nested(depth int) []byte {
	inner := []byte{0x05, 0x00}
	for range depth {
		inner = append([]byte{0x30, 0x82, byte(len(inner) >> 8), byte(len(inner))}, inner...)
	}
	body := append(append([]byte{0x02, 0x01, 0x03}, inner...), 0x30, 0x00)
	return append([]byte{0x30, 0x82, byte(len(body) >> 8), byte(len(body))}, body...)
}

func TestWritePFXReadsBack(t *testing.T) {
	for _, name := range []string{"rsa", "ecdsa"} {
		c, err := tls.LoadX509KeyPair("testdata/pfx/"+name+".crt", "testdata/pfx/"+name+".key")
		require.NoError(t, err)
		for _, encoding := range []ssl.PFXEncoding{ssl.PFXModern, ssl.PFXLegacy} {
			data, err := ssl.WritePFX(c, "pässword", encoding)
			require.NoError(t, err)
			back, err := ssl.ReadPFX(data, "pässword")
			require.NoError(t, err)
			require.Equal(t, c.Certificate, back.Certificate)
			require.Equal(t, c.PrivateKey, back.PrivateKey)
		}
	}
}

// Any password of the characters that Windows takes opens what it closed, and no other does.
func TestPFXPasswords(t *testing.T) {
	c, err := tls.LoadX509KeyPair("testdata/pfx/ecdsa.crt", "testdata/pfx/ecdsa.key")
	require.NoError(t, err)
	characters := rapid.RuneFrom([]rune("aZ0 \"\\&%äßñ‰Ж漢"))
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.StringOfN(characters, 1, 20, -1).Draw(t, "password")
		two := rapid.StringOfN(characters, 0, 20, -1).Draw(t, "other")
		data, err := ssl.WritePFX(c, one, ssl.PFXLegacy)
		require.NoError(t, err)
		back, err := ssl.ReadPFX(data, one)
		require.NoError(t, err)
		require.Equal(t, c.Certificate, back.Certificate)
		if two != one {
			_, err = ssl.ReadPFX(data, two)
			require.ErrorIs(t, err, ssl.ErrWrongPassword)
		}
	})
}

func TestWritePFXRefuses(t *testing.T) {
	c, err := tls.LoadX509KeyPair("testdata/pfx/rsa.crt", "testdata/pfx/rsa.key")
	require.NoError(t, err)
	_, err = ssl.WritePFX(c, "", ssl.PFXModern)
	require.ErrorIs(t, err, ssl.ErrEmptyPassword)
	_, err = ssl.WritePFX(tls.Certificate{PrivateKey: c.PrivateKey}, "x", ssl.PFXModern)
	require.ErrorContains(t, err, "no certificate")
	c.PrivateKey = keyOf(t, "ecdsa.key")
	_, err = ssl.WritePFX(c, "x", ssl.PFXModern)
	require.ErrorIs(t, err, ssl.ErrKeyMismatch)
	c.PrivateKey = nil
	_, err = ssl.WritePFX(c, "x", ssl.PFXModern)
	require.ErrorIs(t, err, ssl.ErrKeyMismatch)
}

// OpenSSL has read the golden files and told what is in them (testdata/pfx/written-*.txt): with the same random bytes the same bytes
// are written today. The texts are held to the composed certificates here, so that they cannot be of other files.
func TestWritePFXIsWhatOpenSSLRead(t *testing.T) {
	for name, c := range map[string]struct {
		from     string
		encoding ssl.PFXEncoding
		says     []string
	}{
		"written-modern": {"rsa", ssl.PFXModern, []string{"MAC: sha256, Iteration 100000",
			"PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256",
			"Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256"}},
		"written-legacy": {"ecdsa", ssl.PFXLegacy, []string{"MAC: sha1, Iteration 2048",
			"PKCS7 Encrypted data: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048",
			"Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048"}},
	} {
		certificate, err := tls.LoadX509KeyPair("testdata/pfx/"+c.from+".crt", "testdata/pfx/"+c.from+".key")
		require.NoError(t, err)
		data, err := ssl.WritePFXWith(&counting{}, certificate, pfxPassword, c.encoding)
		require.NoError(t, err)
		if *updatePFX {
			require.NoError(t, os.WriteFile("testdata/pfx/"+name+".pfx", data, 0o644))
		}
		require.Equal(t, pfxFile(t, name+".pfx"), data)
		heard := pfxFile(t, name+".txt")
		for _, line := range c.says {
			require.Contains(t, string(heard), line)
		}
		var told [][]byte
		var key []byte
		for block, rest := pem.Decode(heard); block != nil; block, rest = pem.Decode(rest) {
			if strings.HasSuffix(block.Type, "PRIVATE KEY") {
				key = block.Bytes
				continue
			}
			told = append(told, block.Bytes)
		}
		require.Equal(t, certificate.Certificate, told)
		block, _ := pem.Decode(pfxFile(t, c.from+".key"))
		require.Equal(t, block.Bytes, key)
	}
}

// counting is a source of random bytes that is none.
type counting struct{ next byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.next
		c.next++
	}
	return len(p), nil
}

func FuzzReadPFX(f *testing.F) {
	for _, encoder := range []*pkcs12.Encoder{pkcs12.Modern2023, pkcs12.LegacyDES, pkcs12.Modern2026} {
		// One round, so that the time goes into reading.
		seed, err := encoder.WithIterations(1).Encode(keyOf(f, "ecdsa.key"), parsed(f, "ecdsa.crt", 0), nil, "x")
		require.NoError(f, err)
		f.Add(seed, "x")
	}
	f.Add([]byte{0x30, 0x03, 0x02, 0x01, 0x03}, "")
	f.Fuzz(func(t *testing.T, data []byte, password string) {
		c, err := ssl.ReadPFX(data, password)
		if err != nil {
			require.Nil(t, c.PrivateKey)
			return
		}
		require.NotNil(t, c.Leaf)
		require.Equal(t, c.Leaf.Raw, c.Certificate[0])
		signs(t, c)
	})
}
