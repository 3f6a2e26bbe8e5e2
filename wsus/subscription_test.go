package wsus_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// A small world of products: a family with two products, another family with one, two classifications, and what belongs to them.
var (
	family, client, host   = id(1), id(2), id(3)
	foreign, office        = id(4), id(5)
	security, feature      = id(6), id(7)
	forClient, forHost     = id(11), id(12)
	featureForClient       = id(13)
	forOffice, bundle      = id(14), id(15)
	member, stack, nowhere = id(16), id(17), id(18)
)

func products() []document {
	of := func(products ...uuid.UUID) [][]uuid.UUID { return [][]uuid.UUID{products} }
	with := func(product, classification uuid.UUID, more ...uuid.UUID) [][]uuid.UUID {
		clauses := [][]uuid.UUID{{product}, {classification}}
		for _, id := range more {
			clauses = append(clauses, []uuid.UUID{id})
		}
		return clauses
	}
	return []document{
		{id: family, kind: "Category", category: "ProductFamily", title: "Windows"},
		{id: client, kind: "Category", category: "Product", title: "Windows 11", prerequisites: of(family)},
		{id: host, kind: "Category", category: "Product", title: "Windows Server", prerequisites: of(family)},
		{id: foreign, kind: "Category", category: "ProductFamily", title: "Office family"},
		{id: office, kind: "Category", category: "Product", title: "Office", prerequisites: of(foreign)},
		{id: security, kind: "Category", category: "UpdateClassification", title: "Security Updates"},
		{id: feature, kind: "Category", category: "UpdateClassification", title: "Feature Packs"},
		{id: forClient, title: "client", deployable: true, prerequisites: with(client, security, stack)},
		{id: forHost, title: "host", deployable: true, prerequisites: with(host, security)},
		{id: featureForClient, title: "feature", deployable: true, prerequisites: with(client, feature)},
		{id: forOffice, title: "office", deployable: true, prerequisites: with(office, security)},
		{id: bundle, title: "bundle", deployable: true, prerequisites: with(client, security), bundled: [][]uuid.UUID{{member}}},
		{id: member, title: "member", prerequisites: with(office, feature)},
		{id: stack, title: "stack", deployable: true, prerequisites: with(office, feature)},
		{id: nowhere, title: "nowhere", deployable: true},
	}
}

// What is selected, and what an import leaves out then: a table by hand.
func TestSubscription(t *testing.T) {
	for name, row := range map[string]struct {
		wsus.Subscription
		left []uuid.UUID
	}{
		"nothing said":           {},
		"a product":              {wsus.Subscription{Categories: []uuid.UUID{client}}, []uuid.UUID{forHost, forOffice}},
		"a family":               {wsus.Subscription{Categories: []uuid.UUID{family}}, []uuid.UUID{forOffice}},
		"another family":         {wsus.Subscription{Categories: []uuid.UUID{foreign}}, []uuid.UUID{forClient, forHost, featureForClient, bundle}},
		"a classification":       {wsus.Subscription{Classifications: []uuid.UUID{security}}, []uuid.UUID{featureForClient}},
		"both":                   {wsus.Subscription{[]uuid.UUID{client}, []uuid.UUID{feature}}, []uuid.UUID{forClient, forHost, forOffice, bundle, member, stack}},
		"what is still to come":  {wsus.Subscription{Categories: []uuid.UUID{id(99)}}, []uuid.UUID{forClient, forHost, featureForClient, forOffice, bundle, member, stack}},
		"two products":           {wsus.Subscription{Categories: []uuid.UUID{client, host}}, []uuid.UUID{forOffice}},
		"classification of none": {wsus.Subscription{Classifications: []uuid.UUID{id(99)}}, []uuid.UUID{forClient, forHost, featureForClient, forOffice, bundle, member, stack}},
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t)
			require.NoError(t, server.SetSubscription(t.Context(), row.Subscription))
			report, err := server.Import(t.Context(), folder(products()...))
			require.NoError(t, err)
			require.Empty(t, report.Refused)
			var left []uuid.UUID
			for _, l := range report.LeftOut {
				left = append(left, l.UpdateID)
			}
			require.ElementsMatch(t, row.left, left)
			require.Equal(t, len(products())-len(row.left), report.Added, "categories count once")
			again, err := server.Import(t.Context(), folder(products()...))
			require.NoError(t, err)
			require.Zero(t, again.Added)
			require.Equal(t, report.Added, again.Unchanged)
			require.Len(t, again.LeftOut, len(row.left))
		})
	}
}

// The files of what is left out, its license too, are not taken over, and nobody misses them or takes offence at cabinets among them; a deselected product keeps what is here.
func TestSubscriptionLeavesFiles(t *testing.T) {
	store, files := memory.Open().WSUS(), content.Memory()
	server, err := wsus.NewServer(t.Context(), wsus.Config{Store: store, Content: files})
	require.NoError(t, err)
	all := products()
	payload := []byte("a cabinet")
	all[10].file = fileElement("office.cab", payload)
	all[10].attributes = fmt.Sprintf(`EulaID="%s"`, id(900))
	all[10].eulaFiles = eulaFile("license.cab", "en", "", "a license in a cabinet")
	source := folder(all...).(fstest.MapFS)
	for name, data := range map[string]string{"office.cab": string(payload), "license.cab": "a license in a cabinet"} {
		source[name] = &fstest.MapFile{Data: []byte(data)}
	}
	require.NoError(t, server.SetSubscription(t.Context(), wsus.Subscription{Categories: []uuid.UUID{family}}))
	report, err := server.Import(t.Context(), source)
	require.NoError(t, err)
	require.Empty(t, report.Refused)
	require.Empty(t, report.Missing)
	require.Zero(t, report.Files)

	require.NoError(t, server.SetSubscription(t.Context(), wsus.Subscription{Categories: []uuid.UUID{foreign}}))
	report, err = server.Import(t.Context(), source)
	require.NoError(t, err)
	require.Empty(t, report.Refused)
	require.Equal(t, 2, report.Files, "the payload and the license")
	_, err = server.Update(t.Context(), forClient)
	require.NoError(t, err, "what is here stays")

	reopened, err := wsus.NewServer(t.Context(), wsus.Config{Store: store, Content: files})
	require.NoError(t, err)
	sub, err := reopened.Subscription(t.Context())
	require.NoError(t, err)
	require.Equal(t, wsus.Subscription{Categories: []uuid.UUID{foreign}}, sub)
}

func TestSubscriptionIsChecked(t *testing.T) {
	err := newServer(t).SetSubscription(t.Context(), wsus.Subscription{Categories: make([]uuid.UUID, wsus.MaxSelected+1), Classifications: []uuid.UUID{{}}})
	require.ErrorContains(t, err, "10001 categories are more than 10000")
	require.ErrorContains(t, err, "one of the categories is the empty id")
	require.ErrorContains(t, err, "one of the classifications is the empty id")
}

// Explain names what is not selected; selecting it and importing again brings the update.
func TestExplainProductNotSelected(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx := t.Context()
		server := newServer(t)
		sub := wsus.Subscription{
			Categories:      rapid.SliceOfNDistinct(rapid.SampledFrom([]uuid.UUID{family, client, host, foreign, office, id(99)}), 0, 3, rapid.ID).Draw(rt, "categories"),
			Classifications: rapid.SliceOfNDistinct(rapid.SampledFrom([]uuid.UUID{security, feature}), 0, 1, rapid.ID).Draw(rt, "classifications"),
		}
		require.NoError(rt, server.SetSubscription(ctx, sub))
		report, err := server.Import(ctx, folder(products()...))
		require.NoError(rt, err)
		agent := newWUA(t, server, "pc1", "")
		agent.sync(t, clientsync.SyncParameters{})
		left := map[uuid.UUID]bool{}
		for _, l := range report.LeftOut {
			left[l.UpdateID] = true
		}
		for _, d := range products() {
			x, err := server.Explain(ctx, "pc1", d.id)
			require.NoError(rt, err)
			named := slices.ContainsFunc(x.Reasons, func(r wsus.Reason) bool { return r.Kind == wsus.ProductNotSelected })
			require.Equal(rt, left[d.id], named, "%s: %+v", d.title, x)
			if !named {
				continue
			}
			require.Equal(rt, d.title, x.Title)
			require.Equal(rt, wsus.NotSent, x.Stage)
			sub.Categories = append(sub.Categories, x.Reasons[0].IDs...)
			sub.Classifications = append(sub.Classifications, x.Reasons[0].IDs...)
			require.NoError(rt, server.SetSubscription(ctx, sub))
			x, err = server.Explain(ctx, "pc1", d.id)
			require.NoError(rt, err)
			require.Equal(rt, wsus.NotSynchronized, x.Reasons[0].Kind)
			require.Contains(rt, x.Reasons[0].Text, "they are now. Import it again.")
			_, err = server.Import(ctx, folder(products()...))
			require.NoError(rt, err)
			_, err = server.Update(ctx, d.id)
			require.NoError(rt, err)
			return // what else was left out may be here now
		}
	})
}
