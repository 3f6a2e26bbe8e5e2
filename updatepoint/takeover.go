package updatepoint

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// collect reads all updates of a WSUS server, so that a failure in the middle changes nothing.
func collect(ctx context.Context, server WSUS) (map[uuid.UUID]Update, error) {
	offered := map[uuid.UUID]Update{}
	for u, err := range server.Updates(ctx) {
		if err != nil {
			return nil, err
		}
		if len(offered) >= MaxUpdates {
			return nil, fmt.Errorf("more than %d updates", MaxUpdates)
		}
		if earlier, ok := offered[u.ID]; ok && earlier.Revision >= u.Revision {
			continue
		}
		offered[u.ID] = u
	}
	return offered, nil
}

var errChangedMeanwhile = errors.New("software update point was changed meanwhile")

// holds tells that nothing has changed since the last synchronization of this point.
func (s *Site) holds(c Content) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.sync.Holds && s.state.sync.CatalogState == c.Version
}

// syncDone writes the outcome of a synchronization in one step; offered is nil when nothing has changed. A point that was removed
// meanwhile discards it.
func (s *Site) syncDone(ctx context.Context, point *Point, content Content, offered map[uuid.UUID]Update) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if current, err := s.connected(ctx); err != nil || current != point {
		return errors.Join(err, errChangedMeanwhile)
	}
	record := s.syncState(SyncDone, "")
	record.LastSuccess = record.LastStateTime
	writes := changes{}
	var put []Update
	var gone []uuid.UUID
	if offered != nil {
		record.Holds, record.CatalogState = true, content.Version
		record.ContentVersion++
		put, gone = s.difference(offered, record.ContentVersion)
	}
	for _, u := range put {
		writes[updateKey(u.ID)] = u
	}
	for _, id := range gone {
		writes[updateKey(id)] = nil
	}
	status := s.withStatus(SyncDone, "Synchronization done.")
	writes[keySync], writes[keyStatus] = record, status
	return s.commit(ctx, writes, func(st *state) {
		st.sync, st.status = record, status
		for _, u := range put {
			st.updates[u.ID] = u
		}
		for _, id := range gone {
			delete(st.updates, id)
		}
	})
}

// difference returns which updates are new or changed, and which are gone. A deployed update is never deleted: it expires.
func (s *Site) difference(offered map[uuid.UUID]Update, contentVersion int64) (put []Update, gone []uuid.UUID) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for id, u := range offered {
		have, ok := s.state.updates[id]
		u.Since = contentVersion
		if ok {
			u.Since = have.Since
		}
		if u != have {
			put = append(put, u)
		}
	}
	deployed := map[uuid.UUID]bool{}
	for _, d := range s.state.deployments {
		for _, id := range d.Updates {
			deployed[id] = true
		}
	}
	for id, have := range s.state.updates {
		switch _, ok := offered[id]; {
		case ok:
		case !deployed[id]:
			gone = append(gone, id)
		case !have.Expired:
			have.Expired = true
			put = append(put, have)
		}
	}
	return put, gone
}

func updateKey(id uuid.UUID) string { return keyUpdates + id.String() }
