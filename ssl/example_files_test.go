package ssl_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/ssl"
)

// store writes a certificate and its key as PEM, as the tool that renews certificates does.
func store(certificate *tls.Certificate, certificateFile, keyFile string) error {
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(certificateFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}), 0o644),
		os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
}

// A renewed certificate is taken over while the server runs; one that is not good enough is not.
func ExampleOpenFileCertificate() {
	dir, err := os.MkdirTemp("", "certificates")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	certificateFile, keyFile := filepath.Join(dir, "wsus01.crt"), filepath.Join(dir, "wsus01.key")
	issue := func(folder, name string) error {
		ca, err := ssl.OpenCA(filepath.Join(dir, folder), ssl.CAOptions{Names: []string{name}})
		if err != nil {
			return err
		}
		certificate, err := ca.GetCertificate(&tls.ClientHelloInfo{ServerName: name})
		if err != nil {
			return err
		}
		return store(certificate, certificateFile, keyFile)
	}
	if err := issue("ca", "wsus01.lab.example"); err != nil {
		fmt.Println(err)
		return
	}
	files, err := ssl.OpenFileCertificate(ssl.FileOptions{
		CertificateFile: certificateFile, KeyFile: keyFile, Names: []string{"wsus01.lab.example"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	settings := ssl.Required(files.GetCertificate) // for the listeners of the server
	before, err := settings.TLSConfig().GetCertificate(&tls.ClientHelloInfo{})
	fmt.Println(before.Leaf.DNSNames, err)

	if err := issue("ca", "wsus01.lab.example"); err != nil { // renewed
		fmt.Println(err)
		return
	}
	fmt.Println("renewed:", files.Reload()) // at once, instead of within ten seconds
	after, err := files.GetCertificate(&tls.ClientHelloInfo{})
	fmt.Println("taken over:", before.Leaf.SerialNumber.Cmp(after.Leaf.SerialNumber) != 0, err)

	if err := issue("ca2", "wsus02.lab.example"); err != nil { // somebody mixed files up
		fmt.Println(err)
		return
	}
	fmt.Println("refused:", errors.Is(files.Reload(), ssl.ErrNameNotCovered))
	still, err := files.GetCertificate(&tls.ClientHelloInfo{})
	fmt.Println(still.Leaf.DNSNames, err)
	// Output:
	// [wsus01.lab.example] <nil>
	// renewed: <nil>
	// taken over: true <nil>
	// refused: true
	// [wsus01.lab.example] <nil>
}

// A certificate goes to Windows as a PFX file and comes back the same.
func ExampleWritePFX() {
	dir, err := os.MkdirTemp("", "ca")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ca, err := ssl.OpenCA(dir, ssl.CAOptions{Names: []string{"wsus01.lab.example"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	certificate, err := ca.GetCertificate(&tls.ClientHelloInfo{})
	if err != nil {
		fmt.Println(err)
		return
	}
	data, err := ssl.WritePFX(*certificate, "a long random one", ssl.PFXModern)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = ssl.ReadPFX(data, "another one")
	fmt.Println(errors.Is(err, ssl.ErrWrongPassword))
	back, err := ssl.ReadPFX(data, "a long random one")
	fmt.Println(back.Leaf.DNSNames, err)
	// Output:
	// true
	// [wsus01.lab.example] <nil>
}
