package clientsync

import (
	"context"
	"time"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// exchange is one request on its way to its answer.
type exchange struct {
	ctx       context.Context
	backend   Backend
	config    Config
	limits    Limits
	now       time.Time
	host      string
	remote    string     // address and port
	secure    bool       // the connection is TLS
	operation *operation // nil before it is known
	form      soap.Form
	in        *soap.Scanner // at the operation
	out       *soap.Writer
	room      *workspace
	clientID  string // once a cookie has been accepted, for the log
}

// authenticate reads the cookie, the first child of the operation, and accepts its bearer. Nothing after the cookie has been
// looked at then.
func (x *exchange) authenticate() (sealed, error) {
	if !x.in.Child() || string(x.in.Name()) != "cookie" {
		if err := x.in.Err(); err != nil {
			return sealed{}, err
		}
		return sealed{}, &Fault{Code: InvalidCookie}
	}
	x.room.received = readSeal(x.in, x.room.received[:0])
	if err := x.in.Err(); err != nil {
		return sealed{}, err
	}
	state, err := x.check(x.room.received)
	if err != nil {
		return sealed{}, err
	}
	state.Bearer.Host, state.Bearer.RemoteAddr, state.Bearer.Secure = x.host, x.remote, x.secure
	x.clientID = state.Bearer.ID
	return state, nil
}

// authenticateRegistered is authenticate for operations that need to know the computer.
func (x *exchange) authenticateRegistered() (sealed, error) {
	state, err := x.authenticate()
	if err != nil {
		return sealed{}, err
	}
	registered, err := x.backend.Registered(x.ctx, state.Bearer)
	if err != nil {
		return sealed{}, err
	}
	if !registered {
		return sealed{}, &Fault{Code: RegistrationRequired}
	}
	return state, nil
}

// answer writes the envelope with the answer of the operation around content.
func (x *exchange) answer(content func(w *soap.Writer)) {
	x.out.Envelope(x.form, x.operation.response, func() { content(x.out) })
}

// renew makes the cookie of an answer: the same expiry, what the client has now seen. It is valid until the exchange ends.
func (x *exchange) renew(state sealed) (Cookie, error) {
	data, err := x.seal(serviceUse, state)
	if err != nil {
		return Cookie{}, err
	}
	return Cookie{Expiration: state.Expires, EncryptedData: data}, nil
}

// readSeal appends the EncryptedData of a Cookie to dst; the clear expiration does not count.
func readSeal(s *soap.Scanner, dst []byte) []byte {
	for s.Child() {
		if string(s.Name()) == "EncryptedData" {
			dst = s.AppendBase64(dst[:0])
		} else {
			s.Skip()
		}
	}
	return dst
}

// readCookie reads a Cookie (MS-WUSP §2.2.3). One without EncryptedData, or with it empty or nil, is no cookie.
func readCookie(s *soap.Scanner) Cookie {
	var c Cookie
	for s.Child() {
		switch string(s.Name()) {
		case "Expiration":
			c.Expiration = s.Time()
		case "EncryptedData":
			c.EncryptedData = s.Base64()
		default:
			s.Skip()
		}
	}
	return c
}

func writeCookie(w *soap.Writer, name string, c Cookie) {
	w.Open(name)
	w.Time("Expiration", c.Expiration)
	if len(c.EncryptedData) > 0 {
		w.Base64("EncryptedData", c.EncryptedData)
	}
	w.Close(name)
}
