package wsus_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// TestSyncModel compares SyncUpdates with the text of MS-WUSP §3.1.5.7, written down slowly: sets of ids, no bit sets, no pages.
func TestSyncModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		docs := drawCatalog(rt)
		server, err := wsus.NewServer(context.Background(), wsus.Config{
			Store: memory.Open().WSUS(), Content: content.Memory(), PageSize: rapid.IntRange(1, 20).Draw(rt, "page")})
		require.NoError(rt, err)
		_, err = server.Import(context.Background(), folder(docs...))
		require.NoError(rt, err)
		agent := newWUA(t, server, "model", "")

		// A client in which a drawn half of the non-leaf revisions is installed walks to the end.
		isInstalled := func(n int) bool { return n%3 != rapid.IntRange(0, 3).Draw(rt, fmt.Sprintf("out %d", n)) }
		installed := map[uuid.UUID]bool{}
		byID := map[int32]uuid.UUID{}
		var p clientsync.SyncParameters
		got := map[uuid.UUID]clientsync.Action{}
		for trip := 0; ; trip++ {
			require.Less(rt, trip, 200, "an agent gives up after 200 trips")
			info := agent.sync(t, p)
			require.Empty(rt, info.ChangedUpdates)
			more := info.Truncated
			for _, u := range info.NewUpdates {
				identity := identityOf(rt, u.XML)
				require.NotContains(rt, got, identity, "nothing is sent twice")
				got[identity], byID[u.ID] = u.Deployment.Action, identity
				require.Equal(rt, !isPrerequisite(docs, identity), u.IsLeaf)
				number := slices.IndexFunc(docs, func(d document) bool { return d.id == identity })
				if !u.IsLeaf && isInstalled(number) {
					installed[identity] = true
					p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, u.ID)
				} else {
					p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, u.ID)
				}
				more = more || !u.IsLeaf
			}
			for _, gone := range info.OutOfScopeRevisionIDs {
				require.Contains(rt, byID, gone, "only what the client listed")
			}
			require.Empty(rt, info.OutOfScopeRevisionIDs, "nothing that was delivered goes out of scope while nothing changes")
			if !more {
				break
			}
		}
		require.Equal(rt, modelNeeded(docs, installed), got)

		// An id that the server does not know is out of scope; one that lost its prerequisites is too.
		p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, 999999)
		info := agent.sync(t, p)
		require.Equal(rt, []int32{999999}, info.OutOfScopeRevisionIDs)
		require.Empty(rt, info.NewUpdates)
	})
}

func drawCatalog(rt *rapid.T) []document {
	n := rapid.IntRange(3, 30).Draw(rt, "updates")
	docs := make([]document, n)
	for i := range docs {
		docs[i] = document{id: id(i + 1), title: fmt.Sprintf("update %d", i)}
		if i < n/3 {
			docs[i].kind = "Detectoid"
		} else {
			docs[i].deployable = rapid.Bool().Draw(rt, fmt.Sprintf("deployable %d", i))
			docs[i].expired = rapid.IntRange(0, 9).Draw(rt, fmt.Sprintf("expired %d", i)) == 0
		}
		for c := range rapid.IntRange(0, 2).Draw(rt, fmt.Sprintf("clauses %d", i)) {
			var clause []uuid.UUID
			for m := range rapid.IntRange(1, 3).Draw(rt, fmt.Sprintf("members %d.%d", i, c)) {
				if i > 0 {
					clause = append(clause, id(rapid.IntRange(1, i).Draw(rt, fmt.Sprintf("member %d.%d.%d", i, c, m))))
				}
			}
			if len(clause) > 0 {
				docs[i].prerequisites = append(docs[i].prerequisites, clause)
			}
		}
		if docs[i].kind == "" && i > n/2 && rapid.Bool().Draw(rt, fmt.Sprintf("bundle %d", i)) {
			docs[i].bundled = [][]uuid.UUID{{id(rapid.IntRange(n/3+1, i).Draw(rt, fmt.Sprintf("bundles %d", i)))}}
		}
	}
	return docs
}

// modelNeeded is the specification as sets.
func modelNeeded(docs []document, installed map[uuid.UUID]bool) map[uuid.UUID]clientsync.Action {
	find := func(id uuid.UUID) document {
		return docs[slices.IndexFunc(docs, func(d document) bool { return d.id == id })]
	}
	bundledIn := map[uuid.UUID]bool{}
	for _, d := range docs {
		for _, clause := range d.bundled {
			for _, m := range clause {
				bundledIn[m] = true
			}
		}
	}
	deployed := map[uuid.UUID]clientsync.Action{}
	var reach func(d document, a clientsync.Action)
	reach = func(d document, a clientsync.Action) {
		if _, seen := deployed[d.id]; seen {
			return
		}
		if bundledIn[d.id] {
			a = clientsync.Bundle
		}
		deployed[d.id] = a
		for _, clause := range d.prerequisites {
			for _, m := range clause {
				reach(find(m), clientsync.Evaluate)
			}
		}
		for _, clause := range d.bundled {
			for _, m := range clause {
				reach(find(m), clientsync.Bundle)
			}
		}
	}
	for _, d := range docs {
		if d.kind == "" && !bundledIn[d.id] && !d.expired {
			deployed[d.id] = clientsync.PreDeploymentCheck
		}
	}
	for _, d := range docs {
		if deployed[d.id] == clientsync.PreDeploymentCheck {
			delete(deployed, d.id)
			reach(d, clientsync.PreDeploymentCheck)
		}
	}
	needed := map[uuid.UUID]clientsync.Action{}
	for id, a := range deployed {
		ready := true
		for _, clause := range find(id).prerequisites {
			ready = ready && slices.ContainsFunc(clause, func(m uuid.UUID) bool { return installed[m] })
		}
		if ready {
			needed[id] = a
		}
	}
	return needed
}

func isPrerequisite(docs []document, id uuid.UUID) bool {
	return slices.ContainsFunc(docs, func(d document) bool {
		return slices.ContainsFunc(d.prerequisites, func(clause []uuid.UUID) bool { return slices.Contains(clause, id) })
	})
}
