package clientagent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// simPoint is a software update point besides the one that the site has.
type simPoint struct {
	name, group string
	// replica nil is another front end of the site's own server; else it is a server with the same updates, and its own numbers for them.
	replica *wsus.Server
	foreign bool // in another forest
	away    bool // nobody answers
	hidden  bool // the site does not tell it
}

func simURL(server string) string { return "http://" + server + ":8530" }

// drawPoints gives the site more software update points.
func (w *simWorld) drawPoints() error {
	for i := range 1 + w.extra.IntN(3) {
		p := &simPoint{name: fmt.Sprintf("wsus%02d.lab.example", i+2), foreign: w.extra.IntN(4) == 0}
		if w.extra.IntN(2) == 0 {
			var err error
			if p.replica, err = w.newReplica(); err != nil {
				return err
			}
			w.happened("point: replica")
		}
		w.points = append(w.points, p)
	}
	return nil
}

// newReplica makes a server that has got the updates another way, so that it has other numbers for them.
func (w *simWorld) newReplica() (*wsus.Server, error) {
	server, err := wsus.NewServer(context.Background(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory(), Now: func() time.Time { return w.now }})
	if err != nil {
		return nil, err
	}
	first, err := simFolder([]*simUpdate{w.public[len(w.public)-1]})
	if err != nil {
		return nil, err
	}
	if _, err := server.Import(context.Background(), first); err != nil {
		return nil, err
	}
	all, err := simFolder(w.public)
	if err == nil {
		_, err = server.Import(context.Background(), all)
	}
	return server, err
}

// servers are the site's own one and its replicas.
func (w *simWorld) servers() []*wsus.Server {
	all := []*wsus.Server{w.site.server}
	for _, p := range w.points {
		if p.replica != nil {
			all = append(all, p.replica)
		}
	}
	return all
}

// publish imports updates into all servers, and synchronizes.
func (w *simWorld) publish(updates []*simUpdate) {
	if err := w.site.publish(context.Background(), updates); err != nil {
		w.breach("administration", "updates cannot be published: %v", err)
	}
	folder, err := simFolder(updates)
	for _, server := range w.servers()[1:] {
		if err == nil {
			_, err = server.Import(context.Background(), folder)
		}
	}
	if err != nil {
		w.breach("administration", "updates cannot be imported: %v", err)
	}
}

// planPoints has servers that are lost, and an administrator who takes some off the list and wants clients to switch.
func (w *simWorld) planPoints() {
	for range 1 + w.extra.IntN(4) {
		p, from := w.points[w.extra.IntN(len(w.points))], time.Duration(w.extra.Int64N(int64(simMonth)))
		long := time.Duration(w.extra.IntN(30*3600)) * time.Second
		w.queue.plan(simBegin().Add(from), func() { p.away = true; w.log("%s is lost", p.name) })
		w.queue.plan(simBegin().Add(from+long), func() { p.away = false; w.log("%s is back", p.name) })
	}
	for range w.extra.IntN(4) {
		w.someday(func() {
			p := w.points[w.extra.IntN(len(w.points))]
			p.hidden = !p.hidden
			w.listed++
			w.happened("point: hidden %t", p.hidden)
			w.log("%s is on the list: %t", p.name, !p.hidden)
		})
	}
	for range w.extra.IntN(5) {
		w.someday(func() {
			clients, err := w.site.SwitchToNextSoftwareUpdatePoint(context.Background(), []string{updatepoint.AllSystems, simHalf}[w.extra.IntN(2)])
			if err != nil {
				w.breach("administration", "clients cannot be told to switch: %v", err)
			}
			w.happened("point: switch ordered")
			w.log("%d clients shall switch", clients)
		})
	}
}

// calmPoints has each machine reach a server in the end: one that may use none that there is has nothing to tell.
func (w *simWorld) calmPoints() {
	for _, p := range w.points {
		p.away, p.hidden = false, false
	}
	for pair, minutes := range w.fallback {
		if minutes == clientagent.NeverFallback {
			w.fallback[pair] = clientagent.OriginalPointMinutes
		}
	}
	w.listed++
}

// point is the one that a request goes to; nil for the site's own.
func (w *simWorld) point(r simRequest) *simPoint {
	for _, p := range w.points {
		if strings.HasPrefix(r.url, simURL(p.name)) {
			return p
		}
	}
	return nil
}

// tellPoints serves a policy with all software update points: a site of this module has one, and knows no boundary groups. Its ETag counts the
// changes of the list besides.
func (w *simWorld) tellPoints(request simRequest) (*http.Response, []byte) {
	version := fmt.Sprintf("-%d-%d", w.listed, request.owner.moves)
	inner := request
	inner.owner, inner.header = nil, request.header.Clone()
	if known := strings.Trim(inner.header.Get("If-None-Match"), `"`); known != "" {
		if etag, same := strings.CutSuffix(known, version); same {
			inner.header.Set("If-None-Match", `"`+etag+`"`)
		} else {
			inner.header.Del("If-None-Match")
		}
	}
	answer, body := w.serve(inner)
	var p clientagent.Policy
	if answer.StatusCode != http.StatusOK || json.NewDecoder(bytes.NewReader(body)).Decode(&p) != nil {
		return answer, body
	}
	p.ETag += version
	if len(p.Locations) > 0 {
		p.Locations = request.owner.locations(p.Locations[0])
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // it was a policy before
	}
	return answer, body
}

// locations are what the site tells a machine of its servers.
func (a *simAgent) locations(first clientagent.Location) []clientagent.Location {
	all := []clientagent.Location{first}
	for _, p := range a.world.points {
		if !p.hidden {
			all = append(all, clientagent.Location{WSUSURL: simURL(p.name), ServerName: p.name, Version: first.Version, OtherForest: p.foreign})
		}
	}
	if a.world.fallback == nil {
		return all
	}
	for i := range all {
		group := a.world.groupOf(all[i].ServerName)
		all[i].BoundaryGroup, all[i].Fallback = group, a.world.fallback[a.group+group]
	}
	return all
}
