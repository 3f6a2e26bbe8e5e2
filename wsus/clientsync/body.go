package clientsync

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// readBody appends the body to buf as it arrives, encoded or not. What is too long is not read to its end.
func readBody(r *http.Request, buf []byte, limit int64, seat *largeSeat) ([]byte, error) {
	if encoding := encodingOf(r.Header); encoding != "" && encoding != xpressEncoding {
		return buf, invalid(fmt.Sprintf("Content-Encoding %.40q is not known", encoding))
	}
	if r.ContentLength > limit {
		return buf, invalid(fmt.Sprintf("the request has more than %d bytes", limit))
	}
	// Not more at once than a client has to send anyway: a large length costs it nothing to claim.
	if want := min(max(r.ContentLength+1, minFirstBuffer), maxFirstBuffer, limit+1); int64(cap(buf)) < want {
		buf = make([]byte, 0, want)
	}
	for {
		if len(buf) == cap(buf) {
			if len(buf) >= LargeBody {
				if err := seat.take(); err != nil {
					return buf, err
				}
			}
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > limit:
			return buf, invalid(fmt.Sprintf("the request has more than %d bytes", limit))
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return buf, fmt.Errorf("%w: %w", invalid("the request did not arrive whole"), err)
		}
	}
}

// LargeBody is the size from which on a body counts against Limits.LargeBodies.
const LargeBody = 256 << 10
