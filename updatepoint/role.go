package updatepoint

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
)

// pointRecord is what the store keeps of the role: all but the connection.
type pointRecord struct {
	Server string     `json:"server"`
	Ports  ports.Pair `json:"ports"`
	// SSL says that the five virtual roots need TLS (SSLWSUS).
	SSL     bool      `json:"ssl"`
	Version string    `json:"version"`
	Added   time.Time `json:"added"`
}

// AddSoftwareUpdatePoint gives the role to a server, made a site system when it is none yet, and configures its WSUS. It is
// refused with every reason at once, as a *multierror.Error that unwraps to the errors of this package.
//
// Called again for the same server it applies changed settings; after a restart of the program it gives the role its connection
// back. A fault of the channel does not refuse the role: Point.Channel tells it, and synchronization waits until it is gone.
func (s *Site) AddSoftwareUpdatePoint(ctx context.Context, set Settings) (*Point, error) {
	var faults *multierror.Error
	set = set.secured(s.config.Mode)
	found, err := set.check(ctx, s.config.Mode)
	if err != nil {
		faults = multierror.Append(faults, err)
	}
	s.changing.Lock()
	point, err := s.install(ctx, set, found, faults)
	s.changing.Unlock()
	if err != nil {
		return nil, fmt.Errorf("add software update point: %w", err)
	}
	s.log.Info("software update point added", "site", s.Code(), "server", set.Server, "ssl", set.SSL.Required)
	point.Reconcile(ctx)
	return point, nil
}

// install writes the role unless there are faults. The caller holds changing.
func (s *Site) install(ctx context.Context, set Settings, found Detection, faults *multierror.Error) (*Point, error) {
	s.mu.RLock()
	have, point, sync := s.state.point, s.point, s.state.sync
	s.mu.RUnlock()
	if have != nil && !strings.EqualFold(have.Server, set.Server) {
		faults = multierror.Append(faults, fmt.Errorf("%w: %s has the role: remove it there first, also to give the server another name",
			ErrSecondPoint, have.Server))
	}
	if err := faults.ErrorOrNil(); err != nil {
		return nil, err
	}
	record := &pointRecord{Server: set.Server, Ports: set.Ports, SSL: set.SSL.Required, Version: found.Version, Added: s.now()}
	writes := changes{keyPoint: record}
	if have != nil {
		record.Added = have.Added
		if have.Ports != record.Ports || have.SSL != record.SSL {
			// The location of WSUS has changed: the next synchronization copies everything.
			sync.CatalogState = ""
			writes[keySync] = sync
		}
	}
	system := systemRecord{Name: set.Server, Added: record.Added}
	added := !s.hasSystem(set.Server)
	if added {
		writes[systemKey(set.Server)] = system
	}
	if point == nil {
		point = &Point{site: s}
	}
	err := s.commit(ctx, writes, func(st *state) {
		st.point, s.point, st.sync = record, point, sync
		if added {
			st.systems[strings.ToLower(set.Server)] = system
		}
		point.apply(set)
		s.changed.fire()
	})
	return point, err
}

// RemoveSoftwareUpdatePoint takes the role away and closes its listeners. The site system, clients, collections, deployments and
// synchronized updates stay; until the role is added again they answer ErrNoSoftwareUpdatePoint, as does removing it twice.
func (s *Site) RemoveSoftwareUpdatePoint(ctx context.Context) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.mu.RLock()
	err := s.installed(ctx)
	record := s.state.sync
	s.mu.RUnlock()
	if err != nil {
		return fmt.Errorf("remove software update point: %w", err)
	}
	record.Holds = false
	err = s.commit(ctx, changes{keyPoint: nil, keySync: record}, func(st *state) {
		st.point, st.sync = nil, record
		if s.point != nil {
			s.point.retire()
		}
		s.point = nil
		s.changed.fire()
	})
	if err != nil {
		return fmt.Errorf("remove software update point: %w", err)
	}
	s.concluded.fire()
	s.log.Info("software update point removed", "site", s.Code())
	return nil
}

// SoftwareUpdatePoint returns the role's point. It answers ErrNoSoftwareUpdatePoint without the role and ErrNotConnected after a
// restart, until the role is added again.
func (s *Site) SoftwareUpdatePoint(ctx context.Context) (*Point, error) { return s.connected(ctx) }

// installed answers ErrNoSoftwareUpdatePoint without the role. The caller holds mu.
func (s *Site) installed(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.state.point == nil {
		return ErrNoSoftwareUpdatePoint
	}
	return nil
}

func (s *Site) connected(ctx context.Context) (*Point, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return nil, err
	}
	if s.point == nil {
		return nil, ErrNotConnected
	}
	return s.point, nil
}
