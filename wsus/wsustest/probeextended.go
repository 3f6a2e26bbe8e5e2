package wsustest

import (
	"crypto/sha1"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func extendedComplete(e *examination) {
	if !e.wantScan() {
		return
	}
	var ids []int32
	for _, r := range e.agent.Cache() {
		ids = append(ids, r.ID)
	}
	e.described = map[int32]Description{}
	for some := range slices.Chunk(ids, 100*min(max(e.maxExtended(), 1), mostExtended)) {
		e.agent.Session().Trips = 0 // a large catalogue takes more than a scan may
		described, err := e.agent.Describe(e.ctx, some...)
		if err != nil {
			e.failf("%v", err)
			return
		}
		maps.Copy(e.described, described)
	}
}

func extendedUnknown(e *examination) {
	if !e.wantScan() {
		return
	}
	known := e.agent.Cache()[0].ID
	const unknown = 2147480002
	answer, err := e.agent.Session().GetExtendedUpdateInfo(e.ctx, clientsync.ExtendedQuery{RevisionIDs: []int32{known, unknown},
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment}})
	switch {
	case err != nil:
		e.failf("GetExtendedUpdateInfo with the unknown revision %d: %v; it is out of scope, not a fault", unknown, err)
	case !slices.Contains(answer.OutOfScopeRevisionIDs, unknown):
		e.failf("GetExtendedUpdateInfo does not call the unknown revision %d out of scope", unknown)
	case !slices.ContainsFunc(answer.Updates, func(f clientsync.Fragment) bool { return f.ID == known }):
		e.failf("GetExtendedUpdateInfo leaves revision %d out when an unknown one is asked for along with it", known)
	}
}

// maxTextsAsked bounds the revisions whose texts are asked for in each language.
const maxTextsAsked = 500

// extendedLocales asks for one language after the other. Which ones an update has is known from the answers: one that it has answered in
// before must be answered again.
func extendedLocales(e *examination) {
	if !e.wantScan() {
		return
	}
	var ids []int32
	for _, r := range e.agent.Cache()[:min(len(e.agent.Cache()), maxTextsAsked)] {
		ids = append(ids, r.ID)
	}
	texts := []clientsync.FragmentType{clientsync.LocalizedPropertiesFragment}
	has := map[int32]map[string]bool{}
	answers := map[string]map[int32][]string{}
	languages := []string{"en", "de", "fr"}
	for _, language := range languages {
		answer, err := e.agent.Session().GetExtendedUpdateInfo(e.ctx, clientsync.ExtendedQuery{RevisionIDs: ids, InfoTypes: texts, Locales: []string{language}})
		if err != nil {
			e.failf("GetExtendedUpdateInfo in %s: %v", language, err)
			return
		}
		answers[language] = map[int32][]string{}
		for _, f := range answer.Updates {
			text, err := metadata.ParseLocalized(f.XML)
			if err != nil {
				e.failf("the LocalizedProperties of revision %d cannot be read: %v", f.ID, err)
				continue
			}
			got := strings.ToLower(text.Language)
			answers[language][f.ID] = append(answers[language][f.ID], got)
			if has[f.ID] == nil {
				has[f.ID] = map[string]bool{}
			}
			has[f.ID][got] = true
		}
	}
	for _, language := range languages {
		for _, id := range ids {
			got := answers[language][id]
			switch {
			case len(got) == 0:
				e.failf("revision %d has no text when %s is asked for, not even in another language", id, language)
			case len(got) > 1:
				e.failf("revision %d has texts in %s when %s is asked for; one is wanted", id, strings.Join(got, ", "), language)
			case has[id][language] && got[0] != language:
				e.failf("revision %d is told in %s when %s is asked for, which it has", id, got[0], language)
			case language == "en" && got[0] != "en" && !strings.HasPrefix(got[0], "en-"):
				e.failf("revision %d is told in %s when en is asked for; every update should have it", id, got[0])
			}
		}
	}
	_, err := e.client.GetExtendedUpdateInfo(e.ctx, e.agent.Session().State.Cookie, clientsync.ExtendedQuery{RevisionIDs: ids[:1], InfoTypes: texts})
	e.wantFault("LocalizedProperties without locales", err, clientsync.InvalidParameters)
}

// mostExtended is how many revisions a probe asks for at once, whatever the server says that it takes.
const mostExtended = 10_000

func extendedLimit(e *examination) {
	if !e.wantScan() {
		return
	}
	n := e.maxExtended()
	if n == 0 || n > mostExtended {
		e.skipf("MaxExtendedUpdatesPerRequest is no usable number")
		return
	}
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = 2147470000 + int32(i)
	}
	for i, r := range e.agent.Cache()[:min(n, len(e.agent.Cache()))] {
		ids[i] = r.ID
	}
	_, err := e.client.GetExtendedUpdateInfo(e.ctx, e.agent.Session().State.Cookie, clientsync.ExtendedQuery{RevisionIDs: ids,
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment}})
	if err != nil {
		e.failf("GetExtendedUpdateInfo with %d revisions: %v", n, err)
	}
}

// unknownIdentity is a revision that no server has.
func unknownIdentity() clientsync.UpdateIdentity {
	return clientsync.UpdateIdentity{UpdateID: uuid.MustParse("00000000-0000-4000-8000-00000000beef"), RevisionNumber: 7}
}

func refresh(e *examination) {
	if !e.wantScan() {
		return
	}
	unknown := unknownIdentity()
	asked := []clientsync.UpdateIdentity{unknown}
	held := map[clientsync.UpdateIdentity]*Revision{}
	for _, r := range e.agent.Cache() {
		if r.core != nil {
			asked, held[r.Identity()] = append(asked, r.Identity()), r
		}
	}
	answers, err := e.agent.Session().RefreshCache(e.ctx, asked)
	if err != nil {
		e.failf("%v", err)
		return
	}
	e.agent.judgeRefresh(asked, answers)
	named := map[clientsync.UpdateIdentity]bool{}
	for _, a := range answers {
		named[a.GlobalID] = true
		r := held[a.GlobalID]
		switch {
		case a.GlobalID == unknown:
			e.failf("RefreshCache gives revision id %d to %s;%d, which no server has", a.RevisionID, unknown.UpdateID, unknown.RevisionNumber)
		case r == nil:
		case a.RevisionID != r.ID:
			e.failf("RefreshCache gives the id %d to %v", a.RevisionID, r)
		case a.IsLeaf != r.Leaf:
			e.failf("RefreshCache says IsLeaf %t of %v, SyncUpdates said %t", a.IsLeaf, r, r.Leaf)
		}
	}
	for identity, r := range held {
		if !named[identity] && r.Deployment.Action != clientsync.Bundle { // real servers leave those of bundles out
			e.failf("RefreshCache leaves %v out, which SyncUpdates has delivered", r)
		}
	}
}

// file is one that was described, with an address.
type file struct {
	metadata.File
	url string
	of  int32
}

// files lists what may be downloaded, the smallest first.
func (e *examination) files() []file {
	var list []file
	seen := map[[20]byte]bool{}
	for _, r := range e.agent.Cache() {
		d := e.described[r.ID]
		if d.Extended == nil {
			continue
		}
		for _, f := range d.Extended.Files {
			if url := d.URLs[f.SHA1]; url != "" && !seen[f.SHA1] {
				seen[f.SHA1] = true
				list = append(list, file{f, url, r.ID})
			}
		}
	}
	slices.SortFunc(list, func(a, b file) int { return int(min(max(a.Size-b.Size, -1), 1)) })
	return list
}

func locations(e *examination) {
	files := e.files()
	if len(files) == 0 {
		e.skipf("no file was described")
		return
	}
	unknown := sha1.Sum([]byte("a file that no server has"))
	answer, err := e.agent.Session().GetFileLocations(e.ctx, [][20]byte{files[0].SHA1, unknown})
	if err != nil {
		e.failf("%v", err)
		return
	}
	found := false
	for _, l := range answer {
		switch l.FileDigest {
		case files[0].SHA1:
			found = true
		case unknown:
			e.failf("GetFileLocations gives %s for the digest %X, which no file has", l.URL, unknown)
		default:
			e.failf("GetFileLocations answers the digest %X, which was not asked for", l.FileDigest)
		}
	}
	if !found {
		e.failf("GetFileLocations does not know the file %q of revision %d (SHA-1 %X)", files[0].Name, files[0].of, files[0].SHA1)
	}
	_, err = e.post(clientsync.ClientPath, clientsync.ClientNamespace, "GetFileLocations", cookieXML(e.agent.Session().State.Cookie)+
		fmt.Sprintf("<fileDigests><base64Binary>%s</base64Binary></fileDigests>", "AAAAAAAAAAAAAAAAAAAAAAAAAA=="))
	e.wantFault("GetFileLocations with a digest of 19 bytes", err, clientsync.InvalidParameters)
}
