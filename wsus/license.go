package wsus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// LicenseStore keeps which license agreements were accepted.
type LicenseStore interface {
	// Licenses returns all, in no order.
	Licenses(ctx context.Context) ([]AcceptedLicense, error)
	// PutLicense inserts or replaces by (EulaID, UpdateID).
	PutLicense(ctx context.Context, l AcceptedLicense) error
}

// AcceptedLicense is one acceptance of a license agreement.
type AcceptedLicense struct {
	EulaID uuid.UUID
	// UpdateID and Revision say for which revision it was accepted. The same EulaID is the same text, so that it counts for all
	// other updates too, except those that want it accepted anew.
	UpdateID          uuid.UUID
	Revision          int32
	AdministratorName string
	Accepted          time.Time
}

// LicenseError answers the approval of an update whose license agreement nobody has accepted. AcceptLicenseAgreement mends it.
type LicenseError struct {
	UpdateID uuid.UUID
	Revision int32
	EulaID   uuid.UUID
}

// Error says what to do.
func (e *LicenseError) Error() string {
	return fmt.Sprintf("the license agreement %s of revision %d is not accepted: read it with LicenseAgreement and call AcceptLicenseAgreement first",
		e.EulaID, e.Revision)
}

// LicenseAgreement is what has to be accepted before an update may be approved for installation.
type LicenseAgreement struct {
	EulaID   uuid.UUID
	Revision int32 // of the update, the one in force
	Accepted bool
	// Language is that of the text; empty when the update comes without one.
	Language string
	// Text is the agreement as its publisher wrote it: plain text or RTF, in an encoding of the publisher's choice. It is nil when the
	// update comes without one, or its file was not imported; Name is that file.
	Text []byte
	Name string
}

// MaxLicenseBytes bounds the text of a license agreement that is read.
const MaxLicenseBytes = 4 << 20

// LicenseAgreement returns the agreement of an update in the first of the locales that it has, else in a neutral form of one, else
// in its default language. It answers ErrNotFound for an unknown update and for one that asks for no acceptance.
func (s *Server) LicenseAgreement(ctx context.Context, update uuid.UUID, locales ...string) (LicenseAgreement, error) {
	v := s.view.Load()
	u, err := v.document(update)
	if err != nil {
		return LicenseAgreement{}, fmt.Errorf("license agreement of %s: %w", update, err)
	}
	if u.EulaID == uuid.Nil {
		return LicenseAgreement{}, fmt.Errorf("license agreement of %s: %w: it asks for none", update, ErrNotFound)
	}
	agreement := LicenseAgreement{EulaID: u.EulaID, Revision: u.Revision, Accepted: v.licensed(u)}
	file, ok := pickAgreement(u, locales)
	if !ok {
		return agreement, nil
	}
	agreement.Language, agreement.Name = file.Language, file.Name
	if agreement.Text, err = s.readAgreement(ctx, file); err != nil {
		return LicenseAgreement{}, fmt.Errorf("license agreement of %s: %w", update, err)
	}
	return agreement, nil
}

// pickAgreement prefers the text that is for every country.
func pickAgreement(u *metadata.Update, locales []string) (metadata.EulaFile, bool) {
	return pickAgreementFor(u, locales, "")
}

// pickAgreementFor prefers the text for a country, three letters, and then the one for every other.
func pickAgreementFor(u *metadata.Update, locales []string, geoID string) (metadata.EulaFile, bool) {
	languages := make([]string, len(u.EulaFiles))
	for i, f := range u.EulaFiles {
		languages[i] = f.Language
	}
	pick := metadata.PickLocale(languages, locales, u.Extended.DefaultPropertiesLanguage)
	best := -1
	for i, f := range u.EulaFiles {
		if f.Language != pick {
			continue
		}
		if geoID != "" && strings.EqualFold(f.GeoID, geoID) {
			return f, true
		}
		if best < 0 || f.GeoID == "" {
			best = i
		}
	}
	if best < 0 {
		return metadata.EulaFile{}, false
	}
	return u.EulaFiles[best], true
}

func (s *Server) readAgreement(ctx context.Context, file metadata.EulaFile) ([]byte, error) {
	if file.Size > MaxLicenseBytes {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", file.Name, file.Size, MaxLicenseBytes)
	}
	f, err := s.content.Open(ctx, file.SHA1)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxLicenseBytes))
}

// AcceptLicenseAgreement notes that an administrator has accepted the agreement of the revision of an update that is in force.
// Accepting it again changes nothing but who did. Approvals that waited for it follow to that revision. It answers ErrNotFound for an
// unknown update and for one that asks for no acceptance.
func (s *Server) AcceptLicenseAgreement(ctx context.Context, update uuid.UUID, administrator string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.view.Load().document(update)
	if err == nil && u.EulaID == uuid.Nil {
		err = fmt.Errorf("%w: it asks for none", ErrNotFound)
	}
	if err == nil {
		err = s.store.PutLicense(ctx, AcceptedLicense{EulaID: u.EulaID, UpdateID: update, Revision: u.Revision,
			AdministratorName: administrator, Accepted: s.now().UTC()})
	}
	if err == nil {
		err = s.refreshView(ctx)
	}
	if err == nil {
		_, err = s.refreshApprovals(ctx)
	}
	if err != nil {
		return fmt.Errorf("accept license agreement of %s: %w", update, err)
	}
	return nil
}

// licensed says that nothing has to be accepted, or that it was.
func (v *view) licensed(u *metadata.Update) bool {
	if u.EulaID == uuid.Nil {
		return true
	}
	for _, l := range v.licenses[u.EulaID] {
		if !u.RequiresReacceptanceOfEula || l.UpdateID == u.UpdateID && l.Revision >= u.Revision {
			return true
		}
	}
	return false
}

// document reads the document of the revision of an update that is in force.
func (v *view) document(update uuid.UUID) (*metadata.Update, error) {
	r, ok := v.generation.Latest(update)
	if !ok {
		return nil, ErrNotFound
	}
	return documentOf(v.generation, r)
}

func documentOf(g *catalog.Generation, r *catalog.Revision) (*metadata.Update, error) {
	text, err := g.Document(r)
	if err != nil {
		return nil, err
	}
	return metadata.Parse(text)
}
