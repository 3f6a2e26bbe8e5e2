package ssl

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// clockTolerance is how far clocks may be apart.
const clockTolerance = time.Hour

// examineCertificate judges what the server sent, by our clock and by its own.
func (x *examination) examineCertificate(ctx context.Context) {
	drift := time.Duration(0)
	if !x.serverTime.IsZero() {
		drift = x.now.Sub(x.serverTime)
	}
	var dates bool // the certificate is out of its dates by our clock only
	if chain := x.tls.chain; len(chain) > 0 {
		wish := certificateWish{name: x.name, others: x.config.OtherNames, trusted: x.config.Roots, now: x.now}
		if len(wish.judgeTrust(chain)) > 0 {
			wish.issuers = x.fetchIssuer(ctx, topOf(chain))
		}
		findings := wish.judge(chain)
		if !x.serverTime.IsZero() {
			theirs := wish
			theirs.now = x.serverTime
			if slices.ContainsFunc(findings, outOfDates) && !slices.ContainsFunc(theirs.judgeDates(chain), outOfDates) {
				dates = true
				findings = slices.DeleteFunc(findings, outOfDates)
			}
		}
		x.findings = append(x.findings, findings...)
	}
	switch {
	case dates:
		x.add(x.clockWrong(drift, Error, ", so that the certificate is not valid here"))
	case drift.Abs() >= clockTolerance:
		x.add(x.clockWrong(drift, Warning, ""))
	}
	if x.isAddress() && !slices.ContainsFunc(x.findings, func(f Finding) bool { return f.Kind == AddressAsName }) {
		x.add(Finding{Kind: AddressAsName, Severity: Warning, Cause: "the URL has the address " + x.name + " in the place of a name",
			Remedy: "tell clients the full DNS name of the server: addresses change, and certificates rarely hold them"})
	}
}

func outOfDates(f Finding) bool {
	return f.Kind == CertificateExpired || f.Kind == CertificateNotYetValid
}

func (x *examination) clockWrong(drift time.Duration, s Severity, effect string) Finding {
	f := Finding{Kind: ClockWrong, Severity: s,
		Cause: fmt.Sprintf("the clock here says %s and that of the server %s: they differ by %v%s", minute(x.now), minute(x.serverTime),
			drift.Abs().Round(time.Minute), effect),
		Remedy: "let client and server take their time from the domain (w32tm /query /status), and correct the one that is wrong"}
	if s == Error {
		f.ClientError = CodeCertificateDate
	}
	return f
}

// maxIssuer is how large a certificate of an issuer may be.
const maxIssuer = 64 << 10

// fetchIssuer gets the issuer of a certificate from the address in it (authority information access), or nothing.
func (x *examination) fetchIssuer(ctx context.Context, c *x509.Certificate) []*x509.Certificate {
	client, closeIdle := x.client(0)
	defer closeIdle()
	for _, address := range c.IssuingCertificateURL {
		if u, err := url.Parse(address); err != nil || u.Scheme != "http" {
			continue // LDAP is for members of the domain
		}
		if issuer := fetchCertificate(ctx, client, address); issuer != nil && c.CheckSignatureFrom(issuer) == nil {
			return []*x509.Certificate{issuer}
		}
	}
	return nil
}

func fetchCertificate(ctx context.Context, client *http.Client, address string) *x509.Certificate {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil
	}
	response, err := client.Do(request)
	if err != nil {
		return nil
	}
	defer response.Body.Close()
	der, err := io.ReadAll(io.LimitReader(response.Body, maxIssuer))
	if err != nil || response.StatusCode != http.StatusOK {
		return nil
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil
	}
	return certificate
}

// serverClock reads the Date that most answers carry.
func (x *examination) serverClock() time.Time {
	for _, s := range append(slices.Clone(x.roots), x.stray) {
		for _, a := range []answer{s.secure, s.plain} {
			if a.err != nil || a.header == nil {
				continue
			}
			if date, err := http.ParseTime(strings.TrimSpace(a.header.Get("Date"))); err == nil {
				return date
			}
		}
	}
	return time.Time{}
}
