// Package console is the web console of a site: one plain page with the site, its site systems and roles, the secure channel,
// compliance by update and by computer, and deployments. It shows and changes nothing, has no script, and works on a telephone, in
// light and in dark.
//
//	handler := console.Handler(site, console.Options{User: func(r *http.Request) (console.User, error) {
//		name, password, ok := r.BasicAuth()
//		if !ok || !check(name, password) {
//			return console.User{}, console.ErrUnauthenticated
//		}
//		return console.User{Name: name}, nil
//	}})
//
// Serve it over TLS, at the root of a host or below http.StripPrefix, never on the ports of the software update point. Without a
// software update point the page says so, with status 409.
package console
