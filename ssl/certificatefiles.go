package ssl

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxChain is how many certificates a PEM file may hold.
const maxChain = 32

// files are the paths of the options, the one with the certificate first.
func (o FileOptions) files() []string {
	if o.PFXFile != "" {
		return []string{o.PFXFile}
	}
	return []string{o.CertificateFile, o.KeyFile}
}

// readFiles reads whole files of at most MaxPFX bytes each.
func readFiles(paths ...string) ([][]byte, error) {
	content := make([][]byte, 0, len(paths))
	for _, path := range paths {
		data, err := readFile(path)
		if err != nil {
			return nil, err
		}
		content = append(content, data)
	}
	return content, nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxPFX+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > MaxPFX:
		return nil, fmt.Errorf("%s: more than %d bytes", path, MaxPFX)
	}
	return data, nil
}

// parse makes a certificate of the content of the files. Errors name the file and tell nothing of the key.
func (o FileOptions) parse(content [][]byte) (tls.Certificate, error) {
	if o.PFXFile != "" {
		certificate, err := readPFX(content[0], o.Password)
		if err != nil {
			return tls.Certificate{}, fmt.Errorf("%s: %w", o.PFXFile, err)
		}
		return certificate, nil
	}
	certificate, err := parseChain(content[0])
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("%s: %w", o.CertificateFile, err)
	}
	if certificate.PrivateKey, err = parseKey(content[1]); err != nil {
		return tls.Certificate{}, fmt.Errorf("%s: %w", o.KeyFile, err)
	}
	if err := checkKey(&certificate); err != nil {
		return tls.Certificate{}, fmt.Errorf("%s and %s: %w", o.CertificateFile, o.KeyFile, err)
	}
	return certificate, nil
}

// parseChain takes the certificates of a PEM file in their order and passes other blocks over, such as a key beside them.
func parseChain(data []byte) (tls.Certificate, error) {
	var certificate tls.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != pemCertificate {
			continue
		}
		parsed, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return certificate, fmt.Errorf("damaged: %w", err)
		}
		if certificate.Leaf == nil {
			certificate.Leaf = parsed
		}
		if certificate.Certificate = append(certificate.Certificate, parsed.Raw); len(certificate.Certificate) > maxChain {
			return certificate, fmt.Errorf("more than %d certificates", maxChain)
		}
	}
	if certificate.Leaf == nil {
		return certificate, errors.New("no whole certificate in PEM: the file is empty, cut off or of another kind")
	}
	return certificate, nil
}

// parseKey takes the first private key of a PEM file. What is wrong with a key is not told: the cause may tell of the key.
func parseKey(data []byte) (crypto.PrivateKey, error) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		var key any
		var err error
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
			return nil, errors.New("the key is encrypted: store it without passphrase, or use a PFX file")
		case block.Type == pemKey:
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case block.Type == "RSA PRIVATE KEY":
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case block.Type == "EC PRIVATE KEY":
			key, err = x509.ParseECPrivateKey(block.Bytes)
		default:
			continue
		}
		if err != nil {
			return nil, errors.New("damaged: the key cannot be decoded")
		}
		return key, nil
	}
	return nil, errors.New("no whole private key in PEM: the file is empty, cut off or of another kind")
}
