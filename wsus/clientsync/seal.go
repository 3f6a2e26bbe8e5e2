package clientsync

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
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

// seal makes a cookie with AES-256-GCM. Nonces are random: a key is good for 2^32 cookies.
func seal(config Config, use string, state sealed) ([]byte, error) {
	plain, err := state.marshal()
	if err != nil {
		return nil, fmt.Errorf("seal a cookie: %w", err)
	}
	aead, err := newAEAD(config)
	if err != nil {
		return nil, fmt.Errorf("seal a cookie: %w", err)
	}
	cookie := make([]byte, headerSize+nonceSize, headerSize+nonceSize+len(plain)+aead.Overhead())
	cookie[0] = cookieVersion
	copy(cookie[1:], config.ServerID[:])
	nonce := cookie[headerSize:]
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("seal a cookie: %w", err)
	}
	return aead.Seal(cookie, nonce, plain, associated(cookie, use)), nil
}

// unseal opens a cookie of the use, expired or not. The fault does not tell why a cookie is not good: whoever tries
// variations learns nothing from it.
func unseal(config Config, use string, cookie []byte) (sealed, error) {
	if len(cookie) < headerSize+nonceSize || len(cookie) > maxCookie || cookie[0] != cookieVersion {
		return sealed{}, &Fault{Code: InvalidCookie}
	}
	if uuid.UUID(cookie[1:headerSize]) != config.ServerID {
		return sealed{}, &Fault{Code: ServerChanged}
	}
	aead, err := newAEAD(config)
	if err != nil {
		return sealed{}, fmt.Errorf("open a cookie: %w", err)
	}
	nonce, body := cookie[headerSize:headerSize+nonceSize], cookie[headerSize+nonceSize:]
	plain, err := aead.Open(nil, nonce, body, associated(cookie, use))
	if err != nil {
		return sealed{}, &Fault{Code: InvalidCookie}
	}
	var state sealed
	if err := state.unmarshal(plain); err != nil {
		return sealed{}, &Fault{Code: InvalidCookie}
	}
	return state, nil
}

// check is the one check of service cookies, for all operations that take one (MS-WUSP §3.1.5): can it be read, is it of this
// server, has it expired, is its configuration current.
func check(config Config, cookie []byte, now time.Time) (sealed, error) {
	state, err := unseal(config, serviceUse, cookie)
	switch {
	case err != nil:
		return sealed{}, err
	case !now.Before(state.Expires):
		return sealed{}, &Fault{Code: CookieExpired}
	case !state.ConfigChange.Equal(onWire(config.LastChange)):
		return sealed{}, &Fault{Code: ConfigChanged}
	}
	return state, nil
}

func associated(cookie []byte, use string) []byte {
	return append(append(make([]byte, 0, headerSize+len(use)), cookie[:headerSize]...), use...)
}

func newAEAD(config Config) (cipher.AEAD, error) {
	if len(config.CookieKey) != keySize {
		return nil, errors.New("the cookie key is not 32 bytes long")
	}
	block, err := aes.NewCipher(config.CookieKey)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// onWire is a time with the precision that it is printed with.
func onWire(t time.Time) time.Time { return t.UTC().Truncate(100 * time.Nanosecond) }
