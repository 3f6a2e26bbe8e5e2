package wsustest_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// inProcess carries requests to a handler without a network.
type inProcess struct{ handler http.Handler }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody // as a server has it
	}
	t.handler.ServeHTTP(w, r)
	response := w.Result()
	if response.ContentLength < 0 && response.Header.Get("Transfer-Encoding") == "" {
		response.ContentLength = int64(w.Body.Len()) // as net/http does for a short body
	}
	response.Request = r
	return response, nil
}

const address = "http://wsus.test:8530"

// sampleServer is a server with the sample catalogue, of which nothing is approved. It has imported the updates of before first.
func sampleServer(t testing.TB, change func(*wsus.Config), before ...sample) *wsus.Server {
	t.Helper()
	return serverOf(t, catalog.Files(), change, before...)
}

func emptyServer(t testing.TB) *wsus.Server {
	t.Helper()
	return serverOf(t, fstest.MapFS{}, nil)
}

func serverOf(t testing.TB, files fs.FS, change func(*wsus.Config), before ...sample) *wsus.Server {
	t.Helper()
	config := wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory(), PageSize: 20}
	if change != nil {
		change(&config)
	}
	server, err := wsus.NewServer(context.Background(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	if len(before) > 0 {
		_, err = server.Import(context.Background(), folderOf(before...))
		require.NoError(t, err)
	}
	report, err := server.Import(context.Background(), files)
	require.NoError(t, err)
	require.Empty(t, report.Refused)
	return server
}

// fewUpdates is the part of the sample that a defect needs to show: bundles, one of them with alternatives; files of every size; texts in several
// languages; and whatever those name.
func fewUpdates(t testing.TB) fs.FS {
	t.Helper()
	all := catalog.Files()
	names, err := fs.Glob(all, "updates/*.xml")
	require.NoError(t, err)
	byID := map[uuid.UUID]string{}
	parsed := map[string]*metadata.Update{}
	var queue []string
	for _, name := range names {
		text, err := fs.ReadFile(all, name)
		require.NoError(t, err)
		update, err := metadata.Parse(text)
		require.NoError(t, err)
		byID[update.UpdateID], parsed[name] = name, update
		switch strings.TrimPrefix(name, "updates/")[:3] {
		case "201", "234", "271", "281", "405":
			queue = append(queue, name)
		}
	}
	require.Len(t, queue, 5)
	few := fstest.MapFS{}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if few[name] != nil {
			continue
		}
		few[name] = &fstest.MapFile{Data: parsed[name].Document}
		r := parsed[name].Relationships
		for _, clause := range slices.Concat(r.Prerequisites, r.Bundled) {
			for _, m := range clause.Members {
				if other, there := byID[m.UpdateID]; there {
					queue = append(queue, other)
				}
			}
		}
		for _, file := range parsed[name].Extended.Files {
			data, err := fs.ReadFile(all, "content/"+file.Name)
			require.NoError(t, err)
			few["content/"+file.Name] = &fstest.MapFile{Data: data}
		}
	}
	return few
}

// approveAll approves what the table of the sample lists.
func approveAll(t testing.TB, server *wsus.Server) {
	t.Helper()
	rows, err := catalog.Table()
	require.NoError(t, err)
	for _, row := range rows {
		if _, err := server.Update(context.Background(), row.ID); errors.Is(err, wsus.ErrNotFound) {
			continue
		}
		require.NoError(t, server.Approve(context.Background(), row.ID, wsus.Install, wsus.AllComputers), row.Title)
	}
}

func machine(t testing.TB, name string) *snapshot.Machine {
	t.Helper()
	file, err := snapshot.Shipped().Open(name + ".json")
	require.NoError(t, err)
	defer file.Close()
	m, err := snapshot.Decode(file)
	require.NoError(t, err)
	return m
}
