package ssl

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"path/filepath"
	"time"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// The files of a CA in its folder.
const (
	caCertificateName = "ca.crt"
	caKeyName         = "ca.key"
)

// Lifetimes of what a CA issues.
const (
	// CALifetime is how long a new CA certificate is valid.
	CALifetime = 10 * 365 * 24 * time.Hour
	// DefaultLeafLifetime is how long a server certificate is valid unless told otherwise.
	DefaultLeafLifetime = 7 * 24 * time.Hour
	// MinLeafLifetime is the shortest that can be asked for.
	MinLeafLifetime = time.Minute
	// clockSkew is how far clocks of clients may be behind.
	clockSkew = time.Hour
)

// CAOptions configure a CA.
type CAOptions struct {
	// Names are the DNS names and IP addresses of the server, the name that clients are told first. At least one. Short name,
	// full name and every alias in use belong here.
	Names []string
	// LeafLifetime of server certificates; they are renewed when a third of it is left. 0 means DefaultLeafLifetime.
	LeafLifetime time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// CA is a small certification authority for a laboratory: one ECDSA P-256 key in a folder, which issues short-lived server
// certificates for the configured names and nothing else: ECDSA ones, and RSA ones beside them for agents older than Windows 10.
// Clients trust it by its [CA.CertificatePEM] in their machine store.
//
// Methods are safe for concurrent use. A folder has one process at a time.
type CA struct {
	dir         string
	names       names
	lifetime    time.Duration
	now         func() time.Time
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey

	ecdsa, rsa leaf
}

// OpenCA loads the CA of a folder, or makes folder and CA when there is none. It checks what it loads (the key fits, it is a CA
// that may sign, it has not expired, and nobody else may read the key) and refuses with a [*CAError] that names the file. Of a
// creation that a crash interrupted it goes on with the key. All invalid options are reported at once, as a *multierror.Error.
func OpenCA(dir string, o CAOptions) (*CA, error) {
	names, err := o.validate()
	if err != nil {
		return nil, fmt.Errorf("open CA: %w", err)
	}
	folder, err := durable.OpenFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("open CA: %w", err)
	}
	defer folder.Close()
	return openCA(folder, dir, names, o)
}

func openCA(fsys durable.FS, dir string, names names, o CAOptions) (*CA, error) {
	ca := &CA{dir: dir, names: names, lifetime: o.LeafLifetime, now: o.Now}
	if ca.lifetime == 0 {
		ca.lifetime = DefaultLeafLifetime
	}
	if ca.now == nil {
		ca.now = time.Now
	}
	if err := ca.loadOrCreate(fsys); err != nil {
		return nil, fmt.Errorf("open CA: %w", err)
	}
	return ca, nil
}

// Pool returns a pool that trusts this CA and nothing else.
func (ca *CA) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(ca.certificate)
	return pool
}

// CertificatePEM returns the certificate of the CA, for the trusted root store of the machines. It holds no key.
func (ca *CA) CertificatePEM() []byte {
	var out bytes.Buffer
	pem.Encode(&out, &pem.Block{Type: pemCertificate, Bytes: ca.certificate.Raw}) // a bytes.Buffer does not fail
	return out.Bytes()
}

// CertificateFile returns the path of the file that holds CertificatePEM.
func (ca *CA) CertificateFile() string { return filepath.Join(ca.dir, caCertificateName) }
