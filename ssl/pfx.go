package ssl

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"software.sslmate.com/src/go-pkcs12"
)

// MaxPFX is how many bytes a PFX file may have; one with a whole chain of RSA certificates has less than 20 KB.
const MaxPFX = 1 << 20

// ErrWrongPassword says that a PFX file does not open with the password. A file that was damaged says the same: its check sum is
// made with the password.
var ErrWrongPassword = errors.New("wrong password, or the file is damaged")

// ErrEmptyPassword says that a PFX file would be written with nothing to keep its key.
var ErrEmptyPassword = errors.New("a PFX file needs a password: without one anybody reads the key")

// PFXEncoding says which systems a PFX file is for.
type PFXEncoding uint8

const (
	// PFXModern encrypts with AES-256 and a key from 100,000 rounds of PBKDF2 with SHA-256: Windows 10 1709, Windows Server 2019,
	// OpenSSL 1.1.1 and later. It is the zero value.
	PFXModern PFXEncoding = iota
	// PFXLegacy encrypts with Triple DES and SHA-1, as Windows Server 2016 and older want it. Guessing its password is cheap: use a
	// long random one, and remove the file after the import.
	PFXLegacy
)

// modernIterations slows guessing of passwords down; a reader needs a tenth of a second. Windows takes up to 600,000.
const modernIterations = 100_000

// legacyIterations are those of the files that Windows writes, give or take.
const legacyIterations = 2048

// ReadPFX reads a PFX file (PKCS #12): the certificate with its private key, and the chain behind it in order, as far as it is in
// the file. Windows exports the chain in any order; the certificate is the one that the key belongs to. It answers
// [ErrWrongPassword], [ErrKeyMismatch] when the key belongs to no certificate of the file, and other errors for a file that is
// damaged, longer than [MaxPFX], has no check sum, more than one key, or asks for more rounds of key derivation than a reader can
// spend. Whether names, dates and strength suit a server is not looked at.
func ReadPFX(data []byte, password string) (tls.Certificate, error) {
	certificate, err := readPFX(data, password)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read PFX: %w", err)
	}
	return certificate, nil
}

func readPFX(data []byte, password string) (tls.Certificate, error) {
	if len(data) > MaxPFX {
		return tls.Certificate{}, fmt.Errorf("it has %d bytes, at most %d are read", len(data), MaxPFX)
	}
	if err := checkPFX(data); err != nil {
		return tls.Certificate{}, err
	}
	key, first, others, err := pkcs12.DecodeChain(data, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return tls.Certificate{}, ErrWrongPassword
	case err != nil:
		return tls.Certificate{}, err
	}
	all := append([]*x509.Certificate{first}, others...)
	for _, leaf := range all {
		certificate := tls.Certificate{PrivateKey: key, Leaf: leaf}
		if checkKey(&certificate) == nil {
			certificate.Certificate = chainOf(leaf, all)
			return certificate, nil
		}
	}
	return tls.Certificate{}, ErrKeyMismatch
}

// chainOf puts the certificates in the order of a handshake: each signed by the next one. What does not belong to the chain is
// left out, and so is a root at its end, which clients have or do not trust; a leaf that signed itself stays.
func chainOf(leaf *x509.Certificate, all []*x509.Certificate) [][]byte {
	chain := [][]byte{leaf.Raw}
	for last := leaf; !selfSigned(last) && len(chain) <= len(all); {
		next := slices.IndexFunc(all, func(c *x509.Certificate) bool { return last.CheckSignatureFrom(c) == nil })
		if next < 0 || selfSigned(all[next]) {
			break
		}
		last = all[next]
		chain = append(chain, last.Raw)
	}
	return chain
}

func selfSigned(c *x509.Certificate) bool { return string(c.RawSubject) == string(c.RawIssuer) }

// WritePFX writes a certificate with its private key and its chain as a PFX file, for the import on Windows
// (Import-PfxCertificate into Cert:\LocalMachine\My) and everywhere else. The password must not be empty ([ErrEmptyPassword]);
// the key must belong to the certificate ([ErrKeyMismatch]) and must be in memory, not in a token.
func WritePFX(certificate tls.Certificate, password string, encoding PFXEncoding) ([]byte, error) {
	data, err := writePFX(encoding.encoder(), certificate, password)
	if err != nil {
		return nil, fmt.Errorf("write PFX: %w", err)
	}
	return data, nil
}

func (e PFXEncoding) encoder() *pkcs12.Encoder {
	if e == PFXLegacy {
		return pkcs12.LegacyDES.WithIterations(legacyIterations)
	}
	return pkcs12.Modern2023.WithIterations(modernIterations)
}

func writePFX(encoder *pkcs12.Encoder, certificate tls.Certificate, password string) ([]byte, error) {
	if password == "" {
		return nil, ErrEmptyPassword
	}
	chain := make([]*x509.Certificate, 0, len(certificate.Certificate))
	for _, der := range certificate.Certificate {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		chain = append(chain, parsed)
	}
	if len(chain) == 0 {
		return nil, errors.New("there is no certificate")
	}
	certificate.Leaf = chain[0]
	if err := checkKey(&certificate); err != nil {
		return nil, err
	}
	return encoder.Encode(certificate.PrivateKey, chain[0], chain[1:], password)
}
