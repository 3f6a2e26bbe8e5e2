package clientsync

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// ExtendedQuery2 are the parameters of GetExtendedUpdateInfo2 (MS-WUSP §2.2.2.2.10). It names revisions by their global
// identity.
type ExtendedQuery2 struct {
	UpdateIDs []UpdateIdentity
	InfoTypes []FragmentType
	Locales   []string
}

// ExtendedInfo2 is its answer. Identities that are not deployed to the client are left out.
type ExtendedInfo2 struct {
	Updates       []Fragment
	FileLocations []FileLocation
	Decryption    []FileDecryption
	// Encryption says of each revision whether it has encrypted files; only agents of Windows 11 24H2 and later read it.
	Encryption []UpdateEncryption
}

// FileDecryption is the key of an encrypted file. It is a secret: never log it.
type FileDecryption struct {
	FileDigest [20]byte // SHA-1 of the encrypted file
	Key        []byte
}

// UpdateEncryption says whether a revision has encrypted files.
type UpdateEncryption struct {
	UpdateID          UpdateIdentity
	HasEncryptedFiles bool
}

// getExtendedUpdateInfo2 answers what GetExtendedUpdateInfo does, and keys (MS-WUSP §2.2.2.2.10).
func getExtendedUpdateInfo2(x *exchange) error {
	state, err := x.authenticateRegistered()
	if err != nil {
		return err
	}
	q, err := readExtendedQuery2(x.in, x.limits, x.config.maxExtendedUpdates())
	if err != nil {
		return err
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	info, err := x.backend.Extended2(x.ctx, state.Bearer, q)
	if err != nil {
		return fmt.Errorf("extended update info 2: %w", err)
	}
	x.answer(func(w *soap.Writer) { writeExtendedInfo2(w, "GetExtendedUpdateInfo2Result", info) })
	return nil
}

func readExtendedQuery2(s *soap.Scanner, limits Limits, maxUpdates int) (ExtendedQuery2, error) {
	var q ExtendedQuery2
	for s.Child() {
		switch string(s.Name()) {
		case "updateIDs":
			s.List("UpdateIdentity", limits.IDs, func() { q.UpdateIDs = append(q.UpdateIDs, readIdentity(s)) })
		case "infoTypes":
			q.InfoTypes = readInfoTypes(s, limits, q.InfoTypes)
		case "locales":
			q.Locales = append(q.Locales, s.Strings(maxLocales, limits.Text)...)
		default: // deviceAttributes and callerAttributes describe the asker
			s.Skip()
		}
	}
	switch {
	case s.Err() != nil:
		return q, s.Err()
	case len(q.InfoTypes) == 0:
		return q, invalid("infoTypes")
	case len(q.UpdateIDs) > maxUpdates:
		return q, invalid("updateIDs")
	case areLocalized(q.InfoTypes) && len(q.Locales) == 0:
		return q, invalid("locales")
	default:
		return q, nil
	}
}

// GetExtendedUpdateInfo2 asks for fragments, file locations and keys by global identity (MS-WUSP §2.2.2.2.10). The limit of
// GetExtendedUpdateInfo holds here too.
func (c *Client) GetExtendedUpdateInfo2(ctx context.Context, cookie Cookie, q ExtendedQuery2) (ExtendedInfo2, error) {
	var info ExtendedInfo2
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "GetExtendedUpdateInfo2"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.Open("updateIDs")
			for _, id := range q.UpdateIDs {
				writeIdentity(w, "UpdateIdentity", id)
			}
			w.Close("updateIDs")
			w.Open("infoTypes")
			for _, kind := range q.InfoTypes {
				w.String("XmlUpdateFragmentType", string(kind))
			}
			w.Close("infoTypes")
			w.Strings("locales", q.Locales)
		},
		func(s *soap.Scanner) {
			for s.Child() {
				info = readExtendedInfo2(s)
			}
		})
	return info, err
}
