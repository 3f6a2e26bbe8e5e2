package updatepoint

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// secretSize is the length of the site's secret, that of HMAC-SHA256's output.
const secretSize = sha256.Size

// A token is the client's id (16 bytes), the time of its registration (8 bytes, milliseconds) and an HMAC-SHA256 over both, in
// base64url. It names its bearer and cannot be made without the secret. It lives as long as the registration: a client that was
// forgotten and registers again gets another time, so that its old token is void.
const (
	tokenBody   = 16 + 8
	tokenLength = tokenBody + sha256.Size
)

// tokenDomain keeps the MAC of a token from being good for anything else that the secret may seal one day.
const tokenDomain = "client token 1\x00"

var errToken = errors.New("token is not valid")

// seal makes the token of a client.
func (s *Site) seal(c clientRecord) string {
	token := make([]byte, 0, tokenLength)
	id := uuid.MustParse(c.ID)
	token = append(token, id[:]...)
	token = binary.BigEndian.AppendUint64(token, uint64(c.Registered.UnixMilli()))
	token = append(token, s.mac(token)...)
	return base64.RawURLEncoding.EncodeToString(token)
}

// authenticate returns the id of the client that a token was made for.
func (s *Site) authenticate(token string) (string, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenLength) {
		return "", fmt.Errorf("%w: %w", clientagent.ErrNotAuthorized, errToken)
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || !hmac.Equal(data[tokenBody:], s.mac(data[:tokenBody])) {
		return "", fmt.Errorf("%w: %w", clientagent.ErrNotAuthorized, errToken)
	}
	id := uuid.UUID(data[:16]).String()
	registered := time.UnixMilli(int64(binary.BigEndian.Uint64(data[16:tokenBody])))
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c, ok := s.state.clients[id]; !ok || !c.Registered.Equal(registered) {
		return "", fmt.Errorf("%w: client %s is not registered", clientagent.ErrNotAuthorized, id)
	}
	return id, nil
}

func (s *Site) mac(body []byte) []byte {
	h := hmac.New(sha256.New, s.state.secret)
	h.Write([]byte(tokenDomain))
	h.Write(body)
	return h.Sum(nil)
}
