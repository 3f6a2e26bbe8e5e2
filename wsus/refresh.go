package wsus

import (
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// refresh answers RefreshCache (MS-WUSP §3.1.5.8): identities that this server deploys to the client, under its own revision
// ids. Members of bundles are left out, as real servers do; the client gets them anew.
func (s *Server) refresh(c clientsync.Bearer, ids []clientsync.UpdateIdentity) []clientsync.RefreshedRevision {
	sc, _ := s.scopeOf(s.view.Load(), c)
	var out []clientsync.RefreshedRevision
	for _, id := range ids {
		r, ok := sc.view.generation.ByIdentity(metadata.Identity{UpdateID: id.UpdateID, Revision: id.RevisionNumber})
		if !ok {
			continue
		}
		i, ok := sc.entryOf(r.ID)
		if !ok || sc.entries[i].deployment.Action == clientsync.Bundle {
			continue
		}
		out = append(out, clientsync.RefreshedRevision{
			RevisionID: r.ID, GlobalID: id, IsLeaf: r.Leaf, Deployment: sc.entries[i].deployment})
	}
	return out
}
