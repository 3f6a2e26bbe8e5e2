package wsustest_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// sample is an update of a random catalogue. Others are meant by their number.
type sample struct {
	n, revision   int
	kind          string // Software or Detectoid
	deployable    bool
	expired       bool
	prerequisites [][]int // of earlier numbers, so that there are no circles
	bundled       []int   // revision 1 of each
}

func idOf(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)) }

func (s sample) identity() clientsync.UpdateIdentity {
	return clientsync.UpdateIdentity{UpdateID: idOf(s.n), RevisionNumber: int32(s.revision)}
}

// String is the update document.
func (s sample) String() string {
	var b strings.Builder
	state := "Published"
	if s.expired {
		state = "Expired"
	}
	fmt.Fprintf(&b, `<upd:Update xmlns:upd="http://schemas.microsoft.com/msus/2002/12/Update"><upd:UpdateIdentity UpdateID="%s" RevisionNumber="%d"/>`+
		`<upd:Properties UpdateType="%s" DefaultPropertiesLanguage="en" ExplicitlyDeployable="%t" PublicationState="%s" `+
		`CreationDate="2026-02-03T04:05:06Z"/><upd:LocalizedPropertiesCollection><upd:LocalizedProperties><upd:Language>en</upd:Language>`+
		`<upd:Title>update %d</upd:Title></upd:LocalizedProperties></upd:LocalizedPropertiesCollection><upd:Relationships>`,
		idOf(s.n), s.revision, s.kind, s.deployable, state, s.n)
	list := func(name, attribute string, clauses [][]int) {
		if len(clauses) == 0 {
			return
		}
		fmt.Fprintf(&b, `<upd:%s>`, name)
		for _, clause := range clauses {
			b.WriteString(`<upd:AtLeastOne>`)
			for _, n := range clause {
				fmt.Fprintf(&b, `<upd:UpdateIdentity UpdateID="%s"%s/>`, idOf(n), attribute)
			}
			b.WriteString(`</upd:AtLeastOne>`)
		}
		fmt.Fprintf(&b, `</upd:%s>`, name)
	}
	list("Prerequisites", "", s.prerequisites)
	if len(s.bundled) > 0 {
		list("BundledUpdates", ` RevisionNumber="1"`, [][]int{s.bundled})
	}
	b.WriteString(`</upd:Relationships>`)
	if len(s.bundled) == 0 {
		b.WriteString(`<upd:ApplicabilityRules><upd:IsInstalled><lar:True xmlns:lar="http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules"/>` +
			`</upd:IsInstalled></upd:ApplicabilityRules>`)
	}
	b.WriteString(`</upd:Update>`)
	return b.String()
}

func folderOf(samples ...sample) fs.FS {
	files := fstest.MapFS{}
	for _, s := range samples {
		files[fmt.Sprintf("updates/%04d-%d.xml", s.n, s.revision)] = &fstest.MapFile{Data: []byte(s.String())}
	}
	return files
}

// model is what MS-WUSP says of a catalogue with approvals, written down with sets: no indexes, no pages, no anchors. It knows the newest
// revision of each update only.
type model struct {
	updates   map[int]sample
	declined  map[int]bool
	approvals map[int]map[uuid.UUID]wsus.Action
}

func newModel() *model {
	return &model{updates: map[int]sample{}, declined: map[int]bool{}, approvals: map[int]map[uuid.UUID]wsus.Action{}}
}

// named tells whether any update names n: as a prerequisite, or as the member of a bundle.
func (m *model) named(n int) (prerequisite, member bool) {
	for _, s := range m.updates {
		member = member || slices.Contains(s.bundled, n)
		for _, clause := range s.prerequisites {
			prerequisite = prerequisite || slices.Contains(clause, n)
		}
	}
	return prerequisite, member
}

// approved is the action for computers of a group: their own group counts before All Computers.
func (m *model) approved(n int, group uuid.UUID) clientsync.Action {
	action, decided := m.approvals[n][group]
	if !decided {
		action = m.approvals[n][wsus.AllComputers]
	}
	switch action {
	case wsus.Install:
		return clientsync.Install
	case wsus.OptionalInstall:
		return clientsync.OptionalInstall
	}
	return clientsync.PreDeploymentCheck
}

// deployed is the set D with its actions: roots, and all that they name, however far.
func (m *model) deployed(group uuid.UUID) map[int]clientsync.Action {
	d := map[int]clientsync.Action{}
	for n, s := range m.updates {
		if _, member := m.named(n); s.kind == "Software" && !member && !s.expired && !m.declined[n] {
			d[n] = m.approved(n, group)
		}
	}
	for grown := true; grown; {
		grown = false
		add := func(n int) {
			if _, known := d[n]; known {
				return
			}
			grown = true
			d[n] = clientsync.Evaluate
			if _, member := m.named(n); member {
				d[n] = clientsync.Bundle
			}
		}
		for n := range d {
			for _, clause := range m.updates[n].prerequisites {
				for _, p := range clause {
					add(p)
				}
			}
			for _, b := range m.updates[n].bundled {
				add(b)
			}
		}
	}
	return d
}

// holding is what a computer holds in the end: what is deployed and has in each clause an update that the computer holds and has installed.
func (m *model) holding(group uuid.UUID, installed func(n int) bool) map[clientsync.UpdateIdentity]clientsync.Action {
	d := m.deployed(group)
	held := map[int]bool{}
	for grown := true; grown; {
		grown = false
		for n := range d {
			ready := true
			for _, clause := range m.updates[n].prerequisites {
				ready = ready && slices.ContainsFunc(clause, func(p int) bool { return held[p] && installed(p) })
			}
			if ready && !held[n] {
				held[n], grown = true, true
			}
		}
	}
	result := map[clientsync.UpdateIdentity]clientsync.Action{}
	for n := range held {
		result[m.updates[n].identity()] = d[n]
	}
	return result
}
