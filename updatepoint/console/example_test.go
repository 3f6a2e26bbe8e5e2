package console_test

import (
	"context"
	"crypto/subtle"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/updatepoint/console"
)

// A console that asks for a name and a password.
func Example() {
	db := memory.Open()
	site, err := updatepoint.NewSite(context.Background(), "LAB", updatepoint.Config{Store: db.Site(), Compliance: db.Compliance()})
	if err != nil {
		log.Fatal(err)
	}
	handler := console.Handler(site, console.Options{User: func(r *http.Request) (console.User, error) {
		name, password, _ := r.BasicAuth()
		if subtle.ConstantTimeCompare([]byte(password), []byte("from your own store of users")) != 1 {
			return console.User{}, console.ErrUnauthenticated
		}
		return console.User{Name: name}, nil
	}})
	for _, password := range []string{"a guess", "from your own store of users"} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.SetBasicAuth("operator", password)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		fmt.Println(answer.Code, answer.Header().Get("WWW-Authenticate"))
	}
	// Output:
	// 401 Basic realm="site LAB", charset="UTF-8"
	// 409
}
