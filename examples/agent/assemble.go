package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func newAgent(o options, around surroundings, roots *x509.CertPool, m *machine, store *clientagent.DirStore, log *slog.Logger) (*clientagent.Agent, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	transport.DialContext = around.dial
	client := &http.Client{Transport: transport}
	config := clientagent.Config{Machine: m, Store: store, HTTPClient: client, Logger: log, Now: around.now, Zone: around.zone,
		ClientID: around.clientID, Rand: around.rand, AllTitles: true}
	if o.server != "" {
		config.Site = clientagent.Direct(o.server)
	} else {
		config.Site = clientagent.HTTPWith(o.site, client)
	}
	return clientagent.New(config)
}

// certificateAuthorities reads the file of -ca; nil means those of the system.
func certificateAuthorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("certificate authority: %s holds no certificate in PEM form", file)
	}
	return pool, nil
}
