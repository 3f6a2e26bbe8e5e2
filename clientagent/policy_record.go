package clientagent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"weak"
)

// decodedPolicy is the policy record with what is in it. Nobody changes it.
type decodedPolicy struct {
	record []byte
	policy Policy
}

// readPolicy reads the policy from the store. A large one takes longer to decode than a step with nothing to do otherwise does;
// so the last is kept as long as the memory is not needed for anything else. An idle agent holds none.
func (a *Agent) readPolicy(ctx context.Context) (Policy, error) {
	record, err := a.store.Get(ctx, keyPolicy)
	if errors.Is(err, ErrNotFound) {
		return Policy{}, nil
	}
	if err != nil {
		return Policy{}, fmt.Errorf("read record %s: %w", keyPolicy, err)
	}
	if last := a.decoded.Value(); last != nil && bytes.Equal(last.record, record) {
		return last.policy, nil
	}
	decoded := &decodedPolicy{record: record}
	if err := json.Unmarshal(record, &decoded.policy); err != nil {
		return Policy{}, fmt.Errorf("read record %s: %w", keyPolicy, err)
	}
	a.decoded = weak.Make(decoded)
	return decoded.policy, nil
}
