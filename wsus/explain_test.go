package wsus_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// What a person reads about each kind of reason, and which ids come with it.
func TestExplainReasons(t *testing.T) {
	ctx := t.Context()
	server := newServer(t,
		document{id: id(1), kind: "Detectoid", title: "Windows 11"},
		document{id: id(2), title: "needs it", deployable: true, prerequisites: [][]uuid.UUID{{id(1), id(99)}}},
		document{id: id(3), title: "member"},
		document{id: id(4), title: "bundle", deployable: true, bundled: [][]uuid.UUID{{id(3)}}},
		document{id: id(5), title: "old", deployable: true},
		document{id: id(6), title: "new", deployable: true, superseded: []uuid.UUID{id(5)}},
		document{id: id(7), kind: "Category", category: "Product", title: "nobody's"},
		document{id: id(8), kind: "Driver", title: "driver", deployable: true})
	pilot, err := server.CreateTargetGroup(ctx, "Pilot")
	require.NoError(t, err)
	_, err = server.Explain(ctx, "pc1", id(1))
	require.ErrorIs(t, err, wsus.ErrNotFound, "of a computer")
	agent := newWUA(t, server, "pc1", "")
	explain := func(n int) wsus.Explanation {
		x, err := server.Explain(ctx, "pc1", id(n))
		require.NoError(t, err)
		return x
	}
	first := func(n int) wsus.Reason { return explain(n).Reasons[0] }
	require.Equal(t, wsus.NeverSynchronized, explain(5).Reasons[len(explain(5).Reasons)-1].Kind)
	agent.sync(t, clientsync.SyncParameters{})

	require.Equal(t, wsus.NotSynchronized, first(99).Kind)
	r := first(2)
	require.Equal(t, []wsus.Alternative{{UpdateID: id(1), Title: "Windows 11", Stage: wsus.Sent}, {UpdateID: id(99), Kind: wsus.NotSynchronized}}, r.Alternatives)
	require.Equal(t, `Prerequisite 1 of 1 is not satisfied. One of these must be installed: "Windows 11" (00000000-0000-4000-8000-000000000001), which the `+
		`computer gets and does not report as installed; 00000000-0000-4000-8000-000000000099, which the server does not have.`, r.Text)
	x := explain(3)
	require.Equal(t, wsus.Sent, x.Stage)
	require.Equal(t, wsus.BundleMember, x.Reasons[0].Kind)
	require.Equal(t, []uuid.UUID{id(4)}, x.Reasons[0].IDs)
	require.Equal(t, wsus.NotNeeded, first(7).Kind)
	require.Equal(t, wsus.NoApproval, first(8).Kind)
	require.Equal(t, wsus.NotDeployableAlone, first(1).Kind)

	require.NoError(t, server.Approve(ctx, id(5), wsus.Install, pilot.ID))
	x = explain(5)
	require.Equal(t, wsus.Sent, x.Stage)
	require.Equal(t, `The computer is in "Unassigned Computers", and no approval reaches it there; what there is: Install for "Pilot".`, x.Reasons[0].Text)
	require.Equal(t, pilot.ID, x.Reasons[0].Approvals[0].Group)
	require.Equal(t, wsus.Superseded, x.Reasons[1].Kind)
	require.Equal(t, []uuid.UUID{id(6)}, x.Reasons[1].IDs)
	deadline := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	require.NoError(t, server.ApproveWithDeadline(ctx, id(5), wsus.Install, wsus.AllComputers, deadline))
	x = explain(5)
	require.Equal(t, wsus.Installable, x.Stage)
	require.Equal(t, deadline, x.Reasons[0].Deadline)

	text, err := json.MarshalIndent(x, "", "  ")
	require.NoError(t, err)
	require.Equal(t, `{
  "computer": "pc1",
  "update": "00000000-0000-4000-8000-000000000005",
  "revision": 1,
  "title": "old",
  "stage": "Installable",
  "action": "Install",
  "state": "Unknown",
  "groups": [
    "b73ca6ed-5727-47f3-84de-015e03f6a88a"
  ],
  "reasons": [
    {
      "kind": "Deadline",
      "deadline": "2026-04-01T12:00:00Z",
      "text": "Agents act by themselves from 2026-04-01 12:00 UTC on."
    },
    {
      "kind": "Superseded",
      "ids": [
        "00000000-0000-4000-8000-000000000006"
      ],
      "text": "Newer updates replace it (1). The server sends it all the same; agents leave it out when a newer one applies to them."
    }
  ]
}`, string(text))
}

// What is good to know stands behind what stands in the way, though it was found before.
func TestExplainPutsObstaclesFirst(t *testing.T) {
	server := newServer(t, document{id: id(1), title: "old", deployable: true, file: fileElement("setup.exe", []byte("nowhere"))},
		document{id: id(2), title: "new", deployable: true, superseded: []uuid.UUID{id(1)}})
	newWUA(t, server, "pc1", "").sync(t, clientsync.SyncParameters{})
	deadline := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	require.NoError(t, server.ApproveWithDeadline(t.Context(), id(1), wsus.Install, wsus.AllComputers, deadline))
	x, err := server.Explain(t.Context(), "pc1", id(1))
	require.NoError(t, err)
	require.Equal(t, wsus.Offered, x.Stage)
	var kinds []wsus.ReasonKind
	for _, r := range x.Reasons {
		kinds = append(kinds, r.Kind)
	}
	require.Equal(t, []wsus.ReasonKind{wsus.ContentMissing, wsus.HasDeadline, wsus.Superseded}, kinds)
}
