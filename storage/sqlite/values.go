package sqlite

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Times are kept as microseconds since 1970, in which the years fit that Go knows; the zero time stays zero.
func micros(t time.Time) int64 { return t.UnixMicro() }

func fromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

// asKept is a time as it will be read again.
func asKept(t time.Time) time.Time { return fromMicros(micros(t)) }

// blob makes an empty value of nil, which would be NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// packStrings writes a list of opaque strings, each with its length before it.
func packStrings(list []string) []byte {
	packed := []byte{}
	for _, text := range list {
		packed = binary.AppendUvarint(packed, uint64(len(text)))
		packed = append(packed, text...)
	}
	return packed
}

func unpackStrings(packed []byte) ([]string, error) {
	var list []string
	for len(packed) > 0 {
		length, n := binary.Uvarint(packed)
		if n <= 0 || length > uint64(len(packed)-n) {
			return nil, errors.New("damaged list of strings")
		}
		list = append(list, string(packed[n:n+int(length)]))
		packed = packed[n+int(length):]
	}
	return list, nil
}

// packIDs writes a list of ids, one after the other.
func packIDs(ids []uuid.UUID) []byte {
	packed := make([]byte, 0, len(ids)*len(uuid.UUID{}))
	for _, id := range ids {
		packed = append(packed, id[:]...)
	}
	return packed
}

func unpackIDs(packed []byte) ([]uuid.UUID, error) {
	if len(packed)%len(uuid.UUID{}) != 0 {
		return nil, errors.New("damaged list of ids")
	}
	var list []uuid.UUID
	for ; len(packed) > 0; packed = packed[len(uuid.UUID{}):] {
		list = append(list, uuid.UUID(packed[:len(uuid.UUID{})]))
	}
	return list, nil
}
