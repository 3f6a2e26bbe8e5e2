package ssl

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-multierror"
)

// DefaultReloadInterval is how long [FileCertificate] trusts its files unless told otherwise.
const DefaultReloadInterval = 10 * time.Second

// FileOptions say which files hold a certificate: either CertificateFile and KeyFile, or PFXFile.
type FileOptions struct {
	// CertificateFile holds the certificate and the chain behind it, and KeyFile its private key; both in PEM, the key not
	// encrypted. They may be the same file.
	CertificateFile, KeyFile string
	// PFXFile holds all of them (PKCS #12), and Password opens it.
	PFXFile, Password string
	// Names are those that clients use; a certificate that lacks one of them is never served. At least one.
	Names []string
	// Interval is how long the files are trusted before they are read again; 0 means DefaultReloadInterval.
	Interval time.Duration
	// Logger gets one line for each certificate that is taken over, and one for each new reason to refuse one; nil discards.
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// FileCertificate serves a certificate from files and takes over what replaces it, without a restart and without a lost
// connection. It reads the files again at the first handshake after each interval, so it needs no goroutine and works on every
// file system, on mounted secrets and through symbolic links; while one handshake reads, the others get the certificate in force.
//
// What it reads is served only if it is good: the key belongs to the certificate, every configured name is covered, it is in
// force, and Windows clients take its kind. Otherwise, as with files that are half written or replaced one after the other, the
// certificate in force stays, [FileCertificate.Err] says why, and the next interval looks again. All methods are safe for
// concurrent use.
type FileCertificate struct {
	o        FileOptions
	current  atomic.Pointer[tls.Certificate]
	lastLook atomic.Pointer[time.Time]

	// looking is held by who reads the files.
	looking sync.Mutex
	digest  [sha256.Size]byte // of the files that current came from
	fault   atomic.Pointer[error]
}

// OpenFileCertificate reads the files for the first time and refuses what cannot be served; see [FileCertificate] for what is
// checked. All invalid options are reported at once, as a *multierror.Error, and so are all faults of a certificate, in which errors.Is
// finds [ErrKeyMismatch], [ErrNameNotCovered], [ErrNotInForce], [ErrWeakCertificate], [ErrWrongPassword].
func OpenFileCertificate(o FileOptions) (*FileCertificate, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("open certificate: %w", err)
	}
	if o.Interval == 0 {
		o.Interval = DefaultReloadInterval
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	f := &FileCertificate{o: o}
	if err := f.Reload(); err != nil {
		return nil, fmt.Errorf("open certificate: %w", err)
	}
	return f, nil
}

func (o FileOptions) validate() error {
	var faults *multierror.Error
	switch pair := o.CertificateFile != "" || o.KeyFile != ""; {
	case pair == (o.PFXFile != ""):
		faults = multierror.Append(faults, errors.New("want either CertificateFile and KeyFile, or PFXFile"))
	case pair && (o.CertificateFile == "" || o.KeyFile == ""):
		faults = multierror.Append(faults, errors.New("CertificateFile and KeyFile belong together: one is missing"))
	}
	if len(o.Names) == 0 {
		faults = multierror.Append(faults, errors.New("no name given: a certificate cannot be checked without the name that clients use"))
	}
	for _, name := range o.Names {
		if err := checkName(normalName(name)); err != nil {
			faults = multierror.Append(faults, fmt.Errorf("name %q: %w", name, err))
		}
	}
	if o.Interval < 0 {
		faults = multierror.Append(faults, fmt.Errorf("interval %v is negative", o.Interval))
	}
	return faults.ErrorOrNil()
}

// GetCertificate is a [CertificateSource]: it answers the certificate in force, after a look at the files when that is due.
func (f *FileCertificate) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if f.due() && f.looking.TryLock() {
		_ = f.look() // kept for Err, and logged
		f.looking.Unlock()
	}
	return f.current.Load(), nil
}

// due says that the interval is over, or that the clock was set back, so that nobody knows.
func (f *FileCertificate) due() bool {
	since := f.o.Now().Sub(*f.lastLook.Load())
	return since < 0 || since >= f.o.Interval
}

// Reload looks at the files now, without waiting for the interval, and answers what Err then answers.
func (f *FileCertificate) Reload() error {
	f.looking.Lock()
	defer f.looking.Unlock()
	return f.look()
}

// Err says why what the files hold is not served, or nil when it is. It tells of the last look.
func (f *FileCertificate) Err() error {
	if fault := f.fault.Load(); fault != nil {
		return *fault
	}
	return nil
}

// look reads the files and takes over what is good. The caller holds looking.
func (f *FileCertificate) look() error {
	now := f.o.Now()
	f.lastLook.Store(&now)
	fresh, digest, err := f.read()
	if err != nil {
		f.refuse(err)
		return err
	}
	f.fault.Store(nil)
	if fresh == nil {
		return nil
	}
	f.digest = digest
	f.current.Store(fresh)
	f.o.Logger.Info("certificate taken over", "serial", fresh.Leaf.SerialNumber.Text(16), "names", fresh.Leaf.DNSNames,
		"expires", fresh.Leaf.NotAfter.UTC())
	return nil
}

// read returns what the files hold once it has been checked, or nil when they have not changed.
func (f *FileCertificate) read() (fresh *tls.Certificate, digest [sha256.Size]byte, err error) {
	content, err := readFiles(f.o.files()...)
	if err != nil {
		return nil, digest, err
	}
	digest = sha256.Sum256(bytes.Join(content, []byte{0}))
	if current := f.current.Load(); current != nil && digest == f.digest {
		return nil, digest, nil
	}
	certificate, err := f.o.parse(content)
	if err != nil {
		return nil, digest, err
	}
	if err := checkUsable(&certificate, f.o.Names, f.o.Now()); err != nil {
		return nil, digest, fmt.Errorf("%s: %w", f.o.files()[0], err)
	}
	return &certificate, digest, nil
}

// refuse keeps a reason and logs it when it is another one than before.
func (f *FileCertificate) refuse(err error) {
	before := f.Err()
	f.fault.Store(&err)
	if f.current.Load() == nil || before != nil && before.Error() == err.Error() {
		return
	}
	f.o.Logger.LogAttrs(context.Background(), slog.LevelError, "new certificate refused, the one before stays",
		slog.Any("error", err), slog.Time("expires", f.current.Load().Leaf.NotAfter.UTC()))
}
