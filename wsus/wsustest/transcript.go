package wsustest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"unicode/utf8"
)

// Limits of a transcript that is read or written.
const (
	// DefaultMaxBody is how much of one body a Recorder keeps.
	DefaultMaxBody = 4 << 20
	// DefaultMaxTranscript is where a Recorder stops to write.
	DefaultMaxTranscript = 64 << 20
	// MaxExchanges of a transcript.
	MaxExchanges = 100_000

	maxLine = 64 << 20
)

// transcriptHeader is the first line of a transcript.
const transcriptHeader = `{"format":"wsustest transcript","version":1}`

// Exchange is one request and its answer. A transcript is a text file: one line of JSON that says what it is, and one for each exchange.
type Exchange struct {
	Method string `json:"method"`
	// Path with the query; the host is left out, so that a transcript can be replayed anywhere.
	Path          string      `json:"path"`
	RequestHeader http.Header `json:"requestHeader,omitempty"`
	Request       Body        `json:"request"`
	// Status is 0 when there was no answer; Failure says why then.
	Status  int         `json:"status"`
	Header  http.Header `json:"header,omitempty"`
	Answer  Body        `json:"answer"`
	Failure string      `json:"failure,omitempty"`
}

// Body is text where it can be, for people to read. Compressed messages are written as what they mean.
type Body struct {
	Text   string `json:"text,omitempty"`
	Binary []byte `json:"binary,omitempty"`
	// Cut is how many bytes at the end were left out; an exchange with one cannot be replayed.
	Cut int64 `json:"cut,omitempty"`
}

func newBody(data []byte, limit int) Body {
	var b Body
	if len(data) > limit {
		b.Cut = int64(len(data) - limit)
		data = data[:limit]
	}
	if utf8.Valid(data) {
		b.Text = string(data)
	} else {
		b.Binary = data
	}
	return b
}

func (b Body) bytes() []byte {
	if b.Text != "" {
		return []byte(b.Text)
	}
	return b.Binary
}

// ReadTranscript reads what a Recorder has written. A line that a crash has cut off at the end is left out; any other that cannot be read is an
// error that names it.
func ReadTranscript(r io.Reader) ([]Exchange, error) {
	lines := bufio.NewReader(r)
	var list []Exchange
	for n := 1; ; n++ {
		line, err := readLine(lines)
		switch {
		case errors.Is(err, io.EOF) && n == 1:
			return nil, errors.New("read transcript: it is empty, or its first line is not whole")
		case errors.Is(err, io.EOF):
			return list, nil // what follows the last newline was cut off
		case err != nil:
			return nil, fmt.Errorf("read transcript: line %d: %w", n, err)
		}
		if n == 1 {
			if string(line) != transcriptHeader+"\n" {
				return nil, errors.New("read transcript: the first line is not that of a transcript of version 1")
			}
			continue
		}
		if len(list) >= MaxExchanges {
			return nil, fmt.Errorf("read transcript: there are more than %d exchanges", MaxExchanges)
		}
		var e Exchange
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("read transcript: line %d: %w", n, err)
		}
		if e.Status != 0 && (e.Status < http.StatusOK || e.Status > 999) {
			return nil, fmt.Errorf("read transcript: line %d: %d is not the status of an answer", n, e.Status)
		}
		list = append(list, e)
	}
}

// readLine returns a line with its end. io.EOF says that the input ended before it did.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return nil, fmt.Errorf("it has more than %d bytes", maxLine)
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}
