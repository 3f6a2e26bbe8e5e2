package wsus

import (
	"context"
	"fmt"
	"slices"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// extended answers GetExtendedUpdateInfo (MS-WUSP §3.1.5.9): one entry for each revision and fragment, all Extended ones
// first, and a location for every file, whether it is here or not: without it an agent finds no updates at all.
func (s *Server) extended(ctx context.Context, c clientsync.Bearer, q clientsync.ExtendedQuery) (clientsync.ExtendedInfo, error) {
	v := s.view.Load()
	sc, _ := s.scopeOf(v, c)
	var info clientsync.ExtendedInfo
	var inScope []*catalog.Revision
	for _, id := range q.RevisionIDs {
		if i, ok := sc.entryOf(id); ok {
			inScope = append(inScope, sc.entries[i].revision)
		} else {
			info.OutOfScopeRevisionIDs = append(info.OutOfScopeRevisionIDs, id)
		}
	}
	for _, kind := range []clientsync.FragmentType{
		clientsync.CoreFragment, clientsync.ExtendedFragment, clientsync.LocalizedPropertiesFragment} {
		if !slices.Contains(q.InfoTypes, kind) {
			continue
		}
		for _, r := range inScope {
			text, ok, err := fragment(v.generation, r, kind, q.Locales)
			if err != nil {
				return clientsync.ExtendedInfo{}, fmt.Errorf("%s fragment of revision %d: %w", kind, r.ID, err)
			}
			if ok {
				info.Updates = append(info.Updates, clientsync.Fragment{ID: r.ID, XML: text})
			}
		}
	}
	var files []content.Ref
	if slices.Contains(q.InfoTypes, clientsync.ExtendedFragment) || slices.Contains(q.InfoTypes, clientsync.FileURLInformation) {
		for _, r := range inScope {
			files = append(files, r.Files...)
		}
	}
	if slices.Contains(q.InfoTypes, clientsync.EulaFragment) {
		for _, r := range inScope {
			text, file, ok, err := eulaFragment(v.generation, r, q.Locales, q.GeoID)
			if err != nil {
				return clientsync.ExtendedInfo{}, fmt.Errorf("license agreement of revision %d: %w", r.ID, err)
			}
			if ok {
				info.Updates, files = append(info.Updates, clientsync.Fragment{ID: r.ID, XML: text}), append(files, file)
			}
		}
	}
	info.FileLocations = s.locationsOf(originOf(c), files)
	return info, ctx.Err()
}

// extended2 answers GetExtendedUpdateInfo2 (MS-WUSP §3.1.5.13). Content is never encrypted here, so there are no keys.
func (s *Server) extended2(ctx context.Context, c clientsync.Bearer, q clientsync.ExtendedQuery2) (clientsync.ExtendedInfo2, error) {
	g := s.view.Load().generation
	ids := make([]int32, 0, len(q.UpdateIDs))
	for _, id := range q.UpdateIDs {
		if r, ok := g.ByIdentity(metadata.Identity{UpdateID: id.UpdateID, Revision: id.RevisionNumber}); ok {
			ids = append(ids, r.ID)
		}
	}
	info, err := s.extended(ctx, c, clientsync.ExtendedQuery{RevisionIDs: ids, InfoTypes: q.InfoTypes, Locales: q.Locales})
	if err != nil {
		return clientsync.ExtendedInfo2{}, err
	}
	return clientsync.ExtendedInfo2{Updates: info.Updates, FileLocations: info.FileLocations}, nil
}

func fragment(g *catalog.Generation, r *catalog.Revision, kind clientsync.FragmentType, locales []string) (string, bool, error) {
	switch kind {
	case clientsync.CoreFragment:
		text, err := g.Core(r)
		return text, true, err
	case clientsync.ExtendedFragment:
		text, err := g.Extended(r)
		return text, true, err
	default:
		return g.Localized(r, locales)
	}
}

// locationsOf says where files are, each once.
func (s *Server) locationsOf(from origin, files []content.Ref) []clientsync.FileLocation {
	var out []clientsync.FileLocation
	seen := make(map[content.SHA1]bool)
	for _, f := range files {
		if !seen[f.SHA1] {
			seen[f.SHA1] = true
			out = append(out, clientsync.FileLocation{FileDigest: f.SHA1, URL: s.contentURL(from, f)})
		}
	}
	return out
}

// locations answers GetFileLocations; digests that no update names are left out.
func (s *Server) locations(from origin, digests [][20]byte) []clientsync.FileLocation {
	g := s.view.Load().generation
	var out []clientsync.FileLocation
	for _, d := range digests {
		if ref, ok := g.File(d); ok {
			out = append(out, clientsync.FileLocation{FileDigest: d, URL: s.contentURL(from, ref)})
		}
	}
	return out
}

// contentURL is where a client finds a file: always plain HTTP, whose port follows from the set-up. Before SetChannel it is
// the address that the request came by.
func (s *Server) contentURL(from origin, ref content.Ref) string {
	setup := s.Setup()
	pair := setup.Ports()
	if pair.IsZero() {
		return ports.AddressURL(from.host, from.https) + content.Path(ref)
	}
	name := setup.ServerCertificateName
	if name == "" {
		name = from.hostname()
	}
	return pair.ContentURL(name) + content.Path(ref)
}
