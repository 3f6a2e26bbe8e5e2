package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// doctorName is the computer that asks the server where its files are; it stays in the server's list of computers.
const doctorName = "channel-doctor"

// dialFunc opens connections; nil means those of the system.
type dialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// diagnose examines a site from outside, with a session of a client for the addresses of files.
func diagnose(ctx context.Context, url string, roots *x509.CertPool, dial dialFunc) (ssl.Diagnosis, error) {
	transport := &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	addresses := func(ctx context.Context) ([]string, error) {
		client, err := clientsync.NewClient(url, &http.Client{Transport: transport, Timeout: time.Minute})
		if err != nil {
			return nil, err
		}
		session := &clientsync.Session{Client: client, ClientID: doctorName, DNSName: doctorName,
			Info: clientsync.ComputerInfo{DNSName: doctorName, OSMajorVersion: 10}}
		return session.FileAddresses(ctx)
	}
	return ssl.Doctor(ctx, ssl.DoctorConfig{URL: url, Roots: roots, Dial: dial, Advertised: addresses})
}

// examine looks at a site that runs already, and starts nothing.
func examine(ctx context.Context, o options, stdout io.Writer) error {
	roots, err := o.authorities()
	if err != nil {
		return err
	}
	d, err := diagnose(ctx, o.doctorURL, roots, nil)
	if err != nil {
		return oneLine(err)
	}
	if o.json {
		out := json.NewEncoder(stdout)
		out.SetIndent("", "  ")
		err = out.Encode(d)
	} else {
		_, err = fmt.Fprint(stdout, d)
	}
	return errors.Join(err, found(d))
}

// examineSelf looks at the site of this program as soon as it runs. With -json the diagnosis is part of what is printed at the end.
func (h *house) examineSelf(ctx context.Context, o options, stdout io.Writer) error {
	d, err := diagnose(ctx, h.point.URL(), h.ca.Pool(), h.dial)
	if err != nil {
		return err
	}
	h.diagnosis = &d
	if !o.json {
		_, err = fmt.Fprintln(stdout, d)
	}
	return errors.Join(err, found(d))
}

// found makes the program end with a status other than 0 when something is wrong.
func found(d ssl.Diagnosis) error {
	switch n := len(d.Findings); n {
	case 0:
		return nil
	case 1:
		return errors.New("the doctor found one cause")
	default:
		return fmt.Errorf("the doctor found %d causes", n)
	}
}

// authorities are those of -ca, else the CA of -data, else nil for those of this machine.
func (o options) authorities() (*x509.CertPool, error) {
	file := o.ca
	if file == "" && o.data != "" {
		file = filepath.Join(o.data, "ca", "ca.crt")
	}
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("authority of the site: %w; name its folder with -data, or the file with -ca", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("authority of the site: %s holds no certificate in PEM", file)
	}
	return pool, nil
}
