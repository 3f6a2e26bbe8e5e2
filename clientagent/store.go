package clientagent

import (
	"context"
	"iter"
)

// Store keeps what an agent must not lose: a few hundred small records. Methods are safe for concurrent use; what is acknowledged survives a
// crash. Every backend passes storagetest.Records.
type Store interface {
	// Get answers ErrNotFound for a key that is not there.
	Get(ctx context.Context, key string) ([]byte, error)
	// Put writes all or nothing; a nil value deletes its key.
	Put(ctx context.Context, records map[string][]byte) error
	// List yields the keys that begin with prefix, in order, with their values.
	List(ctx context.Context, prefix string) iter.Seq2[Record, error]
}

// Record is one key with its value.
type Record struct {
	Key   string
	Value []byte
}
