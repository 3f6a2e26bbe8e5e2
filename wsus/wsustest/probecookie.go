package wsustest

import (
	"bytes"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// cookieMissing asks what needs a cookie without one.
func cookieMissing(e *examination) {
	for _, call := range e.callsWithCookie(clientsync.Cookie{}) {
		e.wantFault(call.name+" without a cookie", call.make(), clientsync.InvalidCookie, clientsync.ServerChanged, clientsync.InvalidParameters)
	}
}

// cookieForged asks with a cookie that nobody made, and with one of the server that has one bit changed.
func cookieForged(e *examination) {
	genuine, err := e.cookie(clientsync.Cookie{})
	if err != nil {
		e.blockf("%v", err)
		return
	}
	if len(genuine.EncryptedData) == 0 {
		e.blockf("GetCookie gives a cookie without EncryptedData")
		return
	}
	changed := clientsync.Cookie{Expiration: genuine.Expiration, EncryptedData: slices.Clone(genuine.EncryptedData)}
	changed.EncryptedData[len(changed.EncryptedData)/2] ^= 1
	for name, cookie := range map[string]clientsync.Cookie{"an invented cookie": e.inventedCookie(), "a cookie with one bit changed": changed} {
		for _, call := range e.callsWithCookie(cookie) {
			e.wantFault(call.name+" with "+name, call.make(), clientsync.InvalidCookie, clientsync.ServerChanged)
		}
	}
}

// inventedCookie is one that nobody made.
func (e *examination) inventedCookie() clientsync.Cookie {
	return clientsync.Cookie{Expiration: e.config.Now().Add(time.Hour), EncryptedData: bytes.Repeat([]byte{0x5a}, 200)}
}

// namedCall is a call to make.
type namedCall struct {
	name string
	make func() error
}

// callsWithCookie are the calls of the Client service that check a cookie and change nothing.
func (e *examination) callsWithCookie(c clientsync.Cookie) []namedCall {
	return []namedCall{
		{"SyncUpdates", func() error { _, err := e.client.SyncUpdates(e.ctx, c, clientsync.SyncParameters{}); return err }},
		{"RefreshCache", func() error { _, err := e.client.RefreshCache(e.ctx, c, nil); return err }},
		{"GetExtendedUpdateInfo", func() error {
			_, err := e.client.GetExtendedUpdateInfo(e.ctx, c, clientsync.ExtendedQuery{InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment}})
			return err
		}},
		{"GetFileLocations", func() error { _, _, err := e.client.GetFileLocations(e.ctx, c, nil); return err }},
	}
}

// anchor renews the cookie with the old one and expects the server to remember what the client has seen.
func anchor(e *examination) {
	if !e.wantScan() {
		return
	}
	session := e.agent.Session()
	renewed, err := e.cookie(session.State.Cookie)
	if err != nil {
		e.failf("GetCookie with the old cookie: %v", err)
		return
	}
	answer, err := e.client.SyncUpdates(e.ctx, renewed, e.last)
	if err != nil {
		e.failf("SyncUpdates with the renewed cookie: %v", err)
		return
	}
	if n := len(answer.ChangedUpdates); n > 0 {
		e.failf("after a renewal ChangedUpdates repeats %d of %d cached updates, %d first: GetCookie must take the anchor from oldCookie",
			n, len(listedIn(e.last)), answer.ChangedUpdates[0].ID)
	}
	if len(answer.NewCookie.EncryptedData) == 0 {
		return // sync-new-cookie has it
	}
	answer, err = e.client.SyncUpdates(e.ctx, answer.NewCookie, e.last)
	if err == nil && len(answer.ChangedUpdates) > 0 {
		e.failf("ChangedUpdates names %d in a second call, too, although nothing has changed", answer.ChangedUpdates[0].ID)
	}
}

// cookieExpired waits until the cookie must have expired, and then claims that it has not.
func cookieExpired(e *examination) {
	if !e.wantScan() {
		return
	}
	cookie, err := e.cookie(clientsync.Cookie{})
	if err != nil {
		e.failf("%v", err)
		return
	}
	left := cookie.Expiration.Sub(e.config.Now())
	switch {
	case left <= 0:
		e.failf("a new cookie has expired already, at %s", cookie.Expiration.Format(time.RFC3339))
		return
	case left > e.config.Wait:
		e.skipf("the cookie is good for another %v; to see it expire, let the examination wait that long", left.Round(time.Second))
		return
	}
	timer := time.NewTimer(left + time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-e.ctx.Done():
		return
	}
	_, err = e.client.SyncUpdates(e.ctx, cookie, e.last)
	e.wantFault("SyncUpdates with an expired cookie", err, clientsync.CookieExpired)
	cookie.Expiration = e.config.Now().Add(time.Hour)
	_, err = e.client.SyncUpdates(e.ctx, cookie, e.last)
	e.wantFault("SyncUpdates with an expired cookie that claims to be good", err, clientsync.CookieExpired)
	if renewed, err := e.cookie(cookie); err != nil {
		e.failf("GetCookie with an expired old cookie: %v; it must be taken, it says what the client has seen", err)
	} else if _, err := e.client.SyncUpdates(e.ctx, renewed, e.last); err != nil {
		e.failf("SyncUpdates with a renewed cookie: %v", err)
	}
}
