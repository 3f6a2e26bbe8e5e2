package wsus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// ContentState is what ResetAndVerifyContentState found.
type ContentState struct {
	// Verified is how many files are here and what their updates say, to the last byte.
	Verified int
	// Missing are those that are not here, Damaged those that were here and are not what they ought to be, each once.
	Missing, Damaged []content.Ref
}

// ResetAndVerifyContentState reads every file that an update names and compares size and digests, as the product's method of that name and
// `wsusutil reset` do. Nothing that is damaged is served in any case; this finds it before a client asks. What is missing or damaged comes
// back with an Import of the updates and their files. It takes as long as reading all files does, and nobody waits for it.
func (s *Server) ResetAndVerifyContentState(ctx context.Context) (ContentState, error) {
	var state ContentState
	g := s.view.Load().generation
	seen := make(map[content.SHA1]bool)
	for r := range g.All() {
		for _, f := range r.Files {
			if seen[f.SHA1] {
				continue
			}
			seen[f.SHA1] = true
			ref, ok := g.File(f.SHA1)
			if !ok {
				ref = f
			}
			if err := s.verifyContent(ctx, ref, &state); err != nil {
				return state, fmt.Errorf("verify content %s of %s: %w", ref.Name, r.UpdateID, err)
			}
		}
	}
	return state, nil
}

func (s *Server) verifyContent(ctx context.Context, ref content.Ref, state *ContentState) error {
	err := content.Check(ctx, s.content, ref)
	var damaged *content.DamagedError
	var mismatch *content.MismatchError
	switch {
	case err == nil:
		state.Verified++
	case errors.As(err, &damaged), errors.As(err, &mismatch):
		s.log.ErrorContext(ctx, "content is damaged", "name", ref.Name, "error", err)
		state.Damaged = append(state.Damaged, ref)
	case errors.Is(err, fs.ErrNotExist):
		state.Missing = append(state.Missing, ref)
	default:
		return err
	}
	return nil
}
