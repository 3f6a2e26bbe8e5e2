package clientagent

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// detail is what GetExtendedUpdateInfo told of a revision.
type detail struct {
	Server    string `json:"server"`
	Extended  string `json:"extended"`
	Localized string `json:"localized,omitempty"`
	// URLs of the files, by SHA-1 in hexadecimal.
	URLs map[string]string `json:"urls,omitempty"`
	// Mirrors are further URLs of files, where the server told several.
	Mirrors map[string][]string `json:"mirrors,omitempty"`
}

// sources are where a file can be fetched, in the order of the server.
func (d detail) sources(file metadata.File) []string {
	key := hex.EncodeToString(file.SHA1[:])
	if d.URLs[key] == "" {
		return nil
	}
	return append([]string{d.URLs[key]}, d.Mirrors[key]...)
}

// maxSources is how many URLs of a file are kept.
const maxSources = 8

const prefDetail = "detail/"

// fetchDetails asks for the details of revisions that the store does not have, or has from another server, whose URLs differ.
func (a *Agent) fetchDetails(ctx context.Context, s *serverSession, server string, wanted []*revision) error {
	var missing []int32
	byID := make(map[int32]*revision, len(wanted))
	for _, r := range wanted {
		have, found, err := a.detail(ctx, r.identity())
		if err != nil {
			return err
		}
		if !found || have.Server != server {
			missing = append(missing, r.ID)
			byID[r.ID] = r
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	answer, err := s.GetExtendedUpdateInfo(ctx, clientsync.ExtendedQuery{RevisionIDs: missing, Locales: a.config.Locales,
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment, clientsync.LocalizedPropertiesFragment}})
	if err != nil {
		return fmt.Errorf("get extended update info: %w", err)
	}
	return a.keepDetails(ctx, s, server, byID, answer)
}

func (a *Agent) keepDetails(ctx context.Context, s *serverSession, server string, byID map[int32]*revision, answer clientsync.ExtendedInfo) error {
	urls := make(map[string][]string, len(answer.FileLocations))
	for _, location := range answer.FileLocations {
		key := hex.EncodeToString(location.FileDigest[:])
		if location.URL != "" && len(urls[key]) < maxSources && !slices.Contains(urls[key], location.URL) {
			urls[key] = append(urls[key], location.URL)
		}
	}
	details := make(map[int32]*detail)
	for _, fragment := range answer.Updates {
		r := byID[fragment.ID]
		if r == nil {
			continue
		}
		if details[fragment.ID] == nil {
			details[fragment.ID] = &detail{Server: server}
		}
		// An answer does not name the kind of a fragment; its first element does.
		if strings.HasPrefix(strings.TrimSpace(fragment.XML), "<LocalizedProperties") {
			details[fragment.ID].Localized = fragment.XML
		} else {
			details[fragment.ID].Extended = fragment.XML
		}
	}
	c := a.begin()
	c.keepSession(s)
	for id, d := range details {
		extended, err := metadata.ParseExtended(d.Extended)
		if err != nil {
			a.log.WarnContext(ctx, "details of an update cannot be read", "update", byID[id].Identity.UpdateID, "error", err)
			continue
		}
		d.URLs = make(map[string]string, len(extended.Files))
		for _, file := range extended.Files {
			key := hex.EncodeToString(file.SHA1[:])
			if found := urls[key]; len(found) > 0 {
				d.URLs[key] = found[0]
				if len(found) > 1 {
					if d.Mirrors == nil {
						d.Mirrors = make(map[string][]string)
					}
					d.Mirrors[key] = found[1:]
				}
			}
		}
		c.set(detailKey(byID[id].identity()), d)
	}
	return c.commit(ctx)
}

func detailKey(id metadata.Identity) string {
	return fmt.Sprintf("%s%s.%d", prefDetail, id.UpdateID, id.Revision)
}

func (a *Agent) detail(ctx context.Context, id metadata.Identity) (d detail, found bool, err error) {
	return load[detail](ctx, a.store, detailKey(id))
}

// title is empty when no text came.
func (d detail) title() string {
	if d.Localized == "" {
		return ""
	}
	texts, err := metadata.ParseLocalized(d.Localized)
	if err != nil {
		return ""
	}
	return texts.Title
}
