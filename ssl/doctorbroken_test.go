package ssl_test

import (
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// broken is a set-up with one thing wrong: before it starts, or after.
type broken struct {
	title  string
	before func(w *world)
	after  func(w *world)
	want   ssl.Kind
	root   string
	level  ssl.Severity // error when empty
	code   string       // what the agent shows, from the table of codes; empty when it shows none
}

// leaf makes the server use another certificate, from the trusted root.
func leaf(names []string, change func(*x509.Certificate)) func(*world) {
	return func(w *world) { w.use(certificate(w, w.pki.root, newECDSA(w, elliptic.P256()), names, change)) }
}

var own = []string{host}

func in(d time.Duration) time.Time { return time.Now().Add(d) }

const day = 24 * time.Hour

var brokenCertificates = []broken{
	{title: "certificate for another name", before: leaf([]string{"wsus02.lab.example"}, nil), want: ssl.CertificateName, code: "0x80072F06"},
	{title: "wildcard of another level", before: leaf([]string{"*.example"}, nil), want: ssl.CertificateName, code: "0x80072F06"},
	{title: "server refuses names that it has no certificate for", want: ssl.CertificateName, code: "0x80072F06", before: func(w *world) {
		other := certificate(w, w.pki.root, newECDSA(w, elliptic.P256()), []string{"wsus02.lab.example"}, nil)
		w.tls = &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName != "" {
				return nil, ssl.ErrUnknownName
			}
			return &other, nil
		}}
	}},
	{title: "name as common name only", before: leaf(own, func(c *x509.Certificate) { c.DNSNames = []string{"wsus01"} }),
		want: ssl.CertificateCommonName, code: "0x80072F06"},
	{title: "no alternative names at all", before: leaf(own, func(c *x509.Certificate) { c.DNSNames = nil }),
		want: ssl.CertificateCommonName, code: "0x80072F06"},
	{title: "Internet name missing", before: func(w *world) { w.config.OtherNames = []string{"updates.lab.example"} },
		want: ssl.CertificateOtherName, code: "0x80072F06"},
	{title: "address in the place of the name", before: func(w *world) { w.config.URL = "https://127.0.0.1:8531" },
		want: ssl.AddressAsName, code: "0x80072F06"},
	{title: "address that the certificate holds", before: func(w *world) {
		leaf([]string{"127.0.0.1"}, nil)(w)
		w.config.URL = "https://127.0.0.1:8531"
	}, after: advertise("http://127.0.0.1:8530/Content/A0/x.cab"), want: ssl.AddressAsName, level: ssl.Warning},
	{title: "expired", before: leaf(own, func(c *x509.Certificate) { c.NotAfter = in(-time.Hour) }),
		want: ssl.CertificateExpired, code: "0x80072F05"},
	{title: "issuer expired", want: ssl.CertificateExpired, code: "0x80072F05", before: func(w *world) {
		old := w.pki.authority(w, &w.pki.root, "Old Issuer", newECDSA(w, elliptic.P256()), func(c *x509.Certificate) { c.NotAfter = in(-day / 2) })
		w.use(with(certificate(w, old, newECDSA(w, elliptic.P256()), own, nil), old))
	}},
	{title: "not yet valid", before: leaf(own, func(c *x509.Certificate) { c.NotBefore = in(time.Hour) }),
		want: ssl.CertificateNotYetValid, code: "0x80072F05"},
	{title: "expires soon", before: leaf(own, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = in(-345*day), in(20*day) }),
		want: ssl.CertificateExpiresSoon, level: ssl.Warning},
	{title: "clock here is years ahead", before: func(w *world) { w.config.Now = func() time.Time { return in(1000 * day) } },
		want: ssl.ClockWrong, code: "0x80072F05"},
	{title: "clock here is before the certificate", before: func(w *world) { w.config.Now = func() time.Time { return in(-30 * day) } },
		want: ssl.ClockWrong, code: "0x80072F05"},
	{title: "clocks differ by hours, certificate valid by both", before: func(w *world) { w.config.Now = func() time.Time { return in(5 * time.Hour) } },
		want: ssl.ClockWrong, level: ssl.Warning},
	{title: "unknown authority", want: ssl.UnknownAuthority, code: "0x80072F0D", before: func(w *world) {
		w.use(certificate(w, w.pki.stranger, newECDSA(w, elliptic.P256()), own, nil))
	}},
	{title: "unknown authority with its root sent", want: ssl.UnknownAuthority, code: "0x80072F0D", before: func(w *world) {
		w.use(with(certificate(w, w.pki.stranger, newECDSA(w, elliptic.P256()), own, nil), w.pki.stranger))
	}},
	{title: "unknown authority that can be fetched", want: ssl.UnknownAuthority, code: "0x80072F0D", before: fromIssuer(
		func(p *pki) authority { return p.stranger }, func(p *pki) authority { return p.stranger })},
	{title: "missing intermediate", want: ssl.MissingIntermediate, code: "0x80072F0D", before: fromIssuer(
		func(p *pki) authority { return p.issuer }, func(p *pki) authority { return p.issuer })},
	{title: "missing intermediate, and the address leads to another certificate", want: ssl.UnknownAuthority, code: "0x80072F0D", before: fromIssuer(
		func(p *pki) authority { return p.issuer }, func(p *pki) authority { return p.root })},
	{title: "self-signed", before: func(w *world) { w.use(selfSigned(w, host)) }, want: ssl.SelfSigned, code: "0x800B0109"},
	{title: "for client authentication", before: leaf(own, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }),
		want: ssl.NoServerAuth, code: "0x80072F8F"},
	{title: "issuer for client authentication only", want: ssl.NoServerAuth, code: "0x80072F8F", before: func(w *world) {
		clients := w.pki.authority(w, &w.pki.root, "Client Issuer", newECDSA(w, elliptic.P256()), func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		})
		w.use(with(certificate(w, clients, newECDSA(w, elliptic.P256()), own, nil), clients))
	}},
	{title: "key may not sign", before: leaf(own, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }),
		want: ssl.CertificateKeyUsage, code: "0x80072F8F"},
	{title: "issuer for another domain only", want: ssl.BadCertificate, code: "0x80072F8F", before: func(w *world) {
		foreign := w.pki.authority(w, &w.pki.root, "Foreign Issuer", newECDSA(w, elliptic.P256()), func(c *x509.Certificate) {
			c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"other.example"}
		})
		w.use(with(certificate(w, foreign, newECDSA(w, elliptic.P256()), own, nil), foreign))
	}},
	{title: "RSA key of 1024 bits", before: func(w *world) { w.use(certificate(w, w.pki.root, newRSA(w, 1024), own, nil)) },
		want: ssl.WeakKey, level: ssl.Warning},
	{title: "issuer with a key on P-224", before: func(w *world) {
		small := w.pki.authority(w, &w.pki.root, "Small Issuer", newECDSA(w, elliptic.P224()), nil)
		w.use(with(certificate(w, small, newECDSA(w, elliptic.P256()), own, nil), small))
	}, want: ssl.WeakKey, level: ssl.Warning},
	{title: "signed with SHA-1", want: ssl.WeakSignature, code: "0x80072F8F", before: func(w *world) {
		w.use(certificate(w, w.pki.rsaRoot, newRSA(w, 2048), own, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA }))
	}},
	{title: "issuer signed with SHA-1", want: ssl.WeakSignature, code: "0x80072F8F", before: func(w *world) {
		old := w.pki.authority(w, &w.pki.rsaRoot, "SHA-1 Issuer", newECDSA(w, elliptic.P256()), func(c *x509.Certificate) {
			c.SignatureAlgorithm = x509.SHA1WithRSA
		})
		w.use(with(certificate(w, old, newECDSA(w, elliptic.P256()), own, nil), old))
	}},
}

// fromIssuer has a certificate of one issuer, which is not sent, and another one at the address where the issuer should be.
func fromIssuer(by, at func(*pki) authority) func(*world) {
	return func(w *world) {
		w.use(certificate(w, by(w.pki), newECDSA(w, elliptic.P256()), own, func(c *x509.Certificate) {
			c.IssuingCertificateURL = []string{"ldap:///CN=Lab", "http://pki.lab.example/issuer.crt"}
		}))
		w.hosts["pki.lab.example:80"] = w.serve(false, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.Write(at(w.pki).certificate.Raw)
		}))
	}
}

func advertise(address string) func(*world) {
	return func(w *world) {
		w.config.Advertised = func(context.Context) ([]string, error) { return []string{address, address}, nil }
	}
}

func versions(least, most uint16) func(*world) {
	return func(w *world) { w.tls.MinVersion, w.tls.MaxVersion = least, most }
}

func clientCertificates(auth tls.ClientAuthType, version uint16) func(*world) {
	return func(w *world) {
		w.tls.ClientAuth, w.tls.MaxVersion = auth, version
		if version == tls.VersionTLS13 {
			w.tls.MinVersion = tls.VersionTLS12
		}
	}
}

var brokenTLS = []broken{
	{title: "TLS 1.0 only", before: versions(tls.VersionTLS10, tls.VersionTLS10), want: ssl.OldTLS, code: "0x80072F8F"},
	{title: "TLS 1.0 and 1.1", before: versions(tls.VersionTLS10, tls.VersionTLS11), want: ssl.OldTLS, code: "0x80072F8F"},
	{title: "TLS 1.0 to 1.3", before: versions(tls.VersionTLS10, tls.VersionTLS13), want: ssl.OldTLSToo, level: ssl.Advice},
	{title: "TLS 1.3 only", before: versions(tls.VersionTLS13, tls.VersionTLS13), want: ssl.NoTLS12, level: ssl.Warning, code: "0x80072F8F"},
	{title: "client certificate required, TLS 1.2", before: clientCertificates(tls.RequireAnyClientCert, tls.VersionTLS12),
		want: ssl.ClientCertificate, code: "0x80072F0C"},
	{title: "client certificate required, TLS 1.3", before: clientCertificates(tls.RequireAnyClientCert, tls.VersionTLS13),
		want: ssl.ClientCertificate, code: "0x80072F0C"},
	{title: "client certificate accepted", before: clientCertificates(tls.RequestClientCert, tls.VersionTLS13),
		want: ssl.ClientCertificate, code: "0x80072F0C"},
	{title: "no certificate for anybody", want: ssl.HandshakeFailed, code: "0x80072F8F", before: func(w *world) {
		w.tls = &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errors.New("none") }}
	}},
	{title: "handshake reset, as http.sys does without a certificate", want: ssl.HandshakeReset, code: "0x80072EFE", after: func(w *world) {
		w.ports[8531] = w.talk(func(c net.Conn) {
			io.ReadFull(c, make([]byte, 5))
			c.(*net.TCPConn).SetLinger(0)
		})
	}},
	{title: "handshake ended without a word", want: ssl.HandshakeReset, code: "0x80072EFE", after: func(w *world) {
		w.ports[8531] = w.talk(func(c net.Conn) { io.ReadFull(c, make([]byte, 5)) })
	}},
}

func banner(c net.Conn) {
	fmt.Fprint(c, "220 mail.lab.example ESMTP\r\n")
	io.Copy(io.Discard, c) // until the other side has read enough
}

func short(w *world) { w.config.Timeout = time.Second }

func silentPort(c net.Conn) { io.Copy(io.Discard, c) }

var brokenPorts = []broken{
	{title: "HTTP only", after: func(w *world) { delete(w.ports, 8531) }, want: ssl.HTTPSClosed, code: "0x80072EFD"},
	{title: "HTTP only, never secured", before: allOpen, after: func(w *world) { delete(w.ports, 8531) }, want: ssl.HTTPSClosed, code: "0x80072EFD"},
	{title: "HTTPS only", after: func(w *world) { delete(w.ports, 8530) }, want: ssl.HTTPClosed, code: "0x80072EFD"},
	{title: "ports swapped", after: func(w *world) { w.ports[8530], w.ports[8531] = w.ports[8531], w.ports[8530] },
		want: ssl.SwappedPorts, code: "0x80072EFE"},
	{title: "both ports closed", after: func(w *world) { clear(w.ports) }, want: ssl.NothingListens, code: "0x80072EFD"},
	{title: "wrong port in the URL", before: func(w *world) { w.config.URL = "https://" + host + ":9001" }, want: ssl.WrongPort, code: "0x80072EFD"},
	{title: "no port in the URL", before: func(w *world) { w.config.URL = "https://" + host }, want: ssl.WrongPort, code: "0x80072EFD"},
	{title: "port in the URL that the site does not have", before: func(w *world) {
		w.config.URL, w.config.Ports = "https://"+host+":9001", ports.Custom
	}, want: ssl.WrongPort, code: "0x80072EFD"},
	{title: "https with the HTTP port", before: func(w *world) { w.config.URL = "https://" + host + ":8530" }, want: ssl.WrongScheme, code: "0x80072EFE"},
	{title: "http with the HTTPS port", before: func(w *world) { w.config.URL = "http://" + host + ":8531" }, want: ssl.WrongScheme, code: "0x80072EFE"},
	{title: "https with the HTTP port, ports given", before: func(w *world) {
		w.config.URL, w.config.Ports = "https://"+host+":8530", ports.Custom
	}, want: ssl.WrongScheme, code: "0x80072EFE"},
	{title: "http with the HTTPS port, ports given", before: func(w *world) {
		w.config.URL, w.config.Ports = "http://"+host+":8531", ports.Custom
	}, want: ssl.WrongScheme, code: "0x80072EFE"},
	{title: "both ports filtered", before: short, after: func(w *world) { w.ports[8530], w.ports[8531] = dropped, dropped },
		want: ssl.Filtered, code: "0x80072EE2"},
	{title: "HTTP port filtered", before: short, after: func(w *world) { w.ports[8530] = dropped }, want: ssl.Filtered, code: "0x80072EE2"},
	{title: "HTTPS port takes connections and is silent", before: short, after: func(w *world) { w.ports[8531] = w.talk(silentPort) },
		want: ssl.Filtered, code: "0x80072EE2"},
	{title: "mail server at the HTTPS port", after: func(w *world) { w.ports[8531] = w.talk(banner) }, want: ssl.NotHTTP, code: "0x80072EFE"},
	{title: "mail server at the HTTP port", after: func(w *world) { w.ports[8530] = w.talk(banner) }, want: ssl.NotHTTP, code: "0x80072EFE"},
	{title: "mail servers at both ports", after: func(w *world) { w.ports[8530], w.ports[8531] = w.talk(banner), w.talk(banner) },
		want: ssl.NotHTTP, code: "0x80072EFE"},
	{title: "HTTPS at both ports", after: func(w *world) { w.ports[8530] = w.ports[8531] }, want: ssl.HTTPWithTLS, code: "0x80072EFE"},
	{title: "HTTP at both ports", after: func(w *world) { w.ports[8531] = w.ports[8530] }, want: ssl.HTTPSWithoutTLS, code: "0x80072EFE"},
	{title: "name not resolved", after: func(w *world) {
		unknown := func(context.Context) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
		}
		w.ports[8530], w.ports[8531] = unknown, unknown
	}, want: ssl.NameUnknown, code: "0x80072EE7"},
}

func page(status int, header ...string) func(*world) {
	return func(w *world) {
		w.site = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				rw.Header().Set(header[i], header[i+1])
			}
			rw.WriteHeader(status)
			io.WriteString(rw, "<html><body>Welcome</body></html>")
		})
	}
}

var brokenSites = []broken{
	{title: "another application", before: page(404, "Server", "nginx"), want: ssl.AnotherApplication, code: "0x80244019"},
	{title: "another application that answers any path", before: page(200), want: ssl.AnotherApplication, code: "0x8024402B"},
	{title: "another application at the HTTP port", after: func(w *world) { w.ports[8530] = w.serve(false, http.NotFoundHandler()) },
		want: ssl.AnotherApplication, code: "0x80244019"},
	{title: "page of a proxy", before: page(200, "Via", "1.1 proxy.lab.example"), want: ssl.ProxyAnswers, code: "0x8024402B"},
	{title: "proxy wants a login", before: page(407, "Proxy-Authenticate", "NTLM"), want: ssl.ProxyAnswers, code: "0x8024401B"},
	{title: "portal sends users to its own page", before: page(302, "Location", "https://portal.lab.example/login"), want: ssl.ProxyAnswers, code: "0x8024402B"},
	{title: "gateway without a server behind it", before: page(502), want: ssl.ProxyAnswers, code: "0x80244021"},
	{title: "host name in the binding", before: page(400), want: ssl.HostHeader, code: "0x80244016"},
	{title: "login everywhere", before: page(401, "WWW-Authenticate", "Negotiate"), want: ssl.AnonymousOff, code: "0x80244017"},
	{title: "application pool stopped", before: page(503), want: ssl.PoolStopped, code: "0x80244022"},
	{title: "answers that are no HTTP headers", before: page(200, "Server", "\x1b[2J"), want: ssl.SiteFails, code: "0x80072EFE"},
	{title: "broken configuration", before: page(500), want: ssl.SiteFails, code: "0x8024401F"},
}

// at makes roots answer something else over the schemes.
func at(names []string, plain, secure int) func(*world) {
	return func(w *world) {
		before := w.answer
		w.answer = func(root string, overTLS bool) int {
			for _, name := range names {
				switch {
				case name == root && overTLS && secure != 0:
					return secure
				case name == root && !overTLS && plain != 0:
					return plain
				}
			}
			return before(root, overTLS)
		}
	}
}

func allOpen(w *world) { w.answer = func(string, bool) int { return 200 } }

func redirecting(names ...string) func(*world) {
	return func(w *world) {
		at(names, 301, 0)(w)
		w.location = func(r *http.Request) string { return "https://" + host + ":8531" + r.URL.Path }
	}
}

func rootNames(only func(ssl.Root) bool) []string {
	var names []string
	for _, root := range ssl.Roots() {
		if only(root) {
			names = append(names, root.Name)
		}
	}
	return names
}

var (
	five = rootNames(func(r ssl.Root) bool { return r.RequireSSL })
	four = rootNames(func(r ssl.Root) bool { return !r.RequireSSL })
	nine = rootNames(func(ssl.Root) bool { return true })
)

// brokenRoots are written out by hand where they are few; each of the nine roots half configured is appended.
func brokenRoots() []broken {
	all := []broken{
		{title: "five roots never secured", before: allOpen, want: ssl.SiteNotSecured},
		{title: "redirect to HTTPS everywhere", before: redirecting(nine...), want: ssl.Redirects},
		{title: "redirect to HTTPS at the five roots", before: redirecting(five...), want: ssl.Redirects},
		{title: "whole site requires SSL", before: at(nine, 403, 0), want: ssl.SiteRequiresSSL, code: "0x80244018"},
		{title: "content redirected to HTTPS", before: redirecting("Content"), want: ssl.RootRequiresSSL, root: "Content", code: "0x80244018"},
		{title: "policy says http", before: func(w *world) { w.config.URL = "http://" + host + ":8530" }, want: ssl.PolicySaysHTTP, code: "0x80244018"},
		{title: "policy says http, site meant to be secured", before: func(w *world) {
			w.config.URL, w.config.Required = "http://"+host+":8530", true
		}, want: ssl.PolicySaysHTTP, code: "0x80244018"},
		{title: "one root secured in a site without SSL", before: func(w *world) {
			w.config.URL = "http://" + host + ":8530"
			allOpen(w)
			at([]string{"SimpleAuthWebService"}, 403, 0)(w)
		}, want: ssl.RootRequiresSSL, root: "SimpleAuthWebService", code: "0x80244018"},
		{title: "http port closed in a site without SSL", before: func(w *world) { w.config.URL = "http://" + host + ":8530" },
			after: func(w *world) { clear(w.ports) }, want: ssl.NothingListens, code: "0x80072EFD"},
		{title: "login at one root", before: at([]string{"ClientWebService"}, 0, 401), want: ssl.AnonymousOff, root: "ClientWebService", code: "0x80244017"},
		{title: "login at all roots for clients", before: at(four, 401, 401), after: at(five, 0, 401), want: ssl.AnonymousOff, code: "0x80244017"},
		{title: "pool of the services stopped", before: at(append([]string{"ReportingWebService"}, five...), 0, 503), want: ssl.PoolStopped, code: "0x80244022"},
		{title: "one service fails", before: at([]string{"SimpleAuthWebService"}, 0, 500), want: ssl.RootFails, root: "SimpleAuthWebService", code: "0x8024401F"},
		{title: "one root forbidden over TLS", before: at([]string{"ClientWebService"}, 0, 403), want: ssl.RootForbidden, root: "ClientWebService", code: "0x80244018"},
		{title: "content missing over HTTPS only", before: at([]string{"Content"}, 0, 404), want: ssl.RootMissing, root: "Content", code: "0x80244019"},
	}
	for _, name := range five {
		all = append(all,
			broken{title: "not secured: " + name, before: at([]string{name}, 200, 0), want: ssl.RootNotSecured, root: name},
			broken{title: "missing: " + name, before: at([]string{name}, 404, 404), want: ssl.RootMissing, root: name, code: "0x80244019"})
	}
	for _, name := range four {
		all = append(all,
			broken{title: "requires SSL: " + name, before: at([]string{name}, 403, 0), want: ssl.RootRequiresSSL, root: name, code: "0x80244018"},
			broken{title: "missing: " + name, before: at([]string{name}, 404, 404), want: ssl.RootMissing, root: name, code: "0x80244019"})
	}
	return all
}

var brokenAddresses = []broken{
	{title: "files at the wrong port", after: advertise("http://" + host + ":8532/Content/A0/x.cab"), want: ssl.AdvertisedPort, root: "Content", code: "0x80072EFD"},
	{title: "files at port 80", after: advertise("http://" + host + "/Content/A0/x.cab"), want: ssl.AdvertisedPort, root: "Content", code: "0x80072EFD"},
	{title: "files at another host", after: advertise("http://wsus02.lab.example:8530/Content/A0/x.cab"), want: ssl.AdvertisedHost, root: "Content", code: "0x80072EFD"},
	{title: "files over https", after: advertise("https://" + host + ":8531/Content/A0/x.cab"), want: ssl.AdvertisedScheme, root: "Content", code: "0x80072EFD"},
	{title: "files outside of Content", after: advertise("http://" + host + ":8530/Files/x.cab"), want: ssl.AdvertisedPath, root: "Content", code: "0x80244019"},
	{title: "files without an address", after: advertise("x.cab"), want: ssl.AdvertisedPath, root: "Content", code: "0x80244019"},
	{title: "session fails", after: func(w *world) {
		w.config.Advertised = func(context.Context) ([]string, error) { return nil, errors.New("GetCookie: server error") }
	}, want: ssl.SessionFails},
}

func TestDoctorNamesTheOneCause(t *testing.T) {
	var all []broken
	for _, some := range [][]broken{brokenCertificates, brokenTLS, brokenPorts, brokenSites, brokenRoots(), brokenAddresses} {
		all = append(all, some...)
	}
	p := newPKI(t)
	rows := make([]string, len(all))
	t.Run("set-ups", func(t *testing.T) {
		for i, c := range all {
			t.Run(c.title, func(t *testing.T) {
				t.Parallel()
				rows[i] = c.examine(t, p)
			})
		}
	})
	t.Logf("%d broken set-ups", len(all))
	for _, row := range rows {
		t.Log(row)
	}
}
