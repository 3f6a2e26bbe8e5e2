package iis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// Everything that makes IIS refuse the sections is told at once, each with its line.
func TestParseTellsEveryFault(t *testing.T) {
	_, err := iis.Parse([]byte(`<configuration><system.applicationHost>
<applicationPools>
<add name="A" queueLength="5"><processModel idleTimeout="never"/></add>
<add name="a"/>
<add/>
</applicationPools>
<sites>
<site name="S" id="1" serverAutoStart="maybe">
<application path="x"/><application path="/Y"/>
<application path="/y"><virtualDirectory/></application>
<bindings><binding protocol="https" bindingInformation="*:443:"/>
<binding protocol="HTTPS" bindingInformation="*:443:" sslFlags="-1"/></bindings>
</site>
<site name="s" id="1"/>
<site id="x"/>
</sites>
</system.applicationHost></configuration>`))
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	var told []string
	for _, fault := range faults.Errors {
		var conflict *iis.ConflictError
		require.ErrorAs(t, fault, &conflict)
		told = append(told, fault.Error())
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{
		"A: line 3 is a pool of which IIS refuses an attribute: queueLength is a number from 10 to 65535",
		"A: line 3 is a pool of which IIS refuses an attribute: processModel/idleTimeout is a time span",
		`a: line 4 has a second <add> with the name "a", after line 3`,
		"line 5 has <add> without name",
		`S: line 8 has serverAutoStart="maybe", which is neither true nor false`,
		`S: line 9 has <application> with path="x"`,
		`S: line 10 has a second <application> with the path "/y", after line 9`,
		"S: line 10 has <virtualDirectory> without path",
		`S: line 12 has a second <binding> with the binding "https *:443:", after line 11`,
		`S: line 12 has sslFlags="-1"`,
		`s: line 14 has a second <site> with the name "s", after line 8`,
		`s: line 14 has a second <site> with the id "1", after line 8`,
		"line 15 has <site> without name",
		`line 15 has id="x"`,
	} {
		require.Contains(t, all, want)
	}
	require.Len(t, told, 14)
}

func TestParseRefusesSectionsThatAreElsewhereOrTwice(t *testing.T) {
	for text, problem := range map[string]string{
		"<system.applicationHost><sites/>\n<sites/></system.applicationHost>":            "line 2 states system.applicationHost/sites a second time, after line 1",
		`<system.applicationHost><sites configSource="a.xml"/></system.applicationHost>`: "keeps system.applicationHost/sites in another file, a.xml",
		"<system.applicationHost><applicationPools/></system.applicationHost>\n" + location(`path=""`,
			"<system.applicationHost><applicationPools/></system.applicationHost>"): "line 2 states system.applicationHost/applicationPools a second time",
	} {
		_, err := iis.Parse([]byte("<configuration>" + text + "</configuration>"))
		require.ErrorContains(t, err, problem)
	}
}

// The bindings of siteDefaults come first; a clear forgets them and all before it.
func TestBindingsOfDefaults(t *testing.T) {
	bindings := func(of string) []string {
		c := parsed(t, []byte(`<configuration><system.applicationHost><sites><site name="S" id="1">`+of+`</site>
			<siteDefaults><bindings><binding protocol="http" bindingInformation="*:80:"/></bindings></siteDefaults>
			</sites></system.applicationHost></configuration>`))
		var out []string
		for _, b := range c.Sites()[0].Bindings {
			out = append(out, b.Protocol+" "+b.Information)
		}
		return out
	}
	const own = `<binding protocol="https" bindingInformation="*:443:"/>`
	require.Equal(t, []string{"http *:80:"}, bindings(""))
	require.Equal(t, []string{"http *:80:", "https *:443:"}, bindings("<bindings>"+own+"</bindings>"))
	require.Equal(t, []string{"https *:443:"}, bindings("<bindings><clear/>"+own+"</bindings>"))
	require.Empty(t, bindings("<bindings>"+own+"<clear/></bindings>"))
}

// Passwords come out neither by printing a configuration nor by an error about the place where one stands.
func TestNoPasswordIsPrinted(t *testing.T) {
	text := `<configuration><system.applicationHost><sites><site name="S" id="1"><application path="/">
		<virtualDirectory path="/" physicalPath="C:\" userName="u" password="tops&amp;ecret"/></application></site></sites></system.applicationHost></configuration>`
	c := parsed(t, []byte(text))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, printed := range []string{fmt.Sprintf(verb, c), fmt.Sprintf(verb, *c), fmt.Sprintf(verb, struct{ C *iis.Config }{c})} {
			require.NotContains(t, printed, "ecret", verb)
			require.NotContains(t, printed, fmt.Sprintf("%x", "ecret"), verb)
			require.NotContains(t, printed, "101 99 114 101 116", verb) // ecret in numbers
		}
	}
	require.Equal(t, "IIS configuration, sites: 1", fmt.Sprint(c))
	for _, broken := range []string{
		strings.Replace(text, "&amp;", "&", 1),
		strings.Replace(text, "&amp;ecret", "&ecret;", 1),
		strings.Replace(text, "&amp;ecret", "<ecret", 1),
		strings.Replace(text, `&amp;ecret"`, "ecret", 1),
		strings.Replace(text, `&amp;ecret"`, `ecret'`, 1),
		strings.Replace(text, `"tops&amp;ecret"`, `topsecret`, 1),
		strings.Replace(text, `"tops&amp;ecret"`, `"tops"ecret"`, 1),
	} {
		_, err := iis.Parse([]byte(broken))
		require.Error(t, err, broken)
		require.NotContains(t, err.Error(), "ecret")
	}
}

// A file with as much as the limits allow takes a time that grows with its size.
func TestManySitesAndPools(t *testing.T) {
	var sites, pools strings.Builder
	for i := range 8_000 {
		fmt.Fprintf(&sites, `<site name="S%d" id="%d"><application path="/"><virtualDirectory path="/"/></application></site>`, i, i)
		fmt.Fprintf(&pools, `<add name="P%d"/>`, i)
	}
	text := "<configuration><system.applicationHost><applicationPools>" + pools.String() + "</applicationPools><sites>" + sites.String() +
		"</sites></system.applicationHost></configuration>"
	began := time.Now()
	c := parsed(t, []byte(text))
	require.Less(t, time.Since(began), 20*time.Second, "quadratic, this takes much longer")
	require.Len(t, c.Sites(), 8_000)
	require.Len(t, c.AppPools(), 8_000)

}

func TestParseTellsAHundredFaults(t *testing.T) {
	_, err := iis.Parse([]byte("<configuration><system.applicationHost><sites>" + strings.Repeat("<site/>", 1000) +
		"</sites></system.applicationHost></configuration>"))
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 100)
}
