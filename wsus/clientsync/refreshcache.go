package clientsync

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// refreshCache maps identities to this server's revision ids (MS-WUSP §2.2.2.2.5). Agents call it before they register anew,
// so it does not ask for that.
func refreshCache(x *exchange) error {
	state, err := x.authenticate()
	if err != nil {
		return err
	}
	ids, err := readGlobalIDs(x.in, x.limits)
	if err != nil {
		return err
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	revisions, err := x.backend.Refresh(x.ctx, state.Bearer, ids)
	if err != nil {
		return fmt.Errorf("refresh a cache: %w", err)
	}
	x.answer(func(w *soap.Writer) {
		w.Open("RefreshCacheResult")
		for _, r := range revisions {
			writeRefreshed(w, r, state.Bearer.Protocol)
		}
		w.Close("RefreshCacheResult")
	})
	return nil
}

// readGlobalIDs reads what follows the cookie.
func readGlobalIDs(s *soap.Scanner, limits Limits) ([]UpdateIdentity, error) {
	var ids []UpdateIdentity
	present := false
	for s.Child() {
		if string(s.Name()) != "globalIDs" {
			s.Skip()
			continue
		}
		present = true
		s.List("UpdateIdentity", limits.IDs, func() { ids = append(ids, readIdentity(s)) })
	}
	switch {
	case s.Err() != nil:
		return nil, s.Err()
	case !present:
		return nil, invalid("globalIDs")
	default:
		return ids, nil
	}
}

// RefreshCache asks for the revision ids of identities (MS-WUSP §2.2.2.2.5). Those that the server does not deploy to this
// client are left out.
func (c *Client) RefreshCache(ctx context.Context, cookie Cookie, ids []UpdateIdentity) ([]RefreshedRevision, error) {
	var revisions []RefreshedRevision
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "RefreshCache"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.Open("globalIDs")
			for _, id := range ids {
				writeIdentity(w, "UpdateIdentity", id)
			}
			w.Close("globalIDs")
		},
		func(s *soap.Scanner) {
			for s.Child() { // the list and its items have the same name
				s.List("RefreshCacheResult", maxAnswerItems, func() { revisions = append(revisions, readRefreshed(s)) })
			}
		})
	return revisions, err
}

func writeRefreshed(w *soap.Writer, r RefreshedRevision, client Version) {
	w.Open("RefreshCacheResult")
	w.Int("RevisionID", int64(r.RevisionID))
	writeIdentity(w, "GlobalID", r.GlobalID)
	w.Bool("IsLeaf", r.IsLeaf)
	writeDeployment(w, r.Deployment, client)
	w.Close("RefreshCacheResult")
}

func readRefreshed(s *soap.Scanner) RefreshedRevision {
	var r RefreshedRevision
	for s.Child() {
		switch string(s.Name()) {
		case "RevisionID":
			r.RevisionID = s.Int32()
		case "GlobalID":
			r.GlobalID = readIdentity(s)
		case "IsLeaf":
			r.IsLeaf = s.Bool()
		case "Deployment":
			r.Deployment = readDeployment(s)
		default:
			s.Skip()
		}
	}
	return r
}

func writeIdentity(w *soap.Writer, name string, id UpdateIdentity) {
	w.Open(name)
	w.GUID("UpdateID", id.UpdateID)
	w.Int("RevisionNumber", int64(id.RevisionNumber))
	w.Close(name)
}

func readIdentity(s *soap.Scanner) UpdateIdentity {
	var id UpdateIdentity
	for s.Child() {
		switch string(s.Name()) {
		case "UpdateID":
			id.UpdateID = s.GUID()
		case "RevisionNumber":
			id.RevisionNumber = s.Int32()
		default:
			s.Skip()
		}
	}
	return id
}
