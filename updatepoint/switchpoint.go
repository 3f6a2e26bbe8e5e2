package updatepoint

import (
	"context"
	"fmt"
	"strings"
)

// SwitchToNextSoftwareUpdatePoint is the client notification of that name: the present members of a collection take another
// software update point with their next scan cycle after they got it with their policy. A client that knows only one stays with
// it. It returns how many clients are meant. ErrUnknownCollection answers for a collection that is not there.
func (s *Site) SwitchToNextSoftwareUpdatePoint(ctx context.Context, collection string) (clients int, err error) {
	s.changing.Lock()
	defer s.changing.Unlock()
	ids, number, err := s.switching(ctx, collection)
	if err != nil {
		return 0, fmt.Errorf("switch to next software update point: %w", err)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	c := make(changes, len(ids))
	for _, id := range ids {
		c[keySwitches+id] = switchRecord{Client: id, Number: number}
	}
	err = s.commit(ctx, c, func(st *state) {
		for _, id := range ids {
			st.switches[id] = number
		}
	})
	if err != nil {
		return 0, fmt.Errorf("switch to next software update point: %w", err)
	}
	s.log.Info("clients shall switch to the next software update point", "site", s.Code(), "collection", collection, "clients", len(ids))
	return len(ids), nil
}

// switchRecord is the last switch that a client was notified of; its number is that of no other.
type switchRecord struct {
	Client string `json:"client"`
	Number int64  `json:"number"`
}

func (s *Site) switching(ctx context.Context, collection string) (ids []string, number int64, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return nil, 0, err
	}
	st := &s.state
	if _, there := st.collections[strings.ToLower(collection)]; !there && !strings.EqualFold(collection, AllSystems) {
		return nil, 0, fmt.Errorf("%w: %s", ErrUnknownCollection, collection)
	}
	for id, client := range st.clients {
		if st.inCollection(collection, client) {
			ids = append(ids, id)
		}
	}
	return ids, st.policyVersion + 1, nil
}
