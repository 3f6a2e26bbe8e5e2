package compliance

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// The limits that DecodeReport takes for those that are 0. A full report about 20,000 updates has some 7 MB.
const (
	DefaultMaxBytes    = 32 << 20
	DefaultMaxDepth    = 16
	DefaultMaxMessages = 100_000
)

// Limits bound what DecodeReport reads. A field that is 0 has its default; the zero value is ready to use.
type Limits struct {
	Bytes    int64 // of the document
	Depth    int   // of nested elements; the layout needs 5
	Messages int
}

// LimitError says that a report is larger than the limits allow.
type LimitError struct {
	What  string // bytes, depth or messages
	Limit int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("report has more than %d %s", e.Limit, e.What)
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = DefaultMaxBytes
	}
	if l.Depth == 0 {
		l.Depth = DefaultMaxDepth
	}
	if l.Messages == 0 {
		l.Messages = DefaultMaxMessages
	}
	return l
}

// limitedReader fails, rather than ends, behind the limit.
type limitedReader struct {
	r     io.Reader
	left  int64
	limit int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	// One byte over the limit is read to tell a document of exactly that length from a longer one.
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if int64(n) > l.left {
		return int(l.left), &LimitError{What: "bytes", Limit: l.limit}
	}
	l.left -= int64(n)
	return n, err
}

// limitedTokens hands on the tokens of a document within depth and count, and refuses what a report has no use for.
type limitedTokens struct {
	d        *xml.Decoder
	limits   Limits
	depth    int
	messages int
}

func (t *limitedTokens) Token() (xml.Token, error) {
	token, err := t.d.Token()
	if err != nil {
		return nil, err
	}
	switch element := token.(type) {
	case xml.StartElement:
		if t.depth++; t.depth > t.limits.Depth {
			return nil, &LimitError{What: "depth", Limit: int64(t.limits.Depth)}
		}
		if element.Name.Local == "StateMessage" {
			if t.messages++; t.messages > t.limits.Messages {
				return nil, &LimitError{What: "messages", Limit: int64(t.limits.Messages)}
			}
		}
	case xml.EndElement:
		t.depth--
	case xml.Directive:
		return nil, errors.New("document type declarations are not taken")
	}
	return token, nil
}
