package wsus

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// routes builds the handler: first which virtual root, then whether that root may answer on this listener, then the service.
func (s *Server) routes(selfUpdate fs.FS) http.Handler {
	client := clientsync.NewHandler(backend{s}, clientsync.WithLogger(s.log), clientsync.WithClock(s.now))
	services := map[string]http.Handler{
		"ClientWebService":     withVersionFile(client),
		"SimpleAuthWebService": client,
		"ReportingWebService":  client,
		"Content":              content.Handler(s.content, content.WithLogger(s.log)),
		"ApiRemoting30":        notBuiltService("ApiRemoting30"),
		"DssAuthWebService":    notBuiltService("DssAuthWebService"),
		"ServerSyncWebService": notBuiltService("ServerSyncWebService"),
		"Inventory":            notBuiltFolder("Inventory"),
		"SelfUpdate":           s.selfUpdate(selfUpdate),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		root, _, ok, err := ssl.FindRoot(r.URL)
		switch {
		case err != nil:
			s.log.LogAttrs(r.Context(), slog.LevelWarn, "path refused", attrs(r, err.Error())...)
			http.Error(w, "400 Bad Request: "+err.Error(), http.StatusBadRequest)
		case !ok:
			http.NotFound(w, r)
		case root.RequireSSL && r.TLS == nil && s.Setup().UsingSSL:
			s.refusePlain(w, r, root)
		default:
			services[root.Name].ServeHTTP(w, r)
		}
	})
}

// refusePlain answers plain HTTP to a root that requires the secured channel. It never redirects: a redirect keeps a client
// working that can be led elsewhere by whoever is on the way.
func (s *Server) refusePlain(w http.ResponseWriter, r *http.Request, root ssl.Root) {
	s.log.LogAttrs(r.Context(), levelRefused(r), "plain HTTP refused", attrs(r, "403.4: SSL required for "+root.Name)...)
	w.Header().Set("Connection", "close")
	http.Error(w, fmt.Sprintf("403 Forbidden: the virtual root %s requires the secured channel. Use %s/%s instead.",
		root.Name, s.Setup().URL(), root.Name), http.StatusForbidden)
}
