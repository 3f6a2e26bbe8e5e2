package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// maxInput is the longest certificate or registry file that is read.
const maxInput = 4 << 20

// auditConfig reads what the flags name, except for the configuration.
func (o options) auditConfig() (ssl.AuditConfig, error) {
	c := ssl.AuditConfig{Site: o.site, Name: o.name, OtherNames: o.others, Ports: ports.Pair{HTTP: o.http, HTTPS: o.https}}
	var err error
	if o.cert != "" {
		if c.Certificate, err = readCertificates(o.cert); err != nil {
			return c, fmt.Errorf("-cert %s: %w", o.cert, err)
		}
	}
	if o.ca != "" {
		authorities, err := readCertificates(o.ca)
		if err != nil {
			return c, fmt.Errorf("-ca %s: %w", o.ca, err)
		}
		c.Trusted = x509.NewCertPool()
		for _, authority := range authorities {
			c.Trusted.AddCert(authority)
		}
	}
	for _, name := range o.registry {
		if err := readRegistry(name, &c); err != nil {
			return c, fmt.Errorf("-reg %s: %w", name, err)
		}
	}
	return c, nil
}

// readInput refuses what is too long instead of cutting it.
func readInput(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, plain(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxInput+1))
	if err == nil && len(data) > maxInput {
		err = fmt.Errorf("it has more than %d bytes", maxInput)
	}
	return data, plain(err)
}

// plain leaves out operation and path, which the message has already.
func plain(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func readCertificates(name string) ([]*x509.Certificate, error) {
	data, err := readInput(name)
	if err != nil {
		return nil, err
	}
	var certificates []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue // a key beside it is none of ours
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certificates = append(certificates, certificate)
	}
	if len(certificates) == 0 {
		return nil, errors.New("it has no certificate in PEM (-----BEGIN CERTIFICATE-----); certutil -encode makes one")
	}
	return certificates, nil
}

// readRegistry takes what it finds: values of the server, a policy of a client, or both.
func readRegistry(name string, c *ssl.AuditConfig) error {
	data, err := readInput(name)
	if err != nil {
		return err
	}
	setup, setupErr := ssl.ParseSetup(data)
	policy, policyErr := ssl.ParsePolicy(data)
	for _, err := range []error{setupErr, policyErr} {
		if err != nil && !errors.Is(err, ssl.ErrKeyMissing) {
			return err
		}
	}
	if setupErr != nil && policyErr != nil {
		return errors.New("it has neither the key Update Services\\Server\\Setup of a server nor the key " +
			"Policies\\Microsoft\\Windows\\WindowsUpdate of a client")
	}
	if setupErr == nil {
		c.Setup = &setup
	}
	if policyErr == nil {
		policy.Computer = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		c.Policies = append(c.Policies, policy)
	}
	return nil
}

// planConfig is what the plan is made for: the ports that were told, else those that the site has, else those of WSUS's own site.
func (o options) planConfig(audited ssl.AuditConfig, report ssl.AuditReport) ssl.PlanConfig {
	c := ssl.PlanConfig{Name: o.name, Site: report.Site, Ports: audited.Ports, Thumbprint: o.thumbprint, ToolPath: defaultTool}
	if audited.Setup != nil && audited.Setup.TargetDir != "" {
		c.ToolPath = audited.Setup.ToolPath()
	}
	if c.Ports.IsZero() {
		c.Ports = likelyPorts(report.Ports)
	}
	return c
}

// defaultTool is where set-up puts WsusUtil.exe.
const defaultTool = `C:\Program Files\Update Services\Tools\WsusUtil.exe`

// likelyPorts completes what the site binds. The HTTPS port leads, because it is the one that clients are told.
func likelyPorts(bound ports.Pair) ports.Pair {
	if pair, err := ports.ForHTTPS(bound.HTTPS); err == nil {
		return pair
	}
	if pair, err := ports.ForHTTP(bound.HTTP); err == nil {
		return pair
	}
	return ports.Custom
}

// open reads the configuration; a shared one is refused, since every server that shares it would change.
func open(path string) (*iis.File, error) { return iis.Open(path, iis.Options{}) }
