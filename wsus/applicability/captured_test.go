package applicability_test

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// onShipped are the verdicts on Windows 10 22H2, Windows 11 24H2 and Windows Server 2022.
type onShipped [3]applicability.State

var (
	everywhere = onShipped{installed, installed, installed}
	nowhere    = onShipped{notApplicable, notApplicable, notApplicable}
	wanted     = onShipped{required, required, required}
)

// standIns are what the captures refer to and do not hold, composed by what is known of them. What nobody knows holds everywhere, so
// that the captured rules decide.
func standIns() []*metadata.Core {
	const workstation11 = `<b.WindowsVersion Comparison="GreaterThanOrEqualTo" MajorVersion="10" MinorVersion="0" BuildNumber="22000" ProductType="1"/>`
	var cores []*metadata.Core
	for id, rule := range map[string]string{
		"6964aab4-c5b5-43bd-a17d-ffb4346a8e1d": `<b.Platform PlatformID="Windows"/>`,                                    // the family Windows
		"72e7624a-5b00-45d2-b92f-e561c0a6a160": workstation11,                                                           // the product Windows 11
		"d31bd4c3-d872-41c9-a2e7-231f372588cb": `<b.WindowsVersion MajorVersion="6" MinorVersion="3" ProductType="3"/>`, // Windows Server 2012 R2
		"2ee2ad83-828c-4405-9479-544d767993fc": `<b.WindowsVersion MajorVersion="6" MinorVersion="2" ProductType="1"/>`, // Windows 8
		"59653007-e2e9-4f71-8525-2ff588527978": `<b.Processor Architecture="9"/>`,                                       // x64
		"84f5f325-30d7-41c4-81d1-87a0e6535b66": `<True/>`, "8c3fcc84-7410-4a95-8b89-a166a0190486": `<True/>`,            // products
		"0fa1201d-4330-4fa8-8ae9-b877473b6441": `<True/>`, "e0789628-ce08-4437-be74-2495b842f43b": `<True/>`, // classifications
		"be4048db-157c-4532-9582-7f05099590c9": `<True/>`, "0aac58ee-82a0-4452-a7fa-19f68398f1fa": `<True/>`, // detectoids
		"c57b3cff-f20d-4841-9970-cfc10d156057": `<True/>`, "6161da88-c91b-4901-a0b4-4989d67c8e56": `<True/>`, //
		"e657ef08-e43d-4326-aa4c-6fee197e8192": `<True/>`, "03aa8476-15b7-4288-bf9b-286b31f99bd6": `<True/>`, //
		"14df1246-1271-40b6-811f-20845c652515": `<True/>`, "dd6318d7-1cff-44ed-a0b1-9d410c196792": `<True/>`, //
		"04437cf2-2157-44c9-96df-6cd88b0dc541": `<True/>`, "f8c1d184-7116-498a-903e-25b17eb66bac": `<True/>`, //
		"90f961a9-1756-4493-aade-644c37589961": `<True/>`, "940d319c-760b-429c-9bc8-e059163457fb": `<True/>`, // a member of each of
		"538f3373-6e39-4c48-b27b-a120f6caccef": `<True/>`, "0daf8592-9e3f-4a8a-9141-d83fafebd09f": `<True/>`, // these clauses
		"daad7390-d95c-4fd5-99a0-790dc6a2dc2a": `<True/>`, "abde922c-bd0a-485f-b438-64dde8fb40c6": `<True/>`, // members of the
		"a2c888e7-5a66-44d2-9e2d-cf7116ec9ba7": `<True/>`, // three bundles of the offline file
	} {
		for _, revision := range []string{"200", "201", "203"} {
			core, err := metadata.ParseCore(`<UpdateIdentity UpdateID="` + id + `" RevisionNumber="` + revision + `" /><Properties UpdateType="Detectoid" />` +
				`<ApplicabilityRules><IsInstalled>` + rule + `</IsInstalled></ApplicabilityRules>`)
			if err != nil {
				panic(err) // the text stands above
			}
			cores = append(cores, core)
		}
	}
	return cores
}

// Every captured Core fragment and document as a whole, with its prerequisites and members: the verdicts were worked out by hand from
// their texts and from what the three machines have.
func TestCapturedVerdictsOnShippedMachines(t *testing.T) {
	captured := capturedCores(t)
	want := map[string]onShipped{
		"56309036-4c77-4dd9-951a-99ee9c246a94": everywhere,                                // True
		"dd78b8a1-0b20-45c1-add6-4da72e9364cf": {installed, installed, notApplicable},     // workstations from 6.3
		"378c0b3f-b3be-471d-ac6c-21e0f96d7de4": everywhere,                                // True
		"853953d3-98c9-4e6d-9479-84baaa84f28c": everywhere,                                // builds 19045, 26100 and 20348 are above 17763
		"44aefced-ec2a-4043-82bc-641fb00daec2": nowhere,                                   // no such product of Office
		"69655950-ab30-40fe-84d4-08301d04702f": nowhere,                                   // no such key in the 32-bit view
		"9ed8c78e-7f8a-42ec-86f6-3c1419c42577": nowhere,                                   // no such product
		"3333902a-bef2-4507-b42a-fe8219658d52": nowhere,                                   // one of its services is on none of them
		"fb2c5cf6-e1bd-4f6e-a35f-30e91b444294": nowhere,                                   // needs the one before
		"f97b86e6-5c6c-4366-b948-b5426295a5a7": nowhere,                                   // other systems, and there an edition of ARM64 that is not listed
		"f1ff1e3d-dd47-4fcb-9405-8f7275ce1ea6": {notApplicable, undecided, notApplicable}, // Windows 11 only; only the servicing stack knows
		"266f6222-c89d-43f2-9f8a-69340271e677": wanted,                                    // signatures are older, or there are none
		"a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe": wanted,                                    // three parts are there, the one before is wanted
		"ccb78947-6453-4ecc-9de8-bc0305c98f2d": everywhere,                                // its only part is there
		"0a51549b-4e86-4a26-97d4-9e3567f24ea1": nowhere,                                   // Windows Server 2012 R2
		"05a7711a-079e-4fbb-8d1a-9015c92a2ae0": nowhere,                                   // Windows Server 2012 R2
		"1c560bb8-276c-41ca-b597-35ae23bf424c": nowhere,                                   // Windows 8
	}
	for i, machine := range shipped(t) {
		checkVerdicts(t, machine, captured, want, i)
	}
}

func checkVerdicts(t *testing.T, machine *snapshot.Machine, captured []*metadata.Core, want map[string]onShipped, column int) {
	t.Helper()
	for _, logic := range []applicability.Logic{applicability.TwoValued, applicability.ThreeValued} {
		// Alone, only what has no prerequisites is considered at all.
		alone := applicability.NewScan(machine, applicability.Options{Logic: logic})
		alone.Add(captured...)
		verdicts, err := alone.Verdicts(t.Context())
		require.NoError(t, err)
		require.Len(t, verdicts, len(want))
		for id, v := range verdicts {
			require.Equal(t, id == metadata.Microsoft, v.State == installed, "%v", id)
			require.Equal(t, id != metadata.Microsoft, v.State == notApplicable, "%v", id)
		}

		s := applicability.NewScan(machine, applicability.Options{Logic: logic})
		s.Add(standIns()...)
		s.Add(captured...)
		verdicts, err = s.Verdicts(t.Context())
		require.NoError(t, err)
		for id, states := range want {
			state := states[column]
			if logic == applicability.TwoValued && state == undecided {
				state = notApplicable
			}
			v := verdicts[uuid.MustParse(id)]
			require.Equal(t, state, v.State, "%s on %s in %v logic: %s", id, machine.Name(), logic, v.Reason)
		}
	}
}

// capturedCores are those of all Core fragments and documents that were captured, each once: of documents and the fragments of the same
// update either says the same.
func capturedCores(t *testing.T) []*metadata.Core {
	t.Helper()
	shared := sharedTestdata(t)
	known := map[metadata.Identity]*metadata.Core{}
	var cores []*metadata.Core
	add := func(core *metadata.Core, err error) {
		require.NoError(t, err)
		if other := known[core.Identity]; other != nil {
			require.Equal(t, other, core)
			return
		}
		known[core.Identity] = core
		cores = append(cores, core)
	}
	read := func(name string) string {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		return string(text)
	}
	fragments, err := filepath.Glob(filepath.Join(shared, "fragments", "*core*.xml"))
	require.NoError(t, err)
	detectoids, err := filepath.Glob(filepath.Join(shared, "fragments", "detectoids", "*.core.xml"))
	require.NoError(t, err)
	for _, name := range append(fragments, detectoids...) {
		add(metadata.ParseCore(read(name)))
	}
	documents, err := filepath.Glob(filepath.Join(shared, "update-xml", "*.xml"))
	require.NoError(t, err)
	for _, name := range documents {
		u, err := metadata.Parse([]byte(read(name)))
		require.NoError(t, err)
		add(&u.Core, nil)
	}
	answer := html.UnescapeString(read(filepath.Join(shared, "soap-client", "000006-SyncUpdates.response.xml")))
	for _, m := range regexp.MustCompile(`<Xml>(<UpdateIdentity .*?)</Xml>`).FindAllStringSubmatch(answer, -1) {
		add(metadata.ParseCore(m[1]))
	}
	// The cabinets of the offline file are stored, and none of their fragments runs over a block.
	offline := read(filepath.Join(shared, "wsusscn2", "wsusscn2-sample.cab"))
	for _, core := range regexp.MustCompile(`(?s)<UpdateIdentity UpdateID="[^"]*" RevisionNumber="\d+" /><Properties .*?</Relationships>`).FindAllString(offline, -1) {
		add(metadata.ParseCore(core))
	}
	require.Len(t, cores, 17)
	return cores
}
