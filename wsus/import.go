package wsus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// ImportReport says what an import did.
type ImportReport struct {
	// Added and Unchanged count revisions.
	Added, Unchanged int
	// Refused names what was not taken over; everything else was.
	Refused []Refusal
	// Files counts the update files whose content was found and taken over, Missing names those that are not here: their
	// updates are known and evaluated, but cannot be downloaded yet.
	Files   int
	Missing []string
	// LeftOut are the updates that the Subscription does not take.
	LeftOut []LeftOut
	// RuleResults are the updates, new ones and new revisions of old ones, that automatic approval rules selected; those whose license
	// agreement must be accepted first have an Err.
	RuleResults []RuleResult
	// Stale are the approvals that have not followed to a new revision, each with its reason.
	Stale []StaleApproval
	// Version is the catalogue version afterwards.
	Version int64
}

// Refusal says why a file of an import was not taken over.
type Refusal struct {
	Name   string
	Line   int // 0 when the reason is not at a place in the text
	Reason string
}

// String is the refusal as an administrator reads it: name, line, reason.
func (r Refusal) String() string {
	if r.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", r.Name, r.Line, r.Reason)
	}
	return r.Name + ": " + r.Reason
}

// Import takes over the update documents (*.xml) of a folder and its sub-folders, and the content of their files, which is
// found by file name anywhere in the same tree and believed only when size and digests hold. A damaged document or file is
// refused by name and the rest is imported, as far as the Subscription takes it; the error is for what stops the whole import. All new
// revisions become visible at once. After that approvals follow to new revisions, as the Configuration says, and the enabled automatic
// approval rules run over what is new; when that fails, the error says so, and ApplyInstallApprovalRule does the rest.
func (s *Server) Import(ctx context.Context, fsys fs.FS) (ImportReport, error) {
	var report ImportReport
	updates, payloads, err := readFolder(ctx, fsys, &report)
	if err != nil {
		return report, fmt.Errorf("import: %w", err)
	}
	chosen, err := s.choose(ctx, updates)
	if err != nil {
		return report, fmt.Errorf("import: %w", err)
	}
	report.LeftOut = chosen.left
	if err := s.importContent(ctx, fsys, chosen, payloads, &report); err != nil {
		return report, fmt.Errorf("import: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	result, err := s.catalog.Import(ctx, chosen.taken)
	if err != nil {
		return report, fmt.Errorf("import: %w", err)
	}
	result.Join(chosen.categories)
	for _, id := range result.Conflicts {
		report.Refused = append(report.Refused, Refusal{
			Name:   fmt.Sprintf("%s revision %d", id.UpdateID, id.Revision),
			Reason: "the catalogue has this revision with other content; a changed update needs a higher revision number",
		})
	}
	for _, r := range result.Refused {
		report.Refused = append(report.Refused, Refusal{
			Name: fmt.Sprintf("%s revision %d (%s)", r.Identity.UpdateID, r.Identity.Revision, r.Title), Reason: r.Err.Error()})
	}
	report.Added, report.Unchanged = len(result.Added), len(result.Unchanged)
	report.Version = result.Generation.Number()
	if err := s.refreshView(ctx); err != nil {
		return report, fmt.Errorf("import: %w", err)
	}
	if report.Stale, err = s.refreshApprovals(ctx); err != nil {
		return report, fmt.Errorf("import: refresh approvals: %w", err)
	}
	if report.RuleResults, err = s.runEnabledRules(ctx, result.Added); err != nil {
		return report, fmt.Errorf("import: automatic approval rules: %w", err)
	}
	return report, nil
}

// readFolder parses every document and remembers where other files are, by lower-case base name.
func readFolder(ctx context.Context, fsys fs.FS, report *ImportReport) ([]*metadata.Update, map[string][]string, error) {
	var updates []*metadata.Update
	payloads := make(map[string][]string)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch {
		case err != nil && name == ".":
			return err
		case err != nil:
			report.Refused = append(report.Refused, Refusal{Name: name, Reason: cause(err)})
			return fs.SkipDir
		case d.IsDir():
			return nil
		case strings.EqualFold(path.Ext(name), ".xml"):
			u, refusal := readDocument(fsys, name)
			if refusal != nil {
				report.Refused = append(report.Refused, *refusal)
				return nil
			}
			updates = append(updates, u)
		default:
			base := strings.ToLower(path.Base(name))
			payloads[base] = append(payloads[base], name)
		}
		return nil
	})
	return updates, payloads, err
}

func readDocument(fsys fs.FS, name string) (*metadata.Update, *Refusal) {
	f, err := openRegular(fsys, name)
	if err != nil {
		return nil, &Refusal{Name: name, Reason: cause(err)}
	}
	defer f.Close()
	doc, err := io.ReadAll(io.LimitReader(f, metadata.MaxDocumentBytes+1))
	if err != nil {
		return nil, &Refusal{Name: name, Reason: cause(err)}
	}
	u, err := metadata.Parse(doc)
	if err != nil {
		refusal := &Refusal{Name: name, Reason: err.Error()}
		var syntax *metadata.SyntaxError
		if errors.As(err, &syntax) {
			refusal.Line, refusal.Reason = syntax.Line, syntax.Reason
		}
		return nil, refusal
	}
	return u, nil
}

// openRegular opens a file after a look at what it is: opening a pipe would wait for somebody to write.
func openRegular(fsys fs.FS, name string) (fs.File, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	return fsys.Open(name)
}

// cause is an error without the path that fs puts before it: a refusal names the file itself.
func cause(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// importContent stores the files that the updates name, before the updates become visible. What is left of the folder is not
// ours to judge, except cabinets: whoever puts one there expects it to be read.
func (s *Server) importContent(ctx context.Context, fsys fs.FS, chosen selection, payloads map[string][]string, report *ImportReport) error {
	used := make(map[string]bool)
	for _, left := range chosen.leftFiles {
		for _, name := range payloads[left] {
			used[name] = true
		}
	}
	for _, u := range chosen.taken {
		for _, f := range filesOf(u) {
			candidates := payloads[strings.ToLower(f.Name)]
			for _, name := range candidates {
				used[name] = true
			}
			stored, err := s.storeContent(ctx, fsys, refOf(f), candidates, report)
			if err != nil {
				return err
			}
			if stored {
				report.Files++
			} else {
				report.Missing = append(report.Missing, f.Name)
			}
		}
	}
	for _, names := range payloads {
		for _, name := range names {
			if !used[name] && strings.EqualFold(path.Ext(name), ".cab") {
				report.Refused = append(report.Refused, Refusal{
					Name: name, Reason: "cabinets are not read yet: unpack it and import the update documents (*.xml) that it holds"})
			}
		}
	}
	return nil
}

// filesOf are the payloads of an update and the texts of its license agreement.
func filesOf(u *metadata.Update) []metadata.File {
	files := slices.Clone(u.Extended.Files)
	for _, agreement := range u.EulaFiles {
		files = append(files, agreement.File)
	}
	return files
}

func refOf(f metadata.File) content.Ref {
	return content.Ref{SHA1: f.SHA1, SHA256: f.SHA256, Size: f.Size, Name: f.Name}
}

func (s *Server) storeContent(ctx context.Context, fsys fs.FS, ref content.Ref, candidates []string, report *ImportReport) (bool, error) {
	if f, err := s.content.Open(ctx, ref.SHA1); err == nil {
		return true, f.Close()
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("content %s: %w", ref.Name, err)
	}
	for _, name := range candidates {
		f, err := openRegular(fsys, name)
		if err != nil {
			report.Refused = append(report.Refused, Refusal{Name: name, Reason: cause(err)})
			continue
		}
		source := &sourceReader{r: f}
		err = s.content.Put(ctx, ref, source)
		f.Close()
		var mismatch *content.MismatchError
		switch {
		case err == nil:
			return true, nil
		case errors.As(err, &mismatch):
			report.Refused = append(report.Refused, Refusal{Name: name, Reason: err.Error()})
		case source.err != nil:
			report.Refused = append(report.Refused, Refusal{Name: name, Reason: cause(source.err)})
		default:
			return false, fmt.Errorf("content %s: %w", name, err)
		}
	}
	return false, nil
}

// sourceReader remembers the error of the file that is read, to tell it from one of the store that it is written to.
type sourceReader struct {
	r   io.Reader
	err error
}

func (s *sourceReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
