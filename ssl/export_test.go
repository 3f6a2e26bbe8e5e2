package ssl

import (
	"crypto/tls"
	"io"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// OpenCAOn is OpenCA on any file system.
func OpenCAOn(fsys durable.FS, o CAOptions) (*CA, error) {
	names, err := o.validate()
	if err != nil {
		return nil, err
	}
	return openCA(fsys, "ca", names, o)
}

// WritePFXWith is WritePFX with another source of random bytes.
func WritePFXWith(random io.Reader, certificate tls.Certificate, password string, encoding PFXEncoding) ([]byte, error) {
	return writePFX(encoding.encoder().WithRand(random), certificate, password)
}
