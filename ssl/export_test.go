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

// CodeOfStatus is what an agent shows for the status of an HTTP answer.
func CodeOfStatus(status int) ClientError { return codeOfStatus(status) }

// ParsePEM reads a certificate and its key as FileCertificate does.
func ParsePEM(certificate, key []byte) (tls.Certificate, error) {
	return FileOptions{CertificateFile: "crt", KeyFile: "key"}.parse([][]byte{certificate, key})
}

// WritePFXWith is WritePFX with another source of random bytes.
func WritePFXWith(random io.Reader, certificate tls.Certificate, password string, encoding PFXEncoding) ([]byte, error) {
	return writePFX(encoding.encoder().WithRand(random), certificate, password)
}

// On keeps the journal on any file system.
func (o ApplyOptions) On(fsys durable.FS) ApplyOptions {
	o.volume = fsys
	return o
}

// Read reads the journal.
func (o ApplyOptions) Read() (Journal, error) {
	file, err := openJournal(o.Journal, o.volume)
	if err != nil {
		return Journal{}, err
	}
	defer file.close()
	return file.load()
}

// JudgeRootError is what Doctor finds when asking a root over HTTPS ended in an error.
func JudgeRootError(root Root, err error) Finding {
	return judgeStatus(root, answer{err: err}, "HTTPS")
}

// ReadValue is what a setting comes to by the answers to its commands.
func ReadValue(s Setting, outputs ...Output) (string, error) {
	b, err := behaviourOf(s, Plan{})
	if err != nil {
		return "", err
	}
	return b.parse(outputs)
}
