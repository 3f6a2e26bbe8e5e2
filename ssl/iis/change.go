package iis

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// Change is what [Config.Apply] did. It is data: kept as JSON, it undoes the edits later; only [Change.Diff] needs the
// configurations and answers nothing for a Change that was read back.
type Change struct {
	// Before and After are the SHA-256 of the file before and after, in hexadecimal.
	Before string `json:"before"`
	After  string `json:"after"`
	// Splices are in order and do not overlap; none means that every wish held before.
	Splices []Splice `json:"splices"`

	old *Config
}

// Splice is one replaced run of bytes of a configuration. Offsets are of the file as UTF-8 without byte order mark, whatever
// its encoding.
type Splice struct {
	// Line and Offset are where it is in the file before the change, counted from 1 and from 0.
	Line   int `json:"line"`
	Offset int `json:"offset"`
	// Removed stood there before, Added stands there now.
	Removed string `json:"removed,omitempty"`
	Added   string `json:"added,omitempty"`
}

// ErrOtherConfig says that a change cannot be undone in a configuration, since it is not the one that the change made.
var ErrOtherConfig = errors.New("not the configuration that the change made")

// Empty says that no byte was changed.
func (ch Change) Empty() bool { return len(ch.Splices) == 0 }

// Undo takes the change back and returns a configuration with the original bytes. It refuses every configuration but the one
// that the change made, byte for byte, with an error wrapping ErrOtherConfig.
func (ch Change) Undo(c *Config) (*Config, error) {
	if digest(c.raw) != ch.After {
		return nil, fmt.Errorf("undo: %w: it was changed since, edit it anew or restore a backup", ErrOtherConfig)
	}
	back := make([]splice, 0, len(ch.Splices))
	shift := 0
	for _, s := range ch.Splices {
		start := s.Offset + shift
		if end := start + len(s.Added); start < 0 || end > len(c.text) || string(c.text[start:end]) != s.Added {
			return nil, fmt.Errorf("undo: the record of the change is damaged at line %d", s.Line)
		}
		back = append(back, splice{start, start + len(s.Added), s.Removed})
		shift += len(s.Added) - len(s.Removed)
	}
	old, err := c.spliced(back)
	if err != nil {
		return nil, fmt.Errorf("undo: %w", err)
	}
	if digest(old.raw) != ch.Before {
		return nil, errors.New("undo: the record of the change is damaged: it does not lead to the original")
	}
	return old, nil
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
