package updatepoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// Keys of the store. A key that ends in a slash is a prefix.
const (
	keySite        = "site"
	keySecret      = "secret"
	keyPoint       = "point"
	keySettings    = "settings"
	keySync        = "sync"
	keyStatus      = "status"
	keySystems     = "system/"
	keyUpdates     = "update/"
	keyClients     = "client/"
	keyCollections = "collection/"
	keyDeployments = "deployment/"
	keyCustom      = "settings/"
	keySwitches    = "switch/"
	keyPolicy      = "policy"
	keyRunTimes    = "runtimes"
)

// state is all of the site that the store holds. The maps are changed in place under Site.mu.
type state struct {
	site        siteRecord
	secret      []byte
	point       *pointRecord
	settings    clientagent.Settings
	sync        syncRecord
	status      []StatusMessage
	systems     map[string]systemRecord
	updates     map[uuid.UUID]Update
	clients     map[string]clientRecord
	collections map[string]memberSet
	deployments map[uuid.UUID]deploymentRecord
	// runTimes are the maximum run times that were set.
	runTimes map[uuid.UUID]time.Duration
	custom   map[string]CustomSettings // by name in lower case
	switches map[string]int64          // by client
	// policyVersion counts the changes of what clients are told.
	policyVersion int64
}

type siteRecord struct {
	Code string `json:"code"`
	// UpdateSource is the id of what clients scan against.
	UpdateSource uuid.UUID `json:"updateSource"`
	Created      time.Time `json:"created"`
}

// load reads the store, or writes the first records of a new site.
func (s *Site) load(ctx context.Context, code string) error {
	st := &s.state
	st.systems = map[string]systemRecord{}
	st.updates = map[uuid.UUID]Update{}
	st.clients = map[string]clientRecord{}
	st.collections = map[string]memberSet{}
	st.deployments = map[uuid.UUID]deploymentRecord{}
	st.custom = map[string]CustomSettings{}
	st.switches = map[string]int64{}

	found, err := get(ctx, s.config.Store, keySite, &st.site)
	if err != nil {
		return err
	}
	if !found {
		return s.create(ctx, code)
	}
	if st.site.Code != code {
		return fmt.Errorf("%w: %s", ErrSiteMismatch, st.site.Code)
	}
	single := []struct {
		key string
		to  any
	}{
		{keySecret, &st.secret}, {keyPoint, &st.point}, {keySettings, &st.settings}, {keySync, &st.sync}, {keyStatus, &st.status},
		{keyPolicy, &st.policyVersion},
		{keyRunTimes, &st.runTimes},
	}
	for _, record := range single {
		if _, err := get(ctx, s.config.Store, record.key, record.to); err != nil {
			return err
		}
	}
	if len(st.secret) != secretSize {
		return fmt.Errorf("record %q: want %d bytes, have %d", keySecret, secretSize, len(st.secret))
	}
	return errors.Join(
		list(ctx, s.config.Store, keySystems, func(r systemRecord) { st.systems[strings.ToLower(r.Name)] = r }),
		list(ctx, s.config.Store, keyUpdates, func(u Update) { st.updates[u.ID] = u }),
		list(ctx, s.config.Store, keyClients, func(r clientRecord) { st.clients[r.ID] = r }),
		list(ctx, s.config.Store, keyCollections, func(c Collection) { st.collections[strings.ToLower(c.Name)] = newMemberSet(c) }),
		list(ctx, s.config.Store, keyDeployments, func(r deploymentRecord) { st.deployments[r.ID] = r }),
		list(ctx, s.config.Store, keyCustom, func(c CustomSettings) { st.custom[strings.ToLower(c.Name)] = c }),
		list(ctx, s.config.Store, keySwitches, func(r switchRecord) { st.switches[r.Client] = r.Number }),
	)
}

// create writes who the site is and its secret.
func (s *Site) create(ctx context.Context, code string) error {
	secret := make([]byte, secretSize)
	if _, err := io.ReadFull(s.config.Random, secret); err != nil {
		return fmt.Errorf("make secret: %w", err)
	}
	source, err := uuid.NewRandomFromReader(s.config.Random)
	if err != nil {
		return fmt.Errorf("make update source: %w", err)
	}
	site := siteRecord{Code: code, UpdateSource: source, Created: s.now()}
	return s.commit(ctx, changes{keySite: site, keySecret: secret}, func(st *state) { st.site, st.secret = site, secret })
}

// changes are records to write; nil deletes.
type changes map[string]any

// commit writes records and then makes them visible. A write that has begun is finished even when ctx ends, so that memory and
// store never differ. The caller holds the mutex that serializes changes of these records.
func (s *Site) commit(ctx context.Context, c changes, apply func(*state)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	records := make(map[string][]byte, len(c))
	for key, value := range c {
		if value == nil {
			records[key] = nil
			continue
		}
		data, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("record %q: %w", key, err)
		}
		records[key] = data
	}
	version, changed := s.versioned(c)
	if changed {
		records[keyPolicy] = strconv.AppendInt(nil, version, 10)
	}
	if err := s.config.Store.Put(context.WithoutCancel(ctx), records); err != nil {
		return fmt.Errorf("write to the store: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	apply(&s.state)
	if changed {
		s.state.policyVersion = version
	}
	return nil
}

// get reads one record and tells whether it is there.
func get(ctx context.Context, store Store, key string, to any) (bool, error) {
	data, err := store.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("record %q: %w", key, err)
	}
	if err := json.Unmarshal(data, to); err != nil {
		return false, fmt.Errorf("record %q: %w", key, err)
	}
	return true, nil
}

// list reads all records under a prefix.
func list[T any](ctx context.Context, store Store, prefix string, add func(T)) error {
	for record, err := range store.List(ctx, prefix) {
		if err != nil {
			return fmt.Errorf("records %q: %w", prefix, err)
		}
		var value T
		if err := json.Unmarshal(record.Value, &value); err != nil {
			return fmt.Errorf("record %q: %w", record.Key, err)
		}
		add(value)
	}
	return nil
}
