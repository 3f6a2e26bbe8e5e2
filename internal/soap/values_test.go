package soap_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// within opens the only child of an operation.
func within(t testing.TB, element string) *soap.Scanner {
	t.Helper()
	s, _, err := soap.Open([]byte(head+element+tail), soap.Limits{})
	require.NoError(t, err)
	require.True(t, s.Child(), s.Err())
	return s
}

func TestTimes(t *testing.T) {
	for text, want := range map[string]time.Time{
		"2026-10-04T15:49:04.9425733Z":  time.Date(2026, 10, 4, 15, 49, 4, 942573300, time.UTC),
		"2026-10-04T15:49:04Z":          time.Date(2026, 10, 4, 15, 49, 4, 0, time.UTC),
		"2026-10-04T15:49:04":           time.Date(2026, 10, 4, 15, 49, 4, 0, time.UTC), // Windows XP
		"2026-10-04T15:49:04.5":         time.Date(2026, 10, 4, 15, 49, 4, 5e8, time.UTC),
		"2026-10-04T17:49:04+02:00":     time.Date(2026, 10, 4, 15, 49, 4, 0, time.UTC),
		"0001-01-01T00:00:00Z":          {},
		" \n2026-10-04T15:49:04Z\t":     time.Date(2026, 10, 4, 15, 49, 4, 0, time.UTC),
		"9999-12-31T23:59:59.9999999":   time.Date(9999, 12, 31, 23, 59, 59, 999999900, time.UTC),
		"2026-10-04T15:49:04.123456789": time.Date(2026, 10, 4, 15, 49, 4, 123456789, time.UTC),
	} {
		s := within(t, "<a>"+text+"</a>")
		require.Equal(t, want, s.Time(), text)
		require.NoError(t, s.Err())
	}
	for _, text := range []string{"", "2026-10-04", "15:49", "2026-13-04T15:49:04Z", "now"} {
		_, err := soap.ParseTime([]byte(text))
		require.Error(t, err, text)
	}
}

func TestTimesAreWrittenAsRealServersDo(t *testing.T) {
	for want, at := range map[string]time.Time{
		"<a>2026-10-04T13:17:07.59Z</a>":      time.Date(2026, 10, 4, 13, 17, 7, 590_000_000, time.UTC),
		"<a>2026-10-04T16:03:35.9967236Z</a>": time.Date(2026, 10, 4, 16, 3, 35, 996_723_699, time.UTC),
		"<a>2026-10-04T15:03:36Z</a>":         time.Date(2026, 10, 4, 17, 3, 36, 0, time.FixedZone("", 7200)),
		"<a>0001-01-01T00:00:00Z</a>":         {},
	} {
		var w soap.Writer
		w.Time("a", at)
		require.Equal(t, want, string(w.Bytes()))
	}
}

func TestValues(t *testing.T) {
	id := uuid.MustParse("4d2c1f6e-0b1a-4c55-9a77-3f0e5d1c2b3a")
	require.Equal(t, int32(-2145123272), within(t, `<a> -2145123272 </a>`).Int32())
	require.Equal(t, int32(7), within(t, `<a>+7</a>`).Int32())
	require.True(t, within(t, `<a>1</a>`).Bool())
	require.True(t, within(t, `<a> true </a>`).Bool())
	require.False(t, within(t, `<a>0</a>`).Bool())
	require.Equal(t, id, within(t, `<a>4D2C1F6E-0b1a-4C55-9a77-3f0e5d1c2b3a</a>`).GUID())
	require.Equal(t, []byte{1, 2, 3, 4}, within(t, "<a>AQ\r\n ID\tBA==</a>").Base64())
	require.Nil(t, within(t, `<a/>`).Base64())
	require.Equal(t, time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC), within(t, `<a>2026-10-04</a>`).Date())
	require.Equal(t, time.Date(2026, 10, 4, 1, 2, 3, 0, time.UTC), within(t, `<a>2026-10-04T01:02:03</a>`).Date())
	require.Equal(t, "a\nb\nc<&>\"'", within(t, "<a>a\r\nb\rc&lt;<![CDATA[&]]>&gt;&quot;&apos;</a>").String())
}

func TestValuesThatAreNone(t *testing.T) {
	for element, read := range map[string]func(*soap.Scanner){
		`<a>2147483648</a>`: func(s *soap.Scanner) { s.Int32() },
		`<a></a>`:           func(s *soap.Scanner) { s.Int32() },
		`<a>1 2</a>`:        func(s *soap.Scanner) { s.Int() },
		`<a>yes</a>`:        func(s *soap.Scanner) { s.Bool() },
		`<a>tomorrow</a>`:   func(s *soap.Scanner) { s.Time() },
		`<a>someday</a>`:    func(s *soap.Scanner) { s.Date() },
		`<a>{4d2c1f6e-0b1a-4c55-9a77-3f0e5d1c2b3a}</a>`: func(s *soap.Scanner) { s.GUID() },
		`<a>AQ=</a>`:  func(s *soap.Scanner) { s.Base64() },
		`<a>AR==</a>`: func(s *soap.Scanner) { s.Base64() }, // bits that nothing stands for
	} {
		s := within(t, element)
		read(s)
		var value *soap.ValueError
		require.ErrorAs(t, s.Err(), &value, element)
		require.Equal(t, "a", value.Path)
		require.False(t, s.Child(), "an error sticks")
	}
}

func TestErrorsNameThePath(t *testing.T) {
	s := within(t, `<parameters><list><int>1</int><int>x</int></list></parameters>`)
	require.True(t, s.Child())
	s.Int32s(nil, 10)
	require.EqualError(t, s.Err(), "soap: parameters.list.int is no int")

	s = within(t, `<parameters><list><int>1</int><int>2</int></list></parameters>`)
	require.True(t, s.Child())
	s.Int32s(nil, 1)
	require.EqualError(t, s.Err(), "soap: parameters.list has more than 1 elements int")

	s = within(t, `<name>long</name>`)
	s.StringUpTo(3)
	require.EqualError(t, s.Err(), "soap: name has more than 3 bytes")

	s = within(t, `<name>a<b/></name>`)
	require.Empty(t, s.String())
	require.ErrorContains(t, s.Err(), "an element where only text belongs")
}
