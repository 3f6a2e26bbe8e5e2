package sample

import "github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"

// windows11 has a bundle of two clauses, and an update for a release that none of the sample machines runs.
func windows11() []compose.Document {
	systems := []string{"amd64", "arm64"}
	march := cumulative{
		kb: "9900106", name: "windows-11-24h2-cumulative-march", created: "2026-03-10", severity: "Important",
		title:   "2026-03 Cumulative Update for Windows 11 Version 24H2 for x64-based Systems",
		product: productWindows11, runsOn: onWindows11, edition: editionWindows11(),
		version: "26100.2033.1.10", architectures: systems, size: 60_000,
	}
	// More than 1 MiB, so that a client that downloads in pieces needs two of them.
	may := cumulative{
		kb: "9900107", name: "windows-11-24h2-cumulative-may", created: "2026-05-12", severity: "Critical",
		title:   "2026-05 Cumulative Update for Windows 11 Version 24H2 for x64-based Systems",
		german:  "2026-05 Kumulatives Update für Windows 11 Version 24H2 für x64-basierte Systeme",
		product: productWindows11, runsOn: onWindows11, edition: editionWindows11(),
		version: "26100.2314.1.8", architectures: systems, size: 1_100_000,
		supersedes: "9900106",
	}
	older := cumulative{
		kb: "9900114", name: "windows-11-23h2-cumulative-may", created: "2026-05-12", severity: "Critical",
		title:   "2026-05 Cumulative Update for Windows 11 Version 23H2 for x64-based Systems",
		product: productWindows11, runsOn: onWindows1123, edition: features("Client", "10.0.22631.3000"),
		version: "22631.4012.1.6", architectures: systems, size: 40_000,
	}
	all := append(march.documents(), withServicingStack(may)...)
	return append(all, older.documents()...)
}

// withServicingStack adds a second clause: a bundle is whole only when every clause has what it needs.
func withServicingStack(c cumulative) []compose.Document {
	all := c.documents()
	stack := compose.Clause{}
	for _, architecture := range []string{"x64", "arm64"} {
		m := member(c.kb, "stack-"+architecture, c.created, "Servicing stack 26100.2300 for Windows 11 Version 24H2, "+architecture+" package")
		cbs := map[string]string{"x64": "amd64", "arm64": "arm64"}[architecture]
		m = servicing(m,
			compose.Package{Name: "Package_for_ServicingStack_2300", Version: "26100.2300.1.2", Architecture: cbs}, c.kb, c.edition.On(cbs))
		m.Removable = false
		m.Prerequisites = []compose.Clause{needs(c.runsOn), needs("detectoid/" + architecture), anyOf(c.product)}
		m.Payloads = file("SSU-26100.2300-"+architecture+".cab", 30_000, c.created)
		stack.Members = append(stack.Members, m.ID)
		all = append(all, m)
	}
	all[0].Bundled = append(all[0].Bundled, stack)
	return all
}
