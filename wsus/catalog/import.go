package catalog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Result says what an import did with each revision.
type Result struct {
	// Generation is the one in force afterwards.
	Generation *Generation
	// Added are the revisions that are new, Unchanged those that were there already with the same document.
	Added, Unchanged []metadata.Identity
	// Conflicts are revisions that the catalogue, or an earlier update of the same import, has with another document. They were
	// refused: a changed update needs a higher revision number.
	Conflicts []metadata.Identity
	// Refused are other revisions that were not taken over, each with its reason.
	Refused []Refusal
}

// Join adds what another import, before this one, did. The Generation stays this one's.
func (r *Result) Join(before Result) {
	r.Added = append(before.Added, r.Added...)
	r.Unchanged = append(before.Unchanged, r.Unchanged...)
	r.Conflicts = append(before.Conflicts, r.Conflicts...)
	r.Refused = append(before.Refused, r.Refused...)
}

// Refusal says why a revision was not taken over. Err wraps ErrInvalid or ErrConflict, or is that of deriving the fragments.
type Refusal struct {
	metadata.Identity
	Title string
	Err   error
}

// Import adds updates, all of them in one new generation; when nothing is new there is none. An update that cannot be taken
// over is named in the result and the rest is imported. The error is for what stops the whole import, and then nothing of it is
// in force. When Import returns nil the generation is synced and in force.
func (c *Catalog) Import(ctx context.Context, updates []*metadata.Update) (Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return Result{}, fmt.Errorf("import: catalogue: %w", fs.ErrClosed)
	case c.failed != nil:
		return Result{}, fmt.Errorf("import: %w: %w", ErrReopen, c.failed)
	}
	i := c.newImporter()
	defer i.writer.abandon()
	for _, u := range updates {
		if err := ctx.Err(); err != nil {
			return Result{}, fmt.Errorf("import: %w", err)
		}
		if err := i.add(u); err != nil {
			return Result{}, fmt.Errorf("import: %w", err)
		}
	}
	i.result.Generation = i.from
	if len(i.result.Added) > 0 {
		if err := c.commit(i); err != nil {
			return Result{}, fmt.Errorf("import: %w", err)
		}
	}
	return i.result, nil
}

// commit makes the new generation durable, step by step, and then visible.
func (c *Catalog) commit(i *importer) error {
	if err := i.writer.close(); err != nil {
		return err
	}
	index := encodeIndex(newGeneration(i.number, i.nextID, i.revisions), i.writer.sizes)
	// The generation in memory is the one that Open will read, and shares nothing with the updates of the caller.
	g, sizes, err := decodeIndex(indexName(i.number), index)
	if err != nil {
		return err
	}
	if err := writeGeneration(c.vol, g.number, index); err != nil {
		return err
	}
	have := len(i.from.segments)
	if err := g.openSegments(c.vol, sizes, i.from.segments); err != nil {
		return err
	}
	if err := swapIn(c.vol); err != nil {
		c.failed = err
		return errors.Join(fmt.Errorf("%w: %w", ErrReopen, err), closeSegments(g.segments[have:]))
	}
	c.now.Store(g)
	c.removeOld(g.number)
	i.result.Generation = g
	return nil
}

// importer collects the revisions of the next generation.
type importer struct {
	from      *Generation
	number    int64
	nextID    int32
	revisions []*Revision
	known     map[metadata.Identity]*Revision // of this import
	files     map[content.SHA1]content.Ref    // of this import
	writer    *segmentWriter
	result    Result
}

func (c *Catalog) newImporter() *importer {
	from := c.Generation()
	sizes := make([]int64, len(from.segments))
	for i, s := range from.segments {
		sizes[i] = s.size
	}
	return &importer{
		from:      from,
		number:    from.number + 1,
		nextID:    from.nextID,
		revisions: from.next(),
		known:     make(map[metadata.Identity]*Revision),
		files:     make(map[content.SHA1]content.Ref),
		writer:    newSegmentWriter(c.vol, sizes, c.limit),
	}
}
