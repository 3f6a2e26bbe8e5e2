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
	if op.Name != "GetCookie" && op.Name != "StartCategoryScan" {
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
	ReadGetCookie           = readGetCookie
	ReadEventBatch          = readEventBatch
	ReadGlobalIDs           = readGlobalIDs
	ReadDigests             = readDigests
	ReadPrinterParameters   = readPrinterParameters
	ReadRequestedCategories = readRequestedCategories
)

// ReadSyncUpdates reads the parameters of SyncUpdates.
func ReadSyncUpdates(s *soap.Scanner, limits Limits) (SyncParameters, error) {
	var p SyncParameters
	return p, readSyncUpdates(s, limits, &p)
}

// SyncDecoder decodes requests of SyncUpdates one after the other in the same room, as a handler does.
type SyncDecoder struct{ room workspace }

// Decode tells how many ids the request lists.
func (d *SyncDecoder) Decode(body []byte) (installed, cached int, err error) {
	limits := Limits{}.withDefaults()
	in, p := &d.room.in, d.room.syncParameters()
	if err := in.Open(body, soap.Limits{Depth: limits.Depth, Elements: limits.Elements}); err != nil {
		return 0, 0, err
	}
	if !in.Child() || string(in.Name()) != "cookie" {
		return 0, 0, &Fault{Code: InvalidCookie}
	}
	d.room.received = readSeal(in, d.room.received[:0])
	if err := readSyncUpdates(in, limits, p); err != nil {
		return 0, 0, err
	}
	return len(p.InstalledNonLeafUpdateIDs), len(p.OtherCachedUpdateIDs), in.Close()
}

// ReadExtendedQuery takes as many revisions as a real server.
func ReadExtendedQuery(s *soap.Scanner, limits Limits) (ExtendedQuery, error) {
	return readExtendedQuery(s, limits, DefaultMaxExtendedUpdates)
}

// ReadExtendedQuery2 is the same for GetExtendedUpdateInfo2.
func ReadExtendedQuery2(s *soap.Scanner, limits Limits) (ExtendedQuery2, error) {
	return readExtendedQuery2(s, limits, DefaultMaxExtendedUpdates)
}

// ReadAnswer opens an answer and reads the element of its result.
func ReadAnswer[T any](body []byte, read func(*soap.Scanner) T) (T, error) {
	var value T
	s, _, err := soap.Open(body, soap.Limits{Elements: maxAnswerElements})
	if err != nil {
		return value, err
	}
	for s.Child() {
		value = read(s)
	}
	return value, s.Close()
}

// The readers of results.
var (
	ReadConfig        = readConfig
	ReadSyncInfo      = readSyncInfo
	ReadExtendedInfo  = readExtendedInfo
	ReadExtendedInfo2 = readExtendedInfo2
)

// ReadRefreshed reads the items of RefreshCacheResult.
func ReadRefreshed(s *soap.Scanner) []RefreshedRevision {
	var revisions []RefreshedRevision
	s.List("RefreshCacheResult", maxAnswerItems, func() { revisions = append(revisions, readRefreshed(s)) })
	return revisions
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
	return exchangeOf(config).seal(serviceUse, sealed{Bearer: bearer, Expires: expires, ConfigChange: configChange})
}

func SealAuthorization(config Config, bearer Bearer, expires time.Time) ([]byte, error) {
	return exchangeOf(config).seal(authorizationUse, sealed{Bearer: bearer, Expires: expires})
}

func CheckService(config Config, cookie []byte, now time.Time) (Bearer, error) {
	x := exchangeOf(config)
	x.now = now
	state, err := x.check(cookie)
	return state.Bearer, err
}

func exchangeOf(config Config) *exchange { return &exchange{config: config, room: new(workspace)} }
