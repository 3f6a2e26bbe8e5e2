package clientagent_test

import (
	"crypto/sha1" //nolint:gosec // the key of a file in the protocol
	"fmt"
	"io/fs"
	"math/rand/v2"
	"testing/fstest"
	"time"

	"github.com/beevik/etree"
	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// simUpdate is one update of a simulated catalogue. A machine has it when the registry key of its name is there, and it applies to those with
// the key "wants <name>"; a bundle is its parts.
type simUpdate struct {
	name       string
	id         uuid.UUID
	parts      []*simUpdate
	platform   string // its prerequisite, a detectoid
	supersedes *simUpdate
	superseded *simUpdate // by
	restart    bool
	bundle     *simUpdate // that it is a part of
	later      bool       // published in the course of the month
	declined   bool
	exclusive  bool         // wants exclusive handling; never a bundle itself, which has no installer
	servicing  bool         // renews the servicing stack
	sha1       content.SHA1 // of the payload, once it is known
	runTime    time.Duration
}

// drawSimCatalog makes a catalogue with all kinds of updates.
func drawSimCatalog(r *rand.Rand) []*simUpdate {
	var all []*simUpdate
	for i := range 6 + r.IntN(10) {
		u := &simUpdate{name: fmt.Sprintf("u%02d", i), later: i > 4 && r.IntN(4) == 0}
		switch r.IntN(8) {
		case 0:
			for part := range 1 + r.IntN(2) {
				name := fmt.Sprintf("%s-part%d", u.name, part)
				u.parts = append(u.parts, &simUpdate{name: name, id: updateID(name), bundle: u, restart: r.IntN(4) == 0})
			}
		case 1:
			u.platform = []string{"north", "south"}[r.IntN(2)]
		case 2:
			if old := pickSimUpdate(r, all); old != nil && len(old.parts) == 0 && old.superseded == nil && old.platform == "" {
				u.supersedes, old.superseded = old, u
			}
		case 3, 4:
			u.restart = true
		}
		u.id = updateID(u.name)
		all = append(all, u)
	}
	return all
}

func pickSimUpdate(r *rand.Rand, all []*simUpdate) *simUpdate {
	if len(all) == 0 {
		return nil
	}
	return all[r.IntN(len(all))]
}

// leaves are what installing the update puts in place.
func (u *simUpdate) leaves() []*simUpdate {
	if len(u.parts) > 0 {
		return u.parts
	}
	return []*simUpdate{u}
}

// limit is the maximum run time.
func (u *simUpdate) limit() time.Duration {
	if u.bundle != nil {
		return u.bundle.runTime
	}
	return u.runTime
}

// payload is the file of a leaf.
func (u *simUpdate) payload() compose.Payload {
	return compose.Payload{Name: u.name + ".exe", Size: 200, Modified: "2026-01-02"}
}

// digest is that of the payload.
func (u *simUpdate) digest() content.SHA1 {
	if u.sha1 == (content.SHA1{}) {
		u.sha1 = sha1.Sum(u.payload().Content()) //nolint:gosec // the key of a file in the protocol
	}
	return u.sha1
}

func simKeyExists(name string) *etree.Element {
	return compose.Base("RegKeyExists", "Key", compose.HKLM, "Subkey", registryKey(name))
}

// document is the update as it is published.
func (u *simUpdate) document() compose.Document {
	d := compose.Document{Name: u.name, ID: u.id.String(), Deployable: u.bundle == nil, Created: "2026-01-02", Publisher: updateID("publisher").String(),
		Texts: []compose.Text{{Language: "en", Title: u.title()}}}
	if u.platform != "" {
		d.Prerequisites = []compose.Clause{{Single: true, Members: []string{updateID(u.platform).String()}}}
	}
	if u.supersedes != nil {
		d.Supersedes = []string{u.supersedes.id.String()}
	}
	if len(u.parts) > 0 {
		for _, part := range u.parts {
			d.Bundled = append(d.Bundled, compose.Clause{Members: []string{part.id.String()}})
		}
		return d
	}
	d.Installed, d.Installable = simKeyExists(u.name), simKeyExists("wants "+u.name)
	d.Handler = compose.CommandLine{Program: u.name + ".exe", RestartCode: 3010}
	d.Payloads = []compose.Payload{u.payload()}
	if u.exclusive {
		d.Install.Impact = "RequiresExclusiveHandling"
	}
	return d
}

func simPlatform(name string) compose.Document {
	return compose.Document{Name: name, ID: updateID(name).String(), Type: "Detectoid", Created: "2026-01-02",
		Publisher: updateID("publisher").String(), Texts: []compose.Text{{Language: "en", Title: name}}, Installed: simKeyExists(name)}
}

// simFolder is an import folder with updates and their content.
func simFolder(updates []*simUpdate) (fs.FS, error) {
	folder := fstest.MapFS{}
	add := func(d compose.Document) error {
		xml, err := d.XML()
		folder["updates/"+d.Name+".xml"] = &fstest.MapFile{Data: xml}
		for _, p := range d.Payloads {
			folder["content/"+p.Name] = &fstest.MapFile{Data: p.Content()}
		}
		return err
	}
	documents := []compose.Document{simPlatform("north"), simPlatform("south")}
	for _, u := range updates {
		for _, part := range u.parts {
			documents = append(documents, part.document())
		}
		documents = append(documents, u.document())
	}
	for _, d := range documents {
		if err := add(d); err != nil {
			return nil, err
		}
	}
	return folder, nil
}
