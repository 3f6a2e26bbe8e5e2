package catalog

import (
	"context"
	"fmt"

	"github.com/hashicorp/go-multierror"
)

// Check reads every text of the generation in force and compares the checksums. It answers all damage at once, as a
// *multierror.Error of [*DamageError] values, each wrapped with the revision it belongs to; nil means that all is as written.
func (c *Catalog) Check(ctx context.Context) error {
	g := c.Generation()
	var faults *multierror.Error
	var buf []byte
	for _, r := range g.revisions {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("check catalogue: %w", err)
		}
		spans := []span{r.stored.core, r.stored.extended, r.stored.document}
		for _, l := range r.stored.localized {
			spans = append(spans, l.text)
		}
		for _, s := range spans {
			var err error
			if buf, err = g.read(buf[:0], s); err != nil {
				faults = multierror.Append(faults, fmt.Errorf("revision %d (%s, %q): %w", r.ID, r.UpdateID, r.Title, err))
			}
		}
	}
	return faults.ErrorOrNil()
}
