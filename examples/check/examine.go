package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// examine runs the checks, and records the conversation when that was asked for.
func examine(ctx context.Context, o options) (report wsustest.Report, err error) {
	roots, err := certificateAuthorities(o.ca)
	if err != nil {
		return report, err
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 2 * time.Minute}
	if o.record == "" {
		return check(ctx, o, client)
	}
	file, err := os.OpenFile(o.record, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return report, fmt.Errorf("record: %w", err)
	}
	recorder := &wsustest.Recorder{Next: transport, Output: file, MaskCookies: true, MaxTranscript: maxTranscript}
	client.Transport = recorder
	report, err = check(ctx, o, client)
	err = errors.Join(err, incomplete(recorder), file.Close())
	if len(report.Results) == 0 { // nobody was asked; the next attempt may have the name
		err = errors.Join(err, os.Remove(o.record))
	}
	return report, err
}

// maxTranscript has room for the files that Check downloads, three of up to 16 MiB, in pieces and written as base64.
const maxTranscript = 256 << 20

// incomplete says why a transcript is not the whole conversation.
func incomplete(r *wsustest.Recorder) error {
	if err := r.Err(); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if n := r.LeftOut(); n > 0 {
		return fmt.Errorf("record: %d exchanges did not fit into the transcript", n)
	}
	return nil
}

func check(ctx context.Context, o options, client *http.Client) (wsustest.Report, error) {
	return wsustest.Check(ctx, wsustest.Config{URL: o.server, Client: client, ClientID: o.id, TargetGroup: o.group,
		Name: o.name, Wait: o.wait})
}

// certificateAuthorities are the ones of a file; nil, for the system's, without one.
func certificateAuthorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("certificate authority: %s has no certificate in PEM form", file)
	}
	return roots, nil
}
