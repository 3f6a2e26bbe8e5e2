package wsustest_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"

	"github.com/seed599db172/softwareupdates/internal/xpress"
)

// defect spoils a server that is right.
type defect func(http.Handler) http.Handler

// service runs a handler on its own, with what it answered for the taking. Compression is off, so that the answer is text.
func service(h http.Handler, r *http.Request, body []byte) *httptest.ResponseRecorder {
	copied := r.Clone(r.Context())
	copied.Header.Del("Accept-Encoding")
	copied.Body, copied.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, copied)
	return w
}

func operation(r *http.Request) string {
	action := strings.Trim(r.Header.Get("SOAPAction"), `"`)
	return action[strings.LastIndexByte(action, '/')+1:]
}

// exchange is one request and its answer on their way.
type exchange struct {
	op      string
	n       int // counts the requests of this operation, from 1
	request string
	answer  string
	status  int
	header  http.Header
	serve   func(request string) (status int, answer string) // asks the right server
}

// rewriting lets change look at what the right server answers to a SOAP request. Requests of the operations named are changed; none: all.
func rewriting(change func(*exchange), operations ...string) defect {
	return func(h http.Handler) http.Handler {
		var mu sync.Mutex
		counts := map[string]int{}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			op := operation(r)
			if r.Method != http.MethodPost || len(operations) > 0 && !strings.Contains(" "+strings.Join(operations, " ")+" ", " "+op+" ") {
				h.ServeHTTP(w, r)
				return
			}
			body, _ := io.ReadAll(r.Body)
			answer := service(h, r, body)
			x := &exchange{op: op, request: string(body), answer: answer.Body.String(), status: answer.Code, header: answer.Header()}
			x.serve = func(request string) (int, string) {
				again := service(h, r, []byte(request))
				return again.Code, again.Body.String()
			}
			mu.Lock()
			counts[op]++
			x.n = counts[op]
			change(x)
			mu.Unlock()
			for name, values := range x.header {
				w.Header()[name] = values
			}
			if x.header.Get("Transfer-Encoding") == "" {
				w.Header().Set("Content-Length", strconv.Itoa(len(x.answer)))
			}
			w.WriteHeader(x.status)
			_, _ = io.WriteString(w, x.answer)
		})
	}
}

// requesting changes what the right server is asked.
func requesting(op string, change func(request string) string) defect {
	return rewriting(func(x *exchange) { x.status, x.answer = x.serve(change(x.request)) }, op)
}

// answering changes what the right server says.
func answering(op string, change func(answer string) string) defect {
	return rewriting(func(x *exchange) {
		if x.status == http.StatusOK {
			x.answer = change(x.answer)
		}
	}, op)
}

// files changes what the right server answers to GET and HEAD of content.
func files(change func(w http.ResponseWriter, r *http.Request, right http.Handler)) defect {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/Content/") {
				change(w, r, h)
				return
			}
			h.ServeHTTP(w, r)
		})
	}
}

// without cuts every element of a name out.
func without(text, name string) string {
	for {
		open := strings.Index(text, "<"+name+">")
		if open < 0 {
			return text
		}
		end := strings.Index(text[open:], "</"+name+">")
		text = text[:open] + text[open+end+len(name)+3:]
	}
}

// first returns the first element of a name, with its tags; empty when there is none.
func first(text, name string) string {
	_, rest, found := strings.Cut(text, "<"+name+">")
	inner, _, closed := strings.Cut(rest, "</"+name+">")
	if !found || !closed {
		return ""
	}
	return "<" + name + ">" + inner + "</" + name + ">"
}

// inside is what stands in the first element of a name.
func inside(text, name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(first(text, name), "<"+name+">"), "</"+name+">")
}

// with puts an element before the one named, or in place of nothing when that is not there.
func with(text, before, element string) string {
	return strings.Replace(text, "<"+before+">", element+"<"+before+">", 1)
}

// damaged compresses an answer and spoils it.
func damaged(x *exchange) {
	body := xpress.Append(nil, []byte(strings.Repeat(x.answer, 3)))
	for i := len(body) / 2; i < len(body)/2+40 && i < len(body); i++ {
		body[i] ^= 0xff
	}
	x.answer = string(body[:len(body)-5])
	x.header.Set("Content-Encoding", "xpress")
}
