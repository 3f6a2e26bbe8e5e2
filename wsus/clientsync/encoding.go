package clientsync

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/internal/xpress"
)

// xpressEncoding is the one content coding of the protocol (MS-WUSP §2.1). Identity is always right as well.
const xpressEncoding = "xpress"

// minCompressed is the shortest answer that is compressed: below it, the time is worth more than the bytes.
const minCompressed = 2 << 10

// accepts says that the sender of a header takes Xpress: it lists the coding, and not with a quality of 0.
func accepts(header http.Header) bool {
	for _, value := range header.Values("Accept-Encoding") {
		for item := range strings.SplitSeq(value, ",") {
			coding, parameters, _ := strings.Cut(item, ";")
			if !strings.EqualFold(strings.TrimSpace(coding), xpressEncoding) {
				continue
			}
			name, quality, _ := strings.Cut(strings.TrimSpace(parameters), "=")
			q, err := strconv.ParseFloat(strings.TrimSpace(quality), 64)
			return !strings.EqualFold(strings.TrimSpace(name), "q") || err != nil || q > 0
		}
	}
	return false
}

// encodingOf returns the coding of a body, empty for identity.
func encodingOf(header http.Header) string {
	encoding := strings.ToLower(strings.TrimSpace(header.Get("Content-Encoding")))
	if encoding == "identity" {
		return ""
	}
	return encoding
}

// expand appends to dst what an encoded body means. An encoding that is not known and a damaged body are faults.
func expand(dst, body []byte, encoding string, limit int64) ([]byte, error) {
	if encoding != xpressEncoding {
		return dst, fmt.Errorf("Content-Encoding %.40q is not known", encoding)
	}
	dst, err := xpress.Decode(dst, body, limit)
	if errors.Is(err, xpress.ErrTooLong) {
		return dst, fmt.Errorf("the message has more than %d bytes", limit)
	}
	return dst, err
}
