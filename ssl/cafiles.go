package ssl

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"runtime"
	"time"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// PEM types of the two files.
const (
	pemCertificate = "CERTIFICATE"
	pemKey         = "PRIVATE KEY"
)

// maxCAFile bounds what is read; both files have less than 1 KB.
const maxCAFile = 64 << 10

// CAError says which file of a CA is unusable and why.
type CAError struct {
	File string
	Err  error
}

// Error names the file.
func (e *CAError) Error() string { return e.File + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *CAError) Unwrap() error { return e.Err }

// loadOrCreate writes the key before the certificate. A folder with a key alone is therefore a creation that was interrupted:
// nobody can trust that CA yet, and the key is as good as new.
func (ca *CA) loadOrCreate(fsys durable.FS) error {
	// What another process left may be in the page cache only.
	if err := fsys.SyncDir("."); err != nil {
		return err
	}
	key, keyErr := loadKey(fsys)
	certificate, certErr := loadCertificate(fsys)
	noKey, noCert := errors.Is(keyErr, fs.ErrNotExist), errors.Is(certErr, fs.ErrNotExist)
	switch {
	case noKey && noCert:
		return ca.createKey(fsys)
	case noKey:
		return &CAError{caKeyName, errors.New("missing, though the certificate is there: restore it, or move " +
			caCertificateName + " away to make a new CA, which all machines must then trust")}
	case keyErr != nil:
		return &CAError{caKeyName, keyErr}
	case noCert:
		return ca.createCertificate(fsys, key)
	case certErr != nil:
		return &CAError{caCertificateName, certErr}
	}
	if err := checkCA(certificate, key, ca.now()); err != nil {
		return &CAError{caCertificateName, err}
	}
	ca.key, ca.certificate = key, certificate
	return nil
}

func loadKey(fsys durable.FS) (*ecdsa.PrivateKey, error) {
	block, err := loadPEM(fsys, caKeyName, pemKey)
	if err != nil {
		return nil, err
	}
	if err := checkPrivate(fsys); err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block)
	if err != nil {
		return nil, errors.New("damaged: the key cannot be decoded") // the cause may tell of the key
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("not an ECDSA P-256 key")
	}
	return key, nil
}

// checkPrivate refuses a key that others can read. Windows has no such bits: there the folder's access list counts.
func checkPrivate(fsys durable.FS) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := fsys.OpenFile(caKeyName, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("others can read the key (mode %#o): set it to 0600, and make a new CA if it was shared", mode)
	}
	return nil
}

func loadCertificate(fsys durable.FS) (*x509.Certificate, error) {
	block, err := loadPEM(fsys, caCertificateName, pemCertificate)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(block)
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	return certificate, nil
}

func loadPEM(fsys durable.FS, name, typ string) ([]byte, error) {
	data, err := durable.ReadFile(fsys, name, maxCAFile)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	switch {
	case len(data) == 0:
		return nil, errors.New("damaged: the file is empty")
	case block == nil:
		return nil, errors.New("damaged or cut off: no whole PEM block")
	case block.Type != typ:
		return nil, fmt.Errorf("holds %q instead of %q", block.Type, typ)
	}
	return block.Bytes, nil
}

func checkCA(certificate *x509.Certificate, key *ecdsa.PrivateKey, now time.Time) error {
	public, ok := certificate.PublicKey.(*ecdsa.PublicKey)
	switch {
	case !ok || !public.Equal(key.Public()):
		return errors.New("does not belong to the key in " + caKeyName)
	case !certificate.BasicConstraintsValid || !certificate.IsCA || certificate.KeyUsage&x509.KeyUsageCertSign == 0:
		return errors.New("not a certificate of a CA")
	case now.After(certificate.NotAfter):
		return fmt.Errorf("expired on %s: move the folder away to make a new CA, which all machines must then trust",
			certificate.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(certificate.NotBefore):
		return fmt.Errorf("not valid before %s: set the clock", certificate.NotBefore.UTC().Format(time.RFC3339))
	}
	return certificate.CheckSignatureFrom(certificate)
}

func (ca *CA) createKey(fsys durable.FS) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(fsys, caKeyName, pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: der}), 0o600); err != nil {
		return err
	}
	return ca.createCertificate(fsys, key)
}

func (ca *CA) createCertificate(fsys durable.FS, key *ecdsa.PrivateKey) error {
	serial, err := newSerial()
	if err != nil {
		return err
	}
	now := ca.now()
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "Software Updates Laboratory CA " + serial.Text(16)[:8]},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              now.Add(CALifetime),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	if ca.certificate, err = x509.ParseCertificate(der); err != nil {
		return err
	}
	ca.key = key
	return durable.WriteFile(fsys, caCertificateName, ca.CertificatePEM(), 0o644)
}

// newSerial returns 127 random bits with the highest set: positive, and never shorter than the name of the CA needs.
func newSerial() (*big.Int, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return nil, err
	}
	return serial.SetBit(serial, 126, 1), nil
}
