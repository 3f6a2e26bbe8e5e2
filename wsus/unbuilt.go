package wsus

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// levelRefused is the level at which a request that was turned away is logged, one line each. A POST is a client that works with
// a wrong address, which operators want to see; a GET is somebody who looks.
func levelRefused(r *http.Request) slog.Level {
	if r.Method == http.MethodPost {
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

func attrs(r *http.Request, reason string) []slog.Attr {
	return []slog.Attr{
		slog.String("remote", r.RemoteAddr), slog.String("method", r.Method),
		slog.String("path", r.URL.Path), slog.String("reason", reason),
	}
}

// notBuiltService answers for a web service that a WSUS server has and this one has not yet: a look with GET gets status 501, a
// call a SOAP fault in the shape of MS-WUSP §2.2.2.4, so that a caller reads the reason instead of guessing from a 404.
func notBuiltService(name string) http.Handler {
	look := notBuiltFolder(name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			look.ServeHTTP(w, r)
			return
		}
		body := `<?xml version="1.0" encoding="utf-8"?>` +
			`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>` +
			`<faultcode>soap:Server</faultcode><faultstring>Fault occurred</faultstring><detail>` +
			`<ErrorCode>InternalServerError</ErrorCode><Message>` + name + ` is not built yet in this server</Message>` +
			`<ID>` + uuid.NewString() + `</ID></detail></soap:Fault></soap:Body></soap:Envelope>`
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.Header().Set("Cache-Control", "private")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte(body)) // the client is gone: nobody is left to tell
	})
}

// notBuiltFolder answers for a folder of files that is not served yet.
func notBuiltFolder(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "501 Not Implemented: "+name+" is not built yet in this server", http.StatusNotImplemented)
	})
}

// withVersionFile serves the small file by which administrators and Configuration Manager look whether the root answers.
func withVersionFile(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.URL.Path, "/ClientWebService/wusserverversion.xml") {
			next.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "405 Method Not Allowed", http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write([]byte(`<ServerVersion>` + ProtocolVersion + `</ServerVersion>`))
	})
}

// ProtocolVersion is the version of the client protocol that the server tells (MS-WUSP §2.2.2.2.1).
const ProtocolVersion = "3.2"
