package wsus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// MissingContent names the files of an update, and of the parts of a bundle, that are not here yet: before they are, nobody can install
// it. It answers ErrNotFound for an unknown update.
func (s *Server) MissingContent(ctx context.Context, update uuid.UUID) ([]string, error) {
	g := s.view.Load().generation
	r, ok := g.Latest(update)
	if !ok {
		return nil, fmt.Errorf("content of %s: %w", update, ErrNotFound)
	}
	var missing []string
	seen := map[metadata.Identity]bool{r.Identity: true}
	for queue := []*catalog.Revision{r}; len(queue) > 0; queue = queue[1:] {
		for _, f := range queue[0].Files {
			file, err := s.content.Open(ctx, f.SHA1)
			switch {
			case err == nil:
				err = file.Close()
			case errors.Is(err, fs.ErrNotExist):
				missing, err = append(missing, f.Name), nil
			}
			if err != nil {
				return nil, fmt.Errorf("content of %s: %w", update, err)
			}
		}
		for _, clause := range queue[0].Bundled {
			for _, m := range clause.Members {
				if part, ok := g.ByIdentity(m); ok && !seen[m] {
					seen[m] = true
					queue = append(queue, part)
				}
			}
		}
	}
	return missing, nil
}
