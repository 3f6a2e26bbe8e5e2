package catalog_test

import (
	"context"
	"io/fs"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// What the example site does over the network, done by hand: scan, install what is required, scan again, until nothing is.
func TestInstallingReachesTheStatesAfter(t *testing.T) {
	rows, err := catalog.Table()
	require.NoError(t, err)
	all := documents(t)
	for _, name := range machines() {
		t.Run(name, func(t *testing.T) {
			f, err := snapshot.Shipped().Open(name + ".json")
			require.NoError(t, err)
			defer f.Close()
			machine, err := snapshot.Decode(f)
			require.NoError(t, err)

			before := look(t, machine, all)
			now := before
			rounds := 0
			for ; len(now.missing) > 0; rounds++ {
				require.Less(t, rounds, 5, "updates stay required however often they are installed: %v", now.missing)
				for _, leaf := range now.missing {
					install(t, machine, all[leaf])
				}
				now = look(t, machine, all)
			}
			want, got := map[string][2]string{}, map[string][2]string{}
			for _, row := range rows {
				want[row.KB] = [2]string{row.Before[name], row.After[name]}
				got[row.KB] = [2]string{before.states[row.ID], now.states[row.ID]}
			}
			require.Equal(t, want, got)
			if name != "windows10-22h2" {
				require.Greater(t, rounds, 1, "an update is to become required only by another one")
			}
		})
	}
}

// sight is one scan: the states of the updates that can be deployed, and the leaves that are to be installed.
type sight struct {
	states  map[uuid.UUID]string
	missing []uuid.UUID
}

func look(t *testing.T, machine applicability.Facts, all map[uuid.UUID]*metadata.Update) sight {
	t.Helper()
	scan := applicability.NewScan(machine, applicability.Options{})
	for _, update := range all {
		if update.PublicationState == "Published" {
			scan.Add(&update.Core)
		}
	}
	verdicts, err := scan.Verdicts(t.Context())
	require.NoError(t, err)
	s := sight{states: map[uuid.UUID]string{}}
	for id, verdict := range verdicts {
		if !all[id].ExplicitlyDeployable {
			continue
		}
		switch verdict.State {
		case applicability.Installed:
			s.states[id] = catalog.Installed
		case applicability.Required:
			s.states[id] = catalog.Required
			leaves, err := scan.Members(t.Context(), id)
			require.NoError(t, err)
			for _, leaf := range leaves {
				s.missing = append(s.missing, leaf.UpdateID)
			}
		case applicability.Undecided:
			s.states[id] = "Unknown: " + verdict.Reason
		default:
			s.states[id] = catalog.NotRequired
		}
	}
	return s
}

func install(t *testing.T, machine clientagent.Installer, update *metadata.Update) {
	t.Helper()
	_, err := machine.Install(t.Context(), clientagent.Job{
		Core: &update.Core, Extended: &update.Extended, Title: update.Localized[0].Title,
		Open: func(_ context.Context, name string) (clientagent.Payload, error) {
			f, err := catalog.Files().Open("content/" + name)
			if err != nil {
				return nil, err
			}
			return payload{f}, nil
		},
	})
	require.NoError(t, err, update.Localized[0].Title)
}

// payload is an embedded file, which knows its size.
type payload struct{ fs.File }

func (p payload) Size() int64 {
	info, err := p.Stat()
	if err != nil {
		return -1
	}
	return info.Size()
}
