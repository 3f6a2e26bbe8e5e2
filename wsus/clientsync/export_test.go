package clientsync

import (
	"time"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// ReadRequest opens a request and reads its cookie, when it has one, and its parameters.
func ReadRequest[T any](body []byte, read func(*soap.Scanner, Limits) (T, error)) (Cookie, T, error) {
	var zero T
	limits := Limits{}.withDefaults()
	s, op, err := soap.Open(body, soap.Limits{Depth: limits.Depth, Elements: limits.Elements})
	if err != nil {
		return Cookie{}, zero, err
	}
	var cookie Cookie
	if op.Name != "GetCookie" {
		if !s.Child() || string(s.Name()) != "cookie" {
			return Cookie{}, zero, &Fault{Code: InvalidCookie}
		}
		cookie = readCookie(s)
	}
	value, err := read(s, limits)
	if err != nil {
		return cookie, value, err
	}
	return cookie, value, s.Close()
}

// The readers of requests.
var (
	ReadSyncUpdates = readSyncUpdates
	ReadGetCookie   = readGetCookie
	ReadEventBatch  = readEventBatch
)

// ReadExtendedQuery takes as many revisions as a real server.
func ReadExtendedQuery(s *soap.Scanner, limits Limits) (ExtendedQuery, error) {
	return readExtendedQuery(s, limits, DefaultMaxExtendedUpdates)
}

// ReadRegistration reads the computerInfo of a request.
func ReadRegistration(s *soap.Scanner, limits Limits) (ComputerInfo, error) {
	var info ComputerInfo
	for s.Child() {
		info = readComputerInfo(s, limits)
	}
	return info, s.Err()
}

// SealService and SealAuthorization make cookies, CheckService opens one as every operation does.
func SealService(config Config, bearer Bearer, expires, configChange time.Time) ([]byte, error) {
	return seal(config, serviceUse, sealed{Bearer: bearer, Expires: expires, ConfigChange: configChange})
}

func SealAuthorization(config Config, bearer Bearer, expires time.Time) ([]byte, error) {
	return seal(config, authorizationUse, sealed{Bearer: bearer, Expires: expires})
}

func CheckService(config Config, cookie []byte, now time.Time) (Bearer, error) {
	state, err := check(config, cookie, now)
	return state.Bearer, err
}
