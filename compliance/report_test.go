package compliance_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/compliance"
)

var sample = compliance.Report{
	ClientID: "GUID:5B2E0F0E-0000-4000-8000-0000000000A1",
	Name:     "ws1 & <friends>",
	Date:     time.Date(2026, 3, 10, 2, 30, 0, 123456000, time.UTC),
	Full:     true,
	Messages: []compliance.Message{
		{Serial: 7, Time: day, Topic: compliance.Topic{Type: compliance.UpdateDetection, ID: kb1.String()}, StateID: 2},
		{Serial: 8, Time: day, Topic: compliance.Topic{Type: compliance.CIEnforcement, ID: kb1.String()}, StateID: 11, ErrorCode: -2145124329},
		{Serial: 9, Time: day, Topic: compliance.Topic{Type: compliance.AssignmentEvaluation, ID: `{"a"}`}, StateID: 2},
		{Serial: 12, Time: day, Topic: compliance.Topic{Type: compliance.UpdateSourceScan, ID: "{source}"}, StateID: 3, ContentVersion: 41},
	},
}

func TestEncodeReportGolden(t *testing.T) {
	want, err := os.ReadFile("testdata/report.xml")
	require.NoError(t, err)
	var got bytes.Buffer
	require.NoError(t, compliance.EncodeReport(&got, sample))
	require.Equal(t, withoutIndent(string(want)), got.String())

	decoded, err := compliance.DecodeReport(bytes.NewReader(want), compliance.Limits{})
	require.NoError(t, err)
	require.Equal(t, sample, decoded)
}

// withoutIndent undoes what makes the file readable.
func withoutIndent(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimLeft(lines[i], "\t")
	}
	return lines[0] + "\n" + strings.Join(lines[1:], "")
}

// The layout as the product's client logs it, with elements and attributes that we do not use.
func TestDecodeReportOfTheProduct(t *testing.T) {
	const text = `<?xml version="1.0"?>
<Report><ReportHeader><Identification><Machine><ClientInstalled>1</ClientInstalled><ClientType>1</ClientType>
<ClientID>GUID:5B2E0F0E-0000-4000-8000-0000000000A1</ClientID><ClientVersion>5.00.9096.1000</ClientVersion>
<NetBIOSName>WS1</NetBIOSName><CodePage>437</CodePage><SystemDefaultLCID>1033</SystemDefaultLCID><Priority>5</Priority></Machine></Identification>
<ReportDetails><ReportContent>State Message Data</ReportContent><ReportType>Full</ReportType><Date>20260310043000.000000+120</Date>
<Version>1.0</Version><Format>1.0</Format></ReportDetails></ReportHeader>
<ReportBody><StateMessage MessageTime="20260310010000.000000-060" SerialNumber="15"><Topic ID="11111111-0000-4000-8000-000000000001"
Type="500" IDType="3" User="" UserSID=""/><State ID="3" Criticality="0"/><UserParameters Flags="0" Count="1"><Param>200</Param></UserParameters>
</StateMessage></ReportBody></Report>`
	report, err := compliance.DecodeReport(strings.NewReader(text), compliance.Limits{})
	require.NoError(t, err)
	require.Equal(t, compliance.Report{ClientID: sample.ClientID, Name: "WS1", Date: day.Add(30 * time.Minute), Full: true,
		Messages: []compliance.Message{{Serial: 15, Time: day, StateID: 3,
			Topic: compliance.Topic{Type: compliance.UpdateDetection, ID: kb1.String()}}}}, report)
}

func TestDecodeReportRefuses(t *testing.T) {
	golden, err := os.ReadFile("testdata/report.xml")
	require.NoError(t, err)
	for reason, replacement := range map[string][2]string{
		"something follows":                      {"</Report>", "</Report><Report/>"},
		"document type declarations":             {"<Report>", `<!DOCTYPE Report [<!ENTITY a "b">]><Report>`},
		"invalid character entity":               {"{source}", "&source;"},
		"encoding \"utf-16\"":                    {`encoding="UTF-8"`, `encoding="utf-16"`},
		"unexpected EOF":                         {"</ReportBody>\n</Report>", ""},
		"expected element type <Report> but":     {"Report>", "Rapport>"},
		`content is "Inventory"`:                 {"State Message Data", "Inventory"},
		`report type "Resync" is not taken`:      {"Full", "Resync"},
		`"yesterday" is no CIM datetime`:         {"20260310023000.123456+000", "yesterday"},
		`"20260310023000.123456*000" is no CIM`:  {"20260310023000.123456+000", "20260310023000.123456*000"},
		`"20260310023000.123456+0x0" is no CIM`:  {"20260310023000.123456+000", "20260310023000.123456+0x0"},
		`"20261310023000.123456+000" is no CIM`:  {"20260310023000.123456+000", "20261310023000.123456+000"},
		`"00010101000000.000000+001" is out of`:  {"20260310023000.123456+000", "00010101000000.000000+001"},
		"messages about a user are not taken":    {`UserSID=""`, `UserSID="S-1-5-21"`},
		"1 parameters are announced, 0 are":      {"<Param>-2145124329</Param>", ""},
		`error code "4294967295" is no 32-bit`:   {"<Param>-2145124329</Param>", "<Param>4294967295</Param>"},
		`content version "new" is no number`:     {"<Param>41</Param>", "<Param>new</Param>"},
		"strconv.ParseInt: parsing \"many\"":     {`SerialNumber="7"`, `SerialNumber="many"`},
		"state message 8: topic type 402 has no": {`<State ID="11"`, `<State ID="99"`},
		"client id is empty":                     {"GUID:5B2E0F0E-0000-4000-8000-0000000000A1", ""},
	} {
		t.Run(reason, func(t *testing.T) {
			text := strings.ReplaceAll(string(golden), replacement[0], replacement[1])
			require.NotEqual(t, string(golden), text)
			_, err := compliance.DecodeReport(strings.NewReader(text), compliance.Limits{})
			require.ErrorContains(t, err, reason)
		})
	}
}

func TestDecodeReportLimits(t *testing.T) {
	golden, err := os.ReadFile("testdata/report.xml")
	require.NoError(t, err)
	size := int64(len(golden))
	for what, limits := range map[string]compliance.Limits{
		"bytes":    {Bytes: size - 1},
		"depth":    {Depth: 4},
		"messages": {Messages: 3},
	} {
		_, err := compliance.DecodeReport(bytes.NewReader(golden), limits)
		var limit *compliance.LimitError
		require.ErrorAs(t, err, &limit, what)
		require.Equal(t, what, limit.What)
	}
	_, err = compliance.DecodeReport(bytes.NewReader(golden), compliance.Limits{Bytes: size, Depth: 5, Messages: 4})
	require.NoError(t, err)
}

func TestEncodeReportRefuses(t *testing.T) {
	broken := errors.New("broken pipe")
	require.ErrorIs(t, compliance.EncodeReport(brokenWriter{broken}, sample), broken)

	var out bytes.Buffer
	late := sample
	late.Date = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	require.ErrorContains(t, compliance.EncodeReport(&out, late), "year 10000 does not fit")
	require.ErrorContains(t, compliance.EncodeReport(&out, compliance.Report{}), "client id is empty")
	require.Zero(t, out.Len())
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

// Whatever is valid comes back as it was, times cut off to the microsecond.
func TestReportRoundTrip(t *testing.T) {
	text := rapid.StringN(0, 40, compliance.MaxText)
	when := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
	})
	topics := []compliance.TopicType{300, 301, 302, 402, 500, 501, 700}
	rapid.Check(t, func(t *rapid.T) {
		report := compliance.Report{ClientID: text.Draw(t, "id"), Name: text.Draw(t, "name"), Date: when.Draw(t, "date"), Full: rapid.Bool().Draw(t, "full")}
		serial := int64(0)
		for range rapid.IntRange(0, 5).Draw(t, "messages") {
			serial += rapid.Int64Range(0, 9).Draw(t, "serial")
			m := compliance.Message{Serial: serial, Time: when.Draw(t, "time"), StateID: rapid.IntRange(0, 14).Draw(t, "state"),
				ErrorCode: rapid.Int32().Draw(t, "code"), ContentVersion: rapid.Int64Range(-1, 3).Draw(t, "version"),
				Topic: compliance.Topic{Type: rapid.SampledFrom(topics).Draw(t, "type"), ID: kb1.String()}}
			if m.Topic.Type < 402 {
				m.Topic.ID = text.Draw(t, "topic")
			}
			report.Messages = append(report.Messages, m)
		}
		var buffer bytes.Buffer
		err := compliance.EncodeReport(&buffer, report)
		if invalid := report.Validate(); invalid != nil {
			require.ErrorContains(t, err, invalid.Error())
			return
		}
		require.NoError(t, err)
		decoded, err := compliance.DecodeReport(&buffer, compliance.Limits{})
		require.NoError(t, err)
		report.Date = report.Date.Truncate(time.Microsecond)
		for i := range report.Messages {
			report.Messages[i].Time = report.Messages[i].Time.Truncate(time.Microsecond)
		}
		require.Equal(t, report, decoded)
	})
}

func FuzzDecodeReport(f *testing.F) {
	golden, err := os.ReadFile("testdata/report.xml")
	require.NoError(f, err)
	f.Add(golden)
	f.Add([]byte(`<Report><ReportBody><StateMessage/></ReportBody></Report>`))
	f.Add(bytes.Repeat([]byte("<Report>"), 64))
	f.Fuzz(func(t *testing.T, data []byte) {
		report, err := compliance.DecodeReport(bytes.NewReader(data), compliance.Limits{Bytes: 1 << 16, Messages: 100})
		if err != nil {
			return
		}
		var buffer bytes.Buffer
		require.NoError(t, compliance.EncodeReport(&buffer, report))
		require.NoError(t, xml.Unmarshal(buffer.Bytes(), new(struct{})))
		again, err := compliance.DecodeReport(&buffer, compliance.Limits{})
		require.NoError(t, err)
		require.Equal(t, report, again)
	})
}
