package catalog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
)

// Catalog is an open catalogue. Methods are safe for concurrent use: readers never wait, imports take turns.
type Catalog struct {
	vol   Volume
	limit int64 // of a segment
	now   atomic.Pointer[Generation]

	mu     sync.Mutex // of what follows, and of imports
	closed bool
	failed error // of a swap: see ErrReopen
}

// Open opens the catalogue of a volume, and makes an empty one where there is none. It checks the index of the generation in
// force as a whole, and that its segments are there to their end; fragments are checked as they are read, or all at once by
// [Catalog.Check]. Damage is a [*DamageError]. Close the catalogue after use.
func Open(ctx context.Context, vol Volume) (*Catalog, error) { return open(ctx, vol, SegmentLimit) }

func open(ctx context.Context, vol Volume, limit int64) (*Catalog, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open catalogue: %w", err)
	}
	g, err := load(vol)
	if err != nil {
		return nil, fmt.Errorf("open catalogue: %w", err)
	}
	if g.lacksDrivers {
		if err := g.readDrivers(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("open catalogue: %w", err), closeSegments(g.segments))
		}
	}
	c := &Catalog{vol: vol, limit: limit}
	c.now.Store(g)
	c.removeOld(g.number)
	return c, nil
}

func load(vol Volume) (*Generation, error) {
	// A process that ended in the middle of a swap may have left names in the page cache only. Ids that are handed out from now
	// on must survive.
	if err := vol.SyncDir(); err != nil {
		return nil, err
	}
	g, sizes, err := loadGeneration(vol)
	if errors.Is(err, fs.ErrNotExist) {
		return create(vol)
	}
	if err != nil {
		return nil, err
	}
	return g, g.openSegments(vol, sizes, nil)
}

// create writes generation 0 before there can be any segment. A segment without CURRENT is therefore a catalogue that has lost
// it, and not one that is new.
func create(vol Volume) (*Generation, error) {
	if r, err := vol.Open(segmentName(0)); err == nil {
		return nil, errors.Join(&DamageError{File: currentName, Reason: "it is missing, though there is " + segmentName(0)}, r.Close())
	}
	g := newGeneration(0, 1, nil)
	if err := writeGeneration(vol, g.number, encodeIndex(g, nil)); err != nil {
		return nil, err
	}
	return g, swapIn(vol)
}

// openSegments gives a generation its segments, of which some may be open already.
func (g *Generation) openSegments(vol Volume, sizes []int64, have []segment) error {
	for i, size := range sizes {
		if i < len(have) {
			g.segments = append(g.segments, segment{reader: have[i].reader, size: size})
			continue
		}
		s, err := openSegment(vol, i, size)
		if err != nil {
			closeSegments(g.segments[min(i, len(have)):])
			return err
		}
		g.segments = append(g.segments, s)
	}
	return nil
}

func closeSegments(segments []segment) error {
	var errs []error
	for _, s := range segments {
		errs = append(errs, s.reader.Close())
	}
	return errors.Join(errs...)
}

// Generation returns the state of the catalogue that is in force. Hold on to one for the length of a request.
func (c *Catalog) Generation() *Generation { return c.now.Load() }

// Close closes the segments: generations can be asked what their index knows, and texts can be read no more.
func (c *Catalog) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	return closeSegments(c.Generation().segments)
}

// removeOld removes the index before the one in force, and one that was never swapped in. What cannot be removed is in
// nobody's way: the next import tries again, or overwrites it.
func (c *Catalog) removeOld(number int64) {
	_ = c.vol.Remove(currentTemp)
	if number > 0 {
		_ = c.vol.Remove(indexName(number - 1))
	}
	_ = c.vol.Remove(indexName(number + 1))
}
