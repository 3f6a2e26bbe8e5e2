package wsustest_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
)

func extendedDefects() []seeded {
	const op = "GetExtendedUpdateInfo"
	return []seeded{
		{"no FileLocations", answering(op, func(a string) string { return without(a, "FileLocations") }),
			"extended-locations", `file ".*" of revision \d+ \(SHA-1 [0-9A-F]{40}\) has no FileLocation \(0x80246001\)`},
		{"locations under another digest", answering(op, func(a string) string {
			digest := inside(inside(a, "FileLocations"), "FileDigest")
			return strings.ReplaceAll(a, "<FileDigest>"+digest+"<", "<FileDigest>"+base64.StdEncoding.EncodeToString(make([]byte, 20))+"<")
		}), "extended-locations", `has no FileLocation`},
		{"addresses of other files", answering(op, func(a string) string {
			urls := regexp.MustCompile(`<Url>[^<]*</Url>`).FindAllString(a, -1)
			if len(urls) < 2 {
				return a
			}
			n := -1
			return regexp.MustCompile(`<Url>[^<]*</Url>`).ReplaceAllStringFunc(a, func(string) string { n++; return urls[(n+1)%len(urls)] })
		}), "content-download", `file ".*" of revision \d+: download`},
		{"files without SHA-256", answering(op, func(a string) string {
			return regexp.MustCompile(`&lt;AdditionalDigest.*?/AdditionalDigest&gt;`).ReplaceAllString(a, "")
		}), "extended-digests", `file ".*" of revision \d+ has no AdditionalDigest of SHA256`},
		{"unknown revisions are a fault", rewriting(func(x *exchange) {
			if strings.Contains(x.request, "<int>2147480002</int>") {
				x.status, x.answer = x.serve(without(x.request, "infoTypes"))
			}
		}, op), "extended-unknown", `GetExtendedUpdateInfo with the unknown revision 2147480002: .*it is out of scope, not a fault`},
		{"unknown revisions passed over", answering(op, func(a string) string { return without(a, "OutOfScopeRevisionIDs") }),
			"extended-unknown", `does not call the unknown revision 2147480002 out of scope`},
		{"locales ignored", requesting(op, func(r string) string {
			return regexp.MustCompile(`<locales>.*</locales>`).ReplaceAllString(r, "<locales><string>de</string></locales>")
		}), "extended-locales", `revision \d+ is told in de when en is asked for`},
		{"all languages at once", rewriting(func(x *exchange) {
			if !strings.Contains(x.request, "<XmlUpdateFragmentType>Extended<") && strings.Contains(x.request, "<locales>") {
				_, german := x.serve(regexp.MustCompile(`<locales>.*</locales>`).ReplaceAllString(x.request, "<locales><string>de</string></locales>"))
				x.answer = strings.Replace(x.answer, "</Updates>", inside(german, "Updates")+"</Updates>", 1)
			}
		}, op), "extended-locales", `revision \d+ has texts in en, .* when en is asked for; one is wanted`},
		{"half of the revisions described", rewriting(func(x *exchange) {
			x.answer = strings.Replace(x.answer, first(x.answer, "Update"), "", 1)
		}, op), "extended-complete", `has no Extended fragment for revision \d+, and does not call it out of scope`},
		{"the announced number is too much", rewriting(func(x *exchange) {
			if strings.Count(x.request, "<int>") >= 50 {
				x.status, x.answer = x.serve(without(x.request, "infoTypes"))
			}
		}, op), "extended-limit", `GetExtendedUpdateInfo with 50 revisions: .*fault InvalidParameters: infoTypes`},
		{"GetExtendedUpdateInfo2 knows no global names", answering("GetExtendedUpdateInfo2", func(a string) string { return without(a, "Updates") }),
			"extended-by-identity", `GetExtendedUpdateInfo2 has no Extended fragment for \d+ \(`},
		{"GetExtendedUpdateInfo2 without locations", answering("GetExtendedUpdateInfo2", func(a string) string { return without(a, "FileLocations") }),
			"extended-by-identity", `GetExtendedUpdateInfo2 does not say where the file ".*" of \d+ .* is \(SHA-1`},
		{"RefreshCache invents ids", answering("RefreshCache", func(a string) string {
			one := inside(a, "RefreshCacheResult") // the list, up to the end of its first item
			item := strings.TrimPrefix(one, "<RefreshCacheResult>")
			update := inside(item, "UpdateID")
			invented := strings.Replace(item, update, "00000000-0000-4000-8000-00000000beef", 1)
			invented = regexp.MustCompile(`<RevisionNumber>\d+<`).ReplaceAllString(invented, "<RevisionNumber>7<")
			invented = regexp.MustCompile(`<RevisionID>\d+<`).ReplaceAllString(invented, "<RevisionID>800001<")
			return strings.Replace(a, "<RefreshCacheResult><RefreshCacheResult>",
				"<RefreshCacheResult><RefreshCacheResult>"+invented+"</RefreshCacheResult><RefreshCacheResult>", 1)
		}), "refresh-cache", `RefreshCache gives revision id 800001 to 00000000-0000-4000-8000-00000000beef;7, which no server has`},
		{"RefreshCache renumbers", answering("RefreshCache", func(a string) string {
			return regexp.MustCompile(`<RevisionID>(\d+)<`).ReplaceAllString(a, "<RevisionID>7${1}<")
		}), "refresh-cache", `RefreshCache gives the id 7\d+ to \d+ \(`},
		{"GetFileLocations knows nothing", answering("GetFileLocations", func(a string) string { return without(a, "FileLocations") }),
			"file-locations", `GetFileLocations does not know the file ".*" of revision \d+`},
	}
}

func contentDefects() []seeded {
	return []seeded{
		{"wrong Content-Range", files(func(w http.ResponseWriter, r *http.Request, right http.Handler) {
			recorded := httptest.NewRecorder()
			right.ServeHTTP(recorded, r)
			copyAnswer(w, recorded, func(h http.Header) {
				if c := h.Get("Content-Range"); c != "" {
					h.Set("Content-Range", c+"0")
				}
			})
		}), "content-download", `Content-Range is "bytes .*", want "bytes `},
		{"200 for ranges", files(func(w http.ResponseWriter, r *http.Request, right http.Handler) {
			r.Header.Del("Range")
			right.ServeHTTP(w, r)
		}), "content-download", `range bytes=\d+-\d+: the answer is 200 OK, want 206`},
		{"206 without Content-Range", files(func(w http.ResponseWriter, r *http.Request, right http.Handler) {
			recorded := httptest.NewRecorder()
			right.ServeHTTP(recorded, r)
			copyAnswer(w, recorded, func(h http.Header) { h.Del("Content-Range") })
		}), "content-download", `Content-Range is "", want "bytes \d+-\d+/\d+"`},
		{"no HEAD", files(func(w http.ResponseWriter, r *http.Request, right http.Handler) {
			if r.Method == http.MethodHead {
				http.Error(w, "GET only", http.StatusMethodNotAllowed)
				return
			}
			right.ServeHTTP(w, r)
		}), "content-head", `HEAD .* is answered by 405, want 200: BITS begins with HEAD`},
		{"another file", files(func(w http.ResponseWriter, r *http.Request, right http.Handler) {
			recorded := httptest.NewRecorder()
			right.ServeHTTP(recorded, r)
			if body := recorded.Body.Bytes(); recorded.Code == http.StatusPartialContent && len(body) > 0 {
				body[0] ^= 1
			}
			copyAnswer(w, recorded, func(http.Header) {})
		}), "content-download", `the SHA-1 is [0-9A-F]{40}, the metadata says [0-9A-F]{40} \(0x80246002\)`},
		{"ranges from the beginning always", files(func(w http.ResponseWriter, r *http.Request, right http.Handler) {
			recorded := httptest.NewRecorder()
			right.ServeHTTP(recorded, r)
			whole := httptest.NewRecorder()
			r.Header.Del("Range")
			right.ServeHTTP(whole, r)
			if recorded.Code == http.StatusPartialContent {
				copy(recorded.Body.Bytes(), whole.Body.Bytes())
			}
			copyAnswer(w, recorded, func(http.Header) {})
		}), "content-download", `the SHA-1 is [0-9A-F]{40}, the metadata says [0-9A-F]{40} \(0x80246002\)`},
		{"impossible ranges served", files(func(w http.ResponseWriter, r *http.Request, right http.Handler) {
			recorded := httptest.NewRecorder()
			right.ServeHTTP(recorded, r)
			if recorded.Code == http.StatusRequestedRangeNotSatisfiable {
				r.Header.Del("Range")
				right.ServeHTTP(w, r)
				return
			}
			copyAnswer(w, recorded, func(http.Header) {})
		}), "content-range", `is answered by 200, want 416`},
		{"no validators", files(func(w http.ResponseWriter, r *http.Request, right http.Handler) {
			recorded := httptest.NewRecorder()
			right.ServeHTTP(recorded, r)
			copyAnswer(w, recorded, func(h http.Header) { h.Del("ETag"); h.Del("Last-Modified") })
		}), "content-conditional", `says neither ETag nor Last-Modified`},
	}
}

// copyAnswer passes an answer on, with headers changed.
func copyAnswer(w http.ResponseWriter, recorded *httptest.ResponseRecorder, change func(http.Header)) {
	header := recorded.Header().Clone()
	if header.Get("Content-Length") == "" {
		header.Set("Content-Length", strconv.Itoa(recorded.Body.Len()))
	}
	change(header)
	for name, values := range header {
		w.Header()[name] = values
	}
	w.WriteHeader(recorded.Code)
	_, _ = w.Write(recorded.Body.Bytes())
}

func wireDefects() []seeded {
	return []seeded{
		{"faults without ErrorCode", rewriting(func(x *exchange) { x.answer = without(x.answer, "ErrorCode") }),
			"fault-shape", `detail has no ErrorCode: an agent ends with 0x8024400D or 0x8024400E instead of recovering`},
		{"faults without detail", rewriting(func(x *exchange) { x.answer = without(x.answer, "detail") }),
			"fault-shape", `there is no detail, so no ErrorCode`},
		{"faults with an unknown code", rewriting(func(x *exchange) {
			x.answer = strings.ReplaceAll(x.answer, "<ErrorCode>InvalidCookie<", "<ErrorCode>CookieIsBad<")
		}), "fault-shape", `ErrorCode "CookieIsBad" is not one of the protocol`},
		{"ErrorCode in a namespace", rewriting(func(x *exchange) {
			x.answer = strings.ReplaceAll(x.answer, "<ErrorCode>", `<ErrorCode xmlns="http://www.microsoft.com/SoftwareDistribution">`)
		}), "fault-shape", `detail/ErrorCode is in the namespace "http://www.microsoft.com/SoftwareDistribution", want ""`},
		{"faults with status 200", rewriting(func(x *exchange) { x.status = http.StatusOK }),
			"fault-shape", `the status is 200 OK, want 500`},
		{"a page of HTML for failures", rewriting(func(x *exchange) {
			if x.status != http.StatusOK {
				x.header.Set("Content-Type", "text/html")
				x.answer = "<html><body><h1>Service Unavailable</h1></body></html>"
				x.status = http.StatusServiceUnavailable
			}
		}), "wire-http", `is answered with 503 Service Unavailable and <html>, not SOAP; an agent has nothing to recover with \(0x80244007\)`},
		{"damaged compression", rewriting(func(x *exchange) {
			if x.n == 2 {
				damaged(x)
			}
		}, "SyncUpdates"), "wire-xpress", `SyncUpdates: the compressed body cannot be read`},
		{"compressed with gzip", rewriting(func(x *exchange) { x.header.Set("Content-Encoding", "gzip") }, "RefreshCache"),
			"wire-xpress", `RefreshCache: Content-Encoding is "gzip"; xpress is the only one`},
		{"no Content-Length", func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost {
					h.ServeHTTP(w, r)
					return
				}
				body, _ := io.ReadAll(r.Body)
				recorded := service(h, r, body)
				w.Header().Set("Content-Type", recorded.Header().Get("Content-Type"))
				w.WriteHeader(recorded.Code)
				_, _ = w.Write(recorded.Body.Bytes())
				_ = http.NewResponseController(w).Flush() // from here on the body is chunked
			})
		}, "wire-http", `there is no Content-Length; some agents hang up early`},
		{"another content type", rewriting(func(x *exchange) { x.header.Set("Content-Type", "application/soap+xml") }),
			"wire-http", `Content-Type is "application/soap\+xml", want text/xml`},
		{"the namespace of another service", answering("GetFileLocations", func(a string) string {
			return strings.ReplaceAll(a, "/SoftwareDistribution/Server/ClientWebService", "/SoftwareDistribution")
		}), "wire-contract", `GetFileLocationsResponse is in the namespace "http://www.microsoft.com/SoftwareDistribution", want`},
		{"a number that is none", answering("GetExtendedUpdateInfo", func(a string) string {
			return regexp.MustCompile(`<Update><ID>(\d+)<`).ReplaceAllString(a, "<Update><ID>r${1}<")
		}), "wire-contract", `Updates/Update/ID is "r\d+", want int`},
		{"an element that nobody knows", answering("SyncUpdates", func(a string) string { return with(a, "Truncated", "<Hint>x</Hint>") }),
			"wire-contract", `SyncUpdatesResult has the element Hint, which the contract does not know`},
		{"one path for Reporting", func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.EqualFold(r.URL.Path, "/ReportingWebService/WebService.asmx") {
					http.NotFound(w, r)
					return
				}
				h.ServeHTTP(w, r)
			})
		}, "paths", `ReportEventBatch at /ReportingWebService/WebService.asmx: .*404`},
		{"paths in one case only", func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == strings.ToUpper(r.URL.Path) {
					http.NotFound(w, r)
					return
				}
				h.ServeHTTP(w, r)
			})
		}, "paths", `GetConfig at /CLIENTWEBSERVICE/CLIENT.ASMX: .*404`},
		{"health checks fail", func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, ".asmx") {
					http.Error(w, "object reference not set", http.StatusInternalServerError)
					return
				}
				h.ServeHTTP(w, r)
			})
		}, "reachable", `is answered by 500 Internal Server Error; health checks ask this way`},
		{"no server at all", func(http.Handler) http.Handler { return http.NotFoundHandler() },
			"reachable", `^GetConfig: the server answered 404 Not Found: 404 page not found. The URL must be the one that has /ClientWebService below it`},
		{"unknown operations are taken", rewriting(func(x *exchange) {
			if x.op == "GetTheMoon" {
				x.status = http.StatusOK
				x.answer = fmt.Sprintf(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><%sResponse/></s:Body></s:Envelope>`, x.op)
			}
		}), "unknown-operation", `the operation GetTheMoon was accepted`},
	}
}
