package wsus_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func TestUpdateCategories(t *testing.T) {
	ctx := t.Context()
	docs := append([]document{}, ruleCategories...)
	docs = append(docs, document{id: id(205), kind: "Category", category: "Product", title: "Deep", prerequisites: [][]uuid.UUID{{ruleCompany}, {ruleFamily}}})
	server := newServer(t, docs...)
	require.Equal(t, []wsus.UpdateCategory{
		{ID: ruleCompany, Title: "Company", Type: "Company"},
		{ID: id(205), Title: "Deep", Type: "Product", ParentID: ruleFamily},
		{ID: ruleFamily, Title: "Family", Type: "ProductFamily", ParentID: ruleCompany},
		{ID: ruleOther, Title: "Other", Type: "Product", ParentID: ruleCompany},
		{ID: ruleProduct, Title: "Product", Type: "Product", ParentID: ruleFamily},
	}, server.UpdateCategories(ctx))
	require.Equal(t, []wsus.UpdateCategory{
		{ID: wsus.CriticalUpdates, Title: "Critical Updates", Type: "UpdateClassification"},
		{ID: wsus.SecurityUpdates, Title: "Security Updates", Type: "UpdateClassification"},
	}, server.UpdateClassifications(ctx))
	require.Empty(t, newServer(t).UpdateCategories(ctx))
}

// Each line of the table is a question of an administrator, and the updates that answer it, worked out by hand.
func TestUpdateQueries(t *testing.T) {
	ctx := t.Context()
	server := newServer(t, append(ruleCategories, classified(1, ruleProduct, wsus.SecurityUpdates), classified(2, ruleOther, wsus.SecurityUpdates),
		classified(3, ruleProduct, wsus.CriticalUpdates), driverUpdate(4, driver{}))...)
	c := server.Configuration()
	c.AutoRefreshUpdateApprovals = false
	require.NoError(t, server.SetConfiguration(ctx, c))
	lab, err := server.CreateTargetGroup(ctx, "Lab")
	require.NoError(t, err)
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, lab.ID))
	require.NoError(t, server.Approve(ctx, id(2), wsus.OptionalInstall, lab.ID))
	require.NoError(t, server.Approve(ctx, id(3), wsus.Scan, lab.ID))
	version := server.CatalogVersion()
	newer := classified(2, ruleOther, wsus.SecurityUpdates)
	newer.revision, newer.superseded = 2, []uuid.UUID{id(3)}
	_, err = server.Import(ctx, folder(newer, classified(5, ruleProduct, wsus.SecurityUpdates)))
	require.NoError(t, err)
	made := time.Date(2026, 2, 3, 4, 5, 6, 7e8, time.UTC) // of all documents here
	for question, c := range map[string]struct {
		query wsus.Query
		want  []uuid.UUID
	}{
		"all":                        {wsus.Query{}, []uuid.UUID{id(1), id(3), id(4), id(2), id(5)}},
		"drivers":                    {wsus.Query{Type: metadata.Driver}, []uuid.UUID{id(4)}},
		"software of a product":      {wsus.Query{Type: metadata.Software, Product: ruleProduct}, []uuid.UUID{id(1), id(3), id(5)}},
		"approved":                   {wsus.Query{ApprovedStates: wsus.LatestRevisionApproved}, []uuid.UUID{id(1)}},
		"approved in an old form":    {wsus.Query{ApprovedStates: wsus.HasStaleUpdateApprovals}, []uuid.UUID{id(2)}},
		"not approved":               {wsus.Query{ApprovedStates: wsus.NoUpdateApproved}, []uuid.UUID{id(3), id(4), id(5)}},
		"to decide about":            {wsus.Query{ApprovedStates: wsus.NoUpdateApproved | wsus.HasStaleUpdateApprovals, Type: metadata.Software}, []uuid.UUID{id(3), id(2), id(5)}},
		"new or revised":             {wsus.Query{SinceVersion: version}, []uuid.UUID{id(2), id(5)}},
		"made at that very moment":   {wsus.Query{CreatedFrom: made, CreatedTo: made, Text: "driver"}, []uuid.UUID{id(4)}},
		"made later":                 {wsus.Query{CreatedFrom: made.Add(1)}, nil},
		"made before":                {wsus.Query{CreatedTo: made.Add(-1)}, nil},
		"nothing is newer than that": {wsus.Query{SinceVersion: version + 1}, nil},
	} {
		var got []uuid.UUID
		for u, err := range server.Updates(ctx, c.query) {
			require.NoError(t, err)
			got = append(got, u.ID)
		}
		require.Equal(t, c.want, got, question)
	}
	u, err := server.Update(ctx, id(3))
	require.NoError(t, err)
	require.Equal(t, metadata.Software, u.Type)
	require.Equal(t, []uuid.UUID{ruleProduct}, u.Products)
	require.Equal(t, []uuid.UUID{id(2)}, u.SupersededBy)
	u, err = server.Update(ctx, id(2))
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{id(3)}, u.Supersedes)

	d, err := server.Document(ctx, id(2))
	require.NoError(t, err)
	require.Equal(t, int32(2), d.Revision)
	require.Equal(t, "update", d.Localized[0].Title)
	_, err = server.Document(ctx, id(99))
	require.ErrorIs(t, err, wsus.ErrNotFound)
}
