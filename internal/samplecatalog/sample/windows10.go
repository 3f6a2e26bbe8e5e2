package sample

import "github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"

// windows10 has a chain of three cumulative updates: the first is on the machine, the last takes the place of both before it.
func windows10() []compose.Document {
	systems := []string{"amd64", "x86", "arm64"}
	march := cumulative{
		kb: "9900101", name: "windows-10-cumulative-march", created: "2026-03-10", severity: "Important",
		title:   "2026-03 Cumulative Update for Windows 10 Version 22H2 for x64-based Systems",
		product: productWindows10, runsOn: onWindows10, edition: editionWindows10(),
		version: "19041.4291.1.10", architectures: systems, size: 60_000,
	}
	april := cumulative{
		kb: "9900102", name: "windows-10-cumulative-april", created: "2026-04-14", severity: "Important",
		title:   "2026-04 Cumulative Update for Windows 10 Version 22H2 for x64-based Systems",
		product: productWindows10, runsOn: onWindows10, edition: editionWindows10(),
		version: "19041.4412.1.10", architectures: systems, size: 80_000,
		supersedes: "9900101",
	}
	may := cumulative{
		kb: "9900103", name: "windows-10-cumulative-may", created: "2026-05-12", severity: "Critical",
		title:   "2026-05 Cumulative Update for Windows 10 Version 22H2 for x64-based Systems",
		german:  "2026-05 Kumulatives Update für Windows 10 Version 22H2 für x64-basierte Systeme",
		product: productWindows10, runsOn: onWindows10, edition: editionWindows10(), version: "19041.4529.1.10",
		architectures: systems, size: 120_000, supersedes: "9900102",
	}
	all := append(march.documents(), april.documents()...)
	all = append(all, may.documents()...)
	return append(all,
		netFramework("9900104", "february", "2026-02-10", "10.0.9082.7", editionWindows10(), ""),
		netFramework("9900105", "may", "2026-05-12", "10.0.9241.3", netRollup("10.0.9082.7"), "9900104"))
}

// netFramework is a servicing package without a bundle around it.
func netFramework(kb, month, created, version string, parent compose.Package, supersedes string) compose.Document {
	d := deployable(kb, "net-framework-rollup-"+month, created,
		created[:7]+" Cumulative Update for .NET Framework 4.8.1 for Windows 10 Version 22H2 for x64",
		"Install this update to resolve issues in .NET Framework.")
	d = servicing(d, netRollup(version), kb, parent)
	d.Severity = "Important"
	d.Prerequisites = []compose.Clause{
		in(updateRollups), in(productWindows10), needs(onX64), needs(onWindows10), needs(onNETRollup),
	}
	if supersedes != "" {
		d.Supersedes = ids(supersedes)
	}
	d.Payloads = file("Windows10.0-KB"+kb+"-x64-NDP481.cab", 24_000, created)
	return d
}
