package clientsync

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// The two uses of sealed state. They are part of what is authenticated: a cookie of one use does not open as the other.
const (
	authorizationUse = "authorization"
	serviceUse       = "service"
)

// cookieVersion is the first byte of every cookie. The identity of the server follows in clear, authenticated; then the nonce
// and the sealed state.
const (
	cookieVersion = 1
	headerSize    = 1 + len(uuid.UUID{})
	nonceSize     = 12
	keySize       = 32
)

// maxCookie is more than the largest cookie that seal makes.
const maxCookie = 20 << 10

// seal makes a cookie with AES-256-GCM, valid until the exchange ends or seals another. Nonces are random: a key is good for
// 2^32 cookies.
func (x *exchange) seal(use string, state sealed) ([]byte, error) {
	plain, err := state.marshal(x.room.plain[:0])
	if err != nil {
		return nil, fmt.Errorf("seal a cookie: %w", err)
	}
	x.room.plain = plain
	aead, err := x.room.sealer.of(x.config.CookieKey)
	if err != nil {
		return nil, fmt.Errorf("seal a cookie: %w", err)
	}
	cookie := slices.Grow(x.room.sealed[:0], headerSize+nonceSize+len(plain)+aead.Overhead())[:headerSize+nonceSize]
	cookie[0] = cookieVersion
	copy(cookie[1:], x.config.ServerID[:])
	nonce := cookie[headerSize:]
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("seal a cookie: %w", err)
	}
	x.room.sealed = aead.Seal(cookie, nonce, plain, x.associated(cookie, use))
	return x.room.sealed, nil
}

// unseal opens a cookie of the use, expired or not. The fault does not tell why a cookie is not good: whoever tries
// variations learns nothing from it.
func (x *exchange) unseal(use string, cookie []byte) (sealed, error) {
	if len(cookie) < headerSize+nonceSize || len(cookie) > maxCookie || cookie[0] != cookieVersion {
		return sealed{}, &Fault{Code: InvalidCookie}
	}
	if uuid.UUID(cookie[1:headerSize]) != x.config.ServerID {
		return sealed{}, &Fault{Code: ServerChanged}
	}
	aead, err := x.room.sealer.of(x.config.CookieKey)
	if err != nil {
		return sealed{}, fmt.Errorf("open a cookie: %w", err)
	}
	nonce, body := cookie[headerSize:headerSize+nonceSize], cookie[headerSize+nonceSize:]
	plain, err := aead.Open(x.room.plain[:0], nonce, body, x.associated(cookie, use))
	if err != nil {
		return sealed{}, &Fault{Code: InvalidCookie}
	}
	x.room.plain = plain
	var state sealed
	if err := state.unmarshal(plain); err != nil {
		return sealed{}, &Fault{Code: InvalidCookie}
	}
	return state, nil
}

// check is the one check of service cookies, for all operations that take one (MS-WUSP §3.1.5): can it be read, is it of this
// server, has it expired, is its configuration current.
func (x *exchange) check(cookie []byte) (sealed, error) {
	state, err := x.unseal(serviceUse, cookie)
	switch {
	case err != nil:
		return sealed{}, err
	case !x.now.Before(state.Expires):
		return sealed{}, &Fault{Code: CookieExpired}
	case !state.ConfigChange.Equal(onWire(x.config.LastChange)):
		return sealed{}, &Fault{Code: ConfigChanged}
	}
	return state, nil
}

// associated is what a cookie's seal covers beside its state: its beginning, and what it is for.
func (x *exchange) associated(cookie []byte, use string) []byte {
	x.room.associated = append(append(x.room.associated[:0], cookie[:headerSize]...), use...)
	return x.room.associated
}

func (s *sealer) of(key []byte) (cipher.AEAD, error) {
	if s.aead != nil && bytes.Equal(s.key[:], key) {
		return s.aead, nil
	}
	if len(key) != keySize {
		return nil, errors.New("the cookie key is not 32 bytes long")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	copy(s.key[:], key)
	s.aead = aead
	return aead, nil
}

// onWire is a time with the precision that it is printed with.
func onWire(t time.Time) time.Time { return t.UTC().Truncate(100 * time.Nanosecond) }
