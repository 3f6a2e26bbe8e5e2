package clientsync

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"time"

	"github.com/google/uuid"
)

// sealed is the state that a cookie carries for the server, which so keeps none per client (MS-WUSP §3.1.1).
type sealed struct {
	Bearer  Bearer // without Host
	Expires time.Time
	// ConfigChange is Config.LastChange when the cookie was made; zero in authorization cookies.
	ConfigChange time.Time
	// Scan is what the client has heard of in category scans since its last whole one.
	Scan heardScan
}

// heardScan is the anchor of category scans. The Anchor of the Bearer stays what it is meanwhile: a scan for some categories does not tell of
// the others, and after its first answer does not even list them. filter stands for the categories; 0: none.
type heardScan struct {
	filter uint64
	anchor int64
}

// filterOf stands for the categories of a scan. Clients that find two with the same number fool themselves only.
func filterOf(categories []uuid.UUID) uint64 {
	if len(categories) == 0 {
		return 0
	}
	h := fnv.New64a()
	for _, id := range categories {
		_, _ = h.Write(id[:])
	}
	return h.Sum64() | 1
}

// Bounds of what goes into a cookie.
const (
	maxClientID = 255
	maxDNSName  = 255
	maxGroups   = 1000
)

// fixedSize is that of expiry, configuration time, anchor, version and the three lengths.
const fixedSize = 12 + 12 + 8 + 4 + 1 + 1 + 2

var errCookieLayout = errors.New("cookie layout")

// The state of a client that has asked for drivers or printers ends with the anchors of both, and that of one that is in category scans has
// its filter and anchor behind them. So the cookies of others are no longer than before there were either, and those made then stay good.
const (
	driverSize = 8 + 8
	scanSize   = driverSize + 8 + 8
)

// marshal appends the state to b: times as seconds and nanoseconds, then numbers, then lengths, then what has the lengths, then the
// anchors of drivers, printers and category scans if there are any.
func (s sealed) marshal(b []byte) ([]byte, error) {
	c := s.Bearer
	if len(c.ID) > maxClientID || len(c.DNSName) > maxDNSName || len(c.Groups) > maxGroups {
		return nil, errors.New("client id, name or groups too long for a cookie")
	}
	b = appendTime(b, s.Expires)
	b = appendTime(b, s.ConfigChange)
	b = binary.BigEndian.AppendUint64(b, uint64(c.Anchor))
	b = binary.BigEndian.AppendUint16(b, uint16(c.Protocol.Major))
	b = binary.BigEndian.AppendUint16(b, uint16(c.Protocol.Minor))
	b = append(b, byte(len(c.ID)), byte(len(c.DNSName)))
	b = binary.BigEndian.AppendUint16(b, uint16(len(c.Groups)))
	b = append(append(b, c.ID...), c.DNSName...)
	for _, group := range c.Groups {
		b = append(b, group[:]...)
	}
	if c.DriverAnchor != 0 || c.PrinterAnchor != 0 || s.Scan.filter != 0 {
		b = binary.BigEndian.AppendUint64(b, uint64(c.DriverAnchor))
		b = binary.BigEndian.AppendUint64(b, uint64(c.PrinterAnchor))
	}
	if s.Scan.filter != 0 {
		b = binary.BigEndian.AppendUint64(b, s.Scan.filter)
		b = binary.BigEndian.AppendUint64(b, uint64(s.Scan.anchor))
	}
	return b, nil
}

// unmarshal reads what marshal wrote, and nothing else.
func (s *sealed) unmarshal(b []byte) error {
	if len(b) < fixedSize {
		return errCookieLayout
	}
	s.Expires, s.ConfigChange = readTime(b), readTime(b[12:])
	s.Bearer.Anchor = int64(binary.BigEndian.Uint64(b[24:]))
	s.Bearer.Protocol.Major = int(binary.BigEndian.Uint16(b[32:]))
	s.Bearer.Protocol.Minor = int(binary.BigEndian.Uint16(b[34:]))
	idLength, nameLength, groups := int(b[36]), int(b[37]), int(binary.BigEndian.Uint16(b[38:]))
	b = b[fixedSize:]
	switch rest := len(b) - idLength - nameLength - groups*len(uuid.UUID{}); {
	case groups > maxGroups, rest != 0 && rest != driverSize && rest != scanSize:
		return errCookieLayout
	case rest != 0:
		s.readAnchors(b[len(b)-rest:])
		b = b[:len(b)-rest]
	}
	names := string(b[:idLength+nameLength])
	s.Bearer.ID, s.Bearer.DNSName = names[:idLength], names[idLength:]
	b = b[idLength+nameLength:]
	if groups > 0 {
		s.Bearer.Groups = make([]uuid.UUID, 0, groups)
	}
	for len(b) > 0 {
		s.Bearer.Groups = append(s.Bearer.Groups, uuid.UUID(b[:16]))
		b = b[16:]
	}
	return nil
}

// readAnchors reads driverSize or scanSize bytes.
func (s *sealed) readAnchors(b []byte) {
	s.Bearer.DriverAnchor = int64(binary.BigEndian.Uint64(b))
	s.Bearer.PrinterAnchor = int64(binary.BigEndian.Uint64(b[8:]))
	if len(b) == scanSize {
		s.Scan = heardScan{filter: binary.BigEndian.Uint64(b[driverSize:]), anchor: int64(binary.BigEndian.Uint64(b[driverSize+8:]))}
	}
}

func appendTime(b []byte, t time.Time) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(t.Unix()))
	return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))
}

func readTime(b []byte) time.Time {
	return time.Unix(int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint32(b[8:]))).UTC()
}
