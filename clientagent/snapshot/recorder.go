package snapshot

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// Recorder passes questions on to the facts of a machine and remembers each answer, so that what rules wanted to know can be
// stored and asked again elsewhere: with [Recorder.Machine] a snapshot tells exactly what was asked, and nothing else. It implements
// [applicability.Facts] and [applicability.WMI], and is safe for concurrent use.
type Recorder struct {
	facts applicability.Facts
	name  string

	mu    sync.Mutex
	state *state
}

// Record makes a Recorder of the machine of that DNS name.
func Record(name string, facts applicability.Facts) *Recorder {
	s := newState()
	s.name, s.asked = name, newAsked()
	return &Recorder{facts: facts, name: name, state: s}
}

// Machine is a snapshot of what has been asked until now. A fact that nobody asked for answers a [*NotRecordedError], so that a
// rule that needs it is unknown, not false. The error is that of the system's own facts, which every snapshot has.
func (r *Recorder) Machine(ctx context.Context) (*Machine, error) {
	if _, err := r.System(ctx); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state.clone()
	s.asked = s.asked.clone()
	s.wmi = make(map[string]namespace, len(r.state.wmi))
	for name, n := range r.state.wmi {
		s.wmi[name] = namespace{n.name, maps.Clone(n.queries)}
	}
	return machineOf(s), nil
}

// System implements [applicability.Facts].
func (r *Recorder) System(ctx context.Context) (applicability.System, error) {
	system, err := r.facts.System(ctx)
	if err == nil {
		r.note(func(s *state) { s.system = system })
	}
	return system, err
}

// Registry implements [applicability.Facts].
func (r *Recorder) Registry(ctx context.Context, view applicability.View, path string) (applicability.Key, error) {
	system, err := r.System(ctx) // its architecture says where the 32-bit view lies
	if err != nil {
		return applicability.Key{}, err
	}
	k, err := r.facts.Registry(ctx, view, path)
	r.noteUnlessFailed(err, func(s *state) {
		native := viewedBy(system.Architecture, view, path)
		s.asked.registry[fold(native)] = native
		if err != nil {
			return
		}
		key := s.registry.make(native)
		for name, v := range k.Values {
			key.set(name, v)
		}
		for _, below := range k.Subkeys {
			key.make(below)
		}
	})
	return k, err
}

// File implements [applicability.Facts].
func (r *Recorder) File(ctx context.Context, path string) (applicability.File, error) {
	f, err := r.facts.File(ctx, path)
	r.noteUnlessFailed(err, func(s *state) {
		s.asked.files[fold(path)] = path
		if err != nil {
			return
		}
		kept := file{path: path, size: f.Size, created: f.Created, modified: f.Modified, language: f.Language}
		if f.HasVersion {
			version := applicability.Version(f.Version)
			kept.version = &version
		}
		s.files[fold(path)] = kept
	})
	return f, err
}

// Product implements [applicability.Facts].
func (r *Recorder) Product(ctx context.Context, code string) (applicability.Product, error) {
	p, err := r.facts.Product(ctx, code)
	r.noteUnlessFailed(err, func(s *state) {
		s.asked.products[fold(code)] = code
		if err == nil {
			s.products[fold(code)] = product{code: code, version: p.Version, language: p.Language,
				features: slices.Clone(p.Features), components: slices.Clone(p.Components), patches: slices.Clone(p.Patches),
				superseded: slices.Clone(p.Superseded), upgradeCode: p.UpgradeCode, sequences: maps.Clone(p.Sequences)}
		}
	})
	return p, err
}

// Package implements [applicability.Facts].
func (r *Recorder) Package(ctx context.Context, identity string) (int, error) {
	current, err := r.facts.Package(ctx, identity)
	r.noteUnlessFailed(err, func(s *state) {
		s.asked.packages[fold(identity)] = identity
		if err == nil {
			s.packages[fold(identity)] = pack{identity, current}
		}
	})
	return current, err
}

// Query implements [applicability.WMI].
func (r *Recorder) Query(ctx context.Context, space, wql string) (int, error) {
	wmi, ok := r.facts.(applicability.WMI)
	if !ok {
		return 0, errors.New("the machine answers no WMI queries")
	}
	count, err := wmi.Query(ctx, space, wql)
	if err == nil {
		r.note(func(s *state) {
			n, ok := s.wmi[fold(space)]
			if !ok {
				n = namespace{space, map[string]query{}}
				s.wmi[fold(space)] = n
			}
			n.queries[normal(wql)] = query{text: wql, count: count}
		})
	}
	return count, err
}

func (r *Recorder) note(change func(*state)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(r.state)
}

// noteUnlessFailed keeps answers, and that something is absent; a question that could not be answered stays open.
func (r *Recorder) noteUnlessFailed(err error, change func(*state)) {
	if err == nil || errors.Is(err, applicability.ErrNotFound) {
		r.note(change)
	}
}
