package catalog

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// add takes one update over, or says in the result why not. The error is that of the volume.
func (i *importer) add(u *metadata.Update) error {
	if u == nil {
		i.refuse(new(metadata.Update), fmt.Errorf("%w: nil", ErrInvalid))
		return nil
	}
	digest := sha256.Sum256(u.Document)
	if known, ok := i.find(u.Identity); ok {
		if known.stored.documentSHA256 == digest {
			i.result.Unchanged = append(i.result.Unchanged, u.Identity)
		} else {
			i.result.Conflicts = append(i.result.Conflicts, u.Identity)
		}
		return nil
	}
	if err := i.check(u); err != nil {
		i.refuse(u, err)
		return nil
	}
	fragments, err := u.Fragments()
	if err != nil {
		i.refuse(u, err)
		return nil
	}
	drivers, err := driversOf(u)
	if err != nil {
		i.refuse(u, err)
		return nil
	}
	r := i.revision(u)
	r.Drivers = drivers
	r.stored.documentSHA256 = digest
	if err := i.store(r, u.Document, fragments); err != nil {
		return err
	}
	for _, f := range r.Files {
		i.files[f.SHA1] = f
	}
	i.nextID++
	i.known[r.Identity] = r
	i.revisions = append(i.revisions, r)
	i.result.Added = append(i.result.Added, r.Identity)
	return nil
}

func (i *importer) refuse(u *metadata.Update, err error) {
	i.result.Refused = append(i.result.Refused, Refusal{Identity: u.Identity, Title: u.Title(), Err: err})
}

func (i *importer) find(id metadata.Identity) (*Revision, bool) {
	if r, ok := i.known[id]; ok {
		return r, true
	}
	return i.from.ByIdentity(id)
}

// check refuses what the index could not hold or what would make two files of one.
func (i *importer) check(u *metadata.Update) error {
	switch {
	case u.UpdateID == uuid.Nil:
		return fmt.Errorf("%w: it has no update id", ErrInvalid)
	case u.Revision < 0:
		return fmt.Errorf("%w: revision number %d", ErrInvalid, u.Revision)
	case len(u.Document) == 0:
		return fmt.Errorf("%w: it has no document", ErrInvalid)
	case i.nextID == math.MaxInt32:
		return fmt.Errorf("%w: all revision ids have been given", ErrInvalid)
	}
	for _, clause := range slices.Concat(u.Relationships.Prerequisites, u.Relationships.Bundled) {
		for _, m := range clause.Members {
			if m.Revision < 0 {
				return fmt.Errorf("%w: it refers to revision number %d of %s", ErrInvalid, m.Revision, m.UpdateID)
			}
		}
	}
	var errs []error
	own := make(map[content.SHA1]content.Ref)
	for _, f := range u.Extended.Files {
		ref := refOf(f)
		errs = append(errs, i.checkFile(ref, own))
		own[ref.SHA1] = ref
	}
	return errors.Join(errs...)
}

// checkFile: a file is known by its SHA-1, so that all metadata must mean the same bytes by it, also within one update.
func (i *importer) checkFile(f content.Ref, own map[content.SHA1]content.Ref) error {
	if f.Size < 0 {
		return fmt.Errorf("%w: file %q has size %d", ErrInvalid, f.Name, f.Size)
	}
	known, ok := own[f.SHA1]
	if !ok {
		known, ok = i.files[f.SHA1]
	}
	if !ok {
		known, ok = i.from.File(f.SHA1)
	}
	switch {
	case !ok:
		return nil
	case known.Size != f.Size:
		return fmt.Errorf("%w: file %s (%q) has %d bytes here and %d elsewhere", ErrConflict, f.SHA1, f.Name, f.Size, known.Size)
	case known.SHA256 != f.SHA256 && !known.SHA256.IsZero() && !f.SHA256.IsZero():
		return fmt.Errorf("%w: file %s (%q) has another SHA-256 elsewhere", ErrConflict, f.SHA1, f.Name)
	}
	return nil
}

func (i *importer) revision(u *metadata.Update) *Revision {
	r := &Revision{
		ID:            i.nextID,
		Identity:      u.Identity,
		Type:          u.Type,
		CategoryType:  u.CategoryType,
		Deployable:    u.ExplicitlyDeployable,
		Expired:       u.PublicationState == "Expired",
		Prerequisites: u.Relationships.Prerequisites,
		Bundled:       u.Relationships.Bundled,
		Superseded:    u.Relationships.Superseded,
		Title:         u.Title(),
		Severity:      u.Extended.MsrcSeverity,
		Handler:       u.Extended.Handler,
		Files:         refsOf(u),
		CreationDate:  u.CreationDate,
		Since:         i.number,
	}
	if len(u.Extended.KBArticleIDs) > 0 {
		r.KB = u.Extended.KBArticleIDs[0]
	}
	r.stored.language = u.Extended.DefaultPropertiesLanguage
	return r
}

// store appends the texts of a revision, what is read together side by side.
func (i *importer) store(r *Revision, document []byte, f metadata.Fragments) (err error) {
	if err := i.writer.begin(); err != nil {
		return err
	}
	put := func(text []byte) (s span) {
		if err == nil {
			s, err = i.writer.append(text)
		}
		return s
	}
	r.stored.core = put([]byte(f.Core))
	r.stored.extended = put([]byte(f.Extended))
	for _, language := range slices.Sorted(maps.Keys(f.Localized)) {
		r.stored.localized = append(r.stored.localized, localized{language, put([]byte(f.Localized[language]))})
	}
	r.stored.document = put(document)
	return err
}

// refsOf lists the files in the order of the document, each digest once.
func refsOf(u *metadata.Update) []content.Ref {
	var refs []content.Ref
	for _, f := range u.Extended.Files {
		ref := refOf(f)
		if !slices.ContainsFunc(refs, func(have content.Ref) bool { return have.SHA1 == ref.SHA1 }) {
			refs = append(refs, ref)
		}
	}
	return refs
}

func refOf(f metadata.File) content.Ref {
	return content.Ref{SHA1: f.SHA1, SHA256: f.SHA256, Size: f.Size, Name: f.Name}
}
