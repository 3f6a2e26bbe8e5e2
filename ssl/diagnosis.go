package ssl

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/seed599db172/softwareupdates/ports"
)

// Diagnosis is what Doctor saw and found.
type Diagnosis struct {
	// URL is the one that was examined, and Ports where the site was found or should be.
	URL   string     `json:"url"`
	Ports ports.Pair `json:"ports"`
	// Time is the time here and ServerTime that of the server, nil when it does not tell.
	Time       time.Time  `json:"time"`
	ServerTime *time.Time `json:"serverTime,omitempty"`
	// TLS are the versions that are offered, the oldest first, and Certificate is what the server showed.
	TLS         []string         `json:"tls,omitempty"`
	Certificate *SeenCertificate `json:"certificate,omitempty"`
	// Roots has what each root answered, in the order of [Roots]; empty when none could be asked.
	Roots []SeenRoot `json:"roots,omitempty"`
	// Findings are the causes of what is wrong, the gravest first; empty when nothing was found.
	Findings []Finding `json:"findings"`
	// NotLookedAt names what could not be judged.
	NotLookedAt []string `json:"notLookedAt,omitempty"`
}

// SeenCertificate is the server's own certificate.
type SeenCertificate struct {
	Names     []string  `json:"names"`
	Issuer    string    `json:"issuer"`
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
}

// SeenRoot is what a root answered over both schemes, in words: a status, or why there is none; empty when it was not asked.
type SeenRoot struct {
	Name  string `json:"name"`
	HTTP  string `json:"http,omitempty"`
	HTTPS string `json:"https,omitempty"`
}

// OK says that nothing was found.
func (d Diagnosis) OK() bool { return len(d.Findings) == 0 }

// String is the diagnosis for an administrator, in lines.
func (d Diagnosis) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s, ports %v", d.URL, d.Ports)
	if len(d.TLS) > 0 {
		fmt.Fprintf(&out, ", %s", strings.Join(d.TLS, ", "))
	}
	out.WriteByte('\n')
	if c := d.Certificate; c != nil {
		fmt.Fprintf(&out, "certificate for %s, issued by %s, valid until %s\n", strings.Join(c.Names, ", "), c.Issuer, minute(c.NotAfter))
	}
	if d.OK() {
		out.WriteString("nothing found\n")
	}
	for i, f := range d.Findings {
		fmt.Fprintf(&out, "%d. %s %s", i+1, f.Severity, f.Kind)
		if f.Root != "" {
			fmt.Fprintf(&out, " at %s", f.Root)
		}
		if f.ClientError != 0 {
			fmt.Fprintf(&out, " (clients show %v)", f.ClientError)
		}
		fmt.Fprintf(&out, "\n   cause:  %s\n   remedy: %s\n", f.Cause, f.Remedy)
	}
	for _, what := range d.NotLookedAt {
		fmt.Fprintf(&out, "not looked at: %s\n", what)
	}
	return out.String()
}

func (x *examination) diagnosis() Diagnosis {
	d := Diagnosis{URL: strings.TrimSpace(x.config.URL), Ports: x.pair, Time: x.now, Findings: x.findings, NotLookedAt: x.notLookedAt}
	if d.Findings == nil {
		d.Findings = []Finding{}
	}
	for i := range d.Findings {
		d.Findings[i].Cause = printable(d.Findings[i].Cause)
	}
	slices.SortStableFunc(d.Findings, func(a, b Finding) int { return cmp.Compare(rank(a.Severity), rank(b.Severity)) })
	if !x.serverTime.IsZero() {
		d.ServerTime = &x.serverTime
	}
	for _, v := range x.tls.versions {
		d.TLS = append(d.TLS, tls.VersionName(v))
	}
	if len(x.tls.chain) > 0 {
		leaf := x.tls.chain[0]
		d.Certificate = &SeenCertificate{Issuer: printable(leaf.Issuer.String()), NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter}
		for _, name := range certificateNames(leaf) {
			d.Certificate.Names = append(d.Certificate.Names, printable(name))
		}
	}
	for i, s := range x.roots {
		d.Roots = append(d.Roots, SeenRoot{Name: roots[i].Name, HTTP: s.plain.words(), HTTPS: s.secure.words()})
	}
	return d
}

func (a answer) words() string {
	if a.err == nil && a.status == 0 {
		return ""
	}
	return printable(a.String())
}

func rank(s Severity) int { return slices.Index([]Severity{Error, Warning, Advice}, s) }

// maxWords is how much of what a stranger said is repeated.
const maxWords = 600

// printable keeps what a server said from moving the cursor or filling the screen.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, text)
	if runes := []rune(text); len(runes) > maxWords {
		return string(runes[:maxWords]) + "…"
	}
	return text
}

// reason leaves out the addresses that Go puts before what went wrong.
func reason(err error) error {
	var (
		op      *net.OpError
		request *url.Error
	)
	switch {
	case errors.As(err, &op):
		return op.Err
	case errors.As(err, &request):
		return request.Err
	}
	return err
}
