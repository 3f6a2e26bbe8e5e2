package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// TestDoctorOnARunningSite does what README says: examine the site, then break it by hand and examine it again.
func TestDoctorOnARunningSite(t *testing.T) {
	data := t.TempDir()
	parse := func(args ...string) options {
		o, err := parseOptions(append(append([]string{"-agents", "0", "-data", data}, free...), args...), io.Discard)
		require.NoError(t, err)
		return o
	}
	var healthy bytes.Buffer
	var address string
	kept := filepath.Join(t.TempDir(), "ca.crt")
	while(t, parse("-doctor"), &healthy, func(h *house) {
		require.Contains(t, healthy.String(), "nothing found")
		address = h.point.URL()
		pair := pairOf(t, h)
		require.Empty(t, kinds(t, address, "-data", data))
		require.Equal(t, []ssl.Kind{ssl.UnknownAuthority}, kinds(t, address))
		require.Equal(t, []ssl.Kind{ssl.PolicySaysHTTP}, kinds(t, pair.MetadataURL("localhost", false), "-data", data))
		require.Equal(t, []ssl.Kind{ssl.WrongScheme}, kinds(t, ports.Pair{HTTP: pair.HTTPS}.MetadataURL("localhost", false), "-data", data))
		text, err := os.ReadFile(filepath.Join(data, "ca", "ca.crt"))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(kept, text, 0o644))
	})
	require.Equal(t, []ssl.Kind{ssl.NothingListens}, kinds(t, address, "-data", data), "the site has ended")

	while(t, parse("-plain"), io.Discard, func(h *house) {
		secure := pairOf(t, h).MetadataURL("localhost", true)
		require.Equal(t, []ssl.Kind{ssl.HTTPSClosed}, kinds(t, secure, "-data", data))
		require.Empty(t, kinds(t, h.point.URL(), "-data", data))
	})

	require.NoError(t, os.RemoveAll(filepath.Join(data, "ca")))
	while(t, parse(), io.Discard, func(h *house) {
		require.Equal(t, []ssl.Kind{ssl.UnknownAuthority}, kinds(t, h.point.URL(), "-ca", kept), "clients still trust the old authority")
		require.Empty(t, kinds(t, h.point.URL(), "-data", data))
	})

	data = t.TempDir() // the role stays on its server
	while(t, parse("-host", "wsus01.lab.example"), io.Discard, func(h *house) {
		require.Equal(t, []ssl.Kind{ssl.AdvertisedHost}, kinds(t, pairOf(t, h).MetadataURL("localhost", true), "-data", data))
	})
}

// while runs the site, calls do when it is ready, and ends it.
func while(t *testing.T, o options, stdout io.Writer, do func(h *house)) {
	t.Helper()
	var log bytes.Buffer
	ctx, end := context.WithCancel(context.Background())
	ready, ended := make(chan *house), make(chan error, 1)
	go func() {
		ended <- live(ctx, o, o.data, newProgress(&log), stdout, func(ctx context.Context, h *house, _ []*machine) error {
			select {
			case ready <- h:
			case <-ctx.Done():
			}
			return nil
		})
	}()
	defer func() {
		end()
		require.NoError(t, <-ended, log.String())
	}()
	select {
	case h := <-ready:
		do(h)
	case err := <-ended:
		ended <- err
		t.Fatal(err)
	}
}

// pairOf are the ports of a site, from the URL that clients get.
func pairOf(t *testing.T, h *house) ports.Pair {
	u, err := url.Parse(h.point.URL())
	require.NoError(t, err)
	port, err := strconv.Atoi(u.Port())
	require.NoError(t, err)
	derive := ports.ForHTTP
	if u.Scheme == "https" {
		derive = ports.ForHTTPS
	}
	pair, err := derive(port)
	require.NoError(t, err)
	return pair
}

// kinds examines the site at a URL as a second process would, and returns what it found.
func kinds(t *testing.T, address string, args ...string) []ssl.Kind {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), append([]string{"-json", "-doctor", address}, args...), &stdout, &stderr)
	var d ssl.Diagnosis
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &d), stderr.String())
	var found []ssl.Kind
	for _, f := range d.Findings {
		found = append(found, f.Kind)
	}
	require.Equal(t, len(found) > 0, code != 0, stderr.String())
	return found
}

func TestDoctorRefusesBadInput(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"-doctor", "localhost:8531"}, "it must begin with https://"},
		{[]string{"-doctor", "https://localhost:8531", "-data", filepath.Join(t.TempDir(), "none")}, "name its folder with -data"},
		{[]string{"-doctor", "https://localhost:8531", "-ca", "doctor_test.go"}, "holds no certificate"},
		{[]string{"-doctor", "https://localhost:8531", "surplus"}, `unexpected argument "surplus"`},
		{[]string{"-ca", "x"}, "-ca is for -doctor URL"},
		{[]string{"-doctor", ""}, "-doctor is given an empty URL"},
	} {
		var stdout, stderr bytes.Buffer
		require.Equal(t, 1, run(context.Background(), c.args, &stdout, &stderr))
		require.Contains(t, stderr.String(), c.says)
		require.Empty(t, stdout.String())
	}
}
