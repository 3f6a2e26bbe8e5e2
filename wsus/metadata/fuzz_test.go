package metadata_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// What can be parsed can be cut into fragments, and the Core fragment says the same.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"testdata/viewer/update.xml", "testdata/namespaces/update.xml"} {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
		f.Add(utf16le(string(data)))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		u, err := metadata.Parse(doc)
		if err != nil {
			require.IsType(t, &metadata.SyntaxError{}, err)
			return
		}
		fragments, err := u.Fragments()
		require.NoError(t, err)
		core, err := metadata.ParseCore(fragments.Core)
		require.NoError(t, err, fragments.Core)
		require.Equal(t, u.Identity, core.Identity)
		require.Equal(t, u.Relationships, core.Relationships)
		extended, err := metadata.ParseExtended(fragments.Extended)
		require.NoError(t, err, fragments.Extended)
		requireDataErrors(t, core, extended)
		p, _, err := metadata.PackageOf(u)
		if err == nil {
			_, err = p.Document()
		}
		if err != nil {
			require.NotEmpty(t, err.Error())
		}
	})
}

// requireDataErrors reads everything typed; what is wrong with it is told and nothing else.
func requireDataErrors(t *testing.T, core *metadata.Core, extended *metadata.Extended) {
	_, installer := extended.Installer()
	_, patch := core.Rules.MSIPatch()
	_, app := core.Rules.MSIApplication()
	_, cbs := core.Rules.CBSPackage()
	for _, err := range []error{installer, patch, app, cbs} {
		if err != nil {
			require.IsType(t, &metadata.DataError{}, err)
		}
	}
}

// What can be read as a package can be written and read again, and becomes documents that can be read, or a reason is told.
func FuzzParsePackage(f *testing.F) {
	for _, file := range []string{"testdata/packages/agent.sdp", "testdata/packages/suite.sdp"} {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
		f.Add(utf16le(string(data)[len(`<?xml version="1.0" encoding="utf-8"?>`)+1:]))
	}
	f.Fuzz(func(t *testing.T, sdp []byte) {
		p, err := metadata.ParsePackage(sdp)
		if err != nil {
			require.IsType(t, &metadata.SyntaxError{}, err)
			return
		}
		published, err := p.Update(metadata.PublishOptions{})
		if err != nil {
			return
		}
		_, err = metadata.Parse(published.Document)
		require.NoError(t, err)
		doc, err := p.Document()
		if err != nil {
			return
		}
		again, err := metadata.ParsePackage(doc)
		require.NoError(t, err, string(doc))
		second, err := again.Update(metadata.PublishOptions{})
		require.NoError(t, err, string(doc))
		require.Equal(t, string(published.Document), string(second.Document))
	})
}

func FuzzParseFragment(f *testing.F) {
	for _, file := range []string{"viewer/core.xml", "viewer/extended.xml", "viewer/localized-en.xml", "namespaces/core.xml"} {
		data, err := os.ReadFile("testdata/" + file)
		require.NoError(f, err)
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, fragment string) {
		_, core := metadata.ParseCore(fragment)
		_, extended := metadata.ParseExtended(fragment)
		_, localized := metadata.ParseLocalized(fragment)
		for _, err := range []error{core, extended, localized} {
			if err != nil {
				require.IsType(t, &metadata.SyntaxError{}, err)
			}
		}
	})
}
