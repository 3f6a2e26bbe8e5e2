package sample

import (
	"github.com/beevik/etree"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

// protection are the updates that come often: definitions and the removal tool of the month.
func protection() []compose.Document {
	all := definitions("9900116", "2026-01-20", "1.459.490.0", "")
	all = append(all, definitions("9900115", "2026-05-26", "1.459.620.0", "9900116")...)
	return append(all,
		removalTool("9900118", "2026-04-14", "5.129", ""),
		removalTool("9900117", "2026-05-12", "5.130", "9900118"),
		withdrawn())
}

// definitions is a bundle of a small and a full package: the small one serves machines that are close behind.
func definitions(kb, created, version, supersedes string) []compose.Document {
	bundle := deployable(kb, "defender-definitions-"+version, created,
		"Security Intelligence Update for Microsoft Defender Antivirus, version "+version,
		"Install this update to revise the files that detect viruses and other unwanted software. It cannot be removed.")
	bundle.Prerequisites = []compose.Clause{in(definitionUpdates), in(productDefender)}
	if supersedes != "" {
		bundle.Supersedes = ids(supersedes)
	}

	near := definitionFiles(compose.AtLeast, "1.459.0.0")
	small := member(kb, "small", created, "Definition deltas "+version)
	small.Prerequisites = []compose.Clause{needs(onX64), anyOf(productDefender)}
	small.Installed = compose.And(definitionFiles(compose.AtLeast, version)...)
	small.Installable = compose.And(append(near, definitionFiles(compose.Below, version)...)...)
	small.Handler = compose.CommandLine{Program: "am-delta-" + version + ".exe", Arguments: "WD /q"}
	small.Install = compose.Behavior{Impact: "Minor"}
	small.Payloads = file("am-delta-"+version+".exe", 12_000, created)

	full := member(kb, "full", created, "Definitions "+version)
	full.Prerequisites = small.Prerequisites
	full.Installed = compose.And(definitionFiles(compose.AtLeast, version)...)
	full.Installable = compose.Not(compose.And(definitionFiles(compose.AtLeast, "1.459.0.0")...))
	full.Handler = compose.CommandLine{Program: "am-full-" + version + ".exe", Arguments: "WD /q"}
	full.Install = small.Install
	full.Payloads = file("am-full-"+version+".exe", 90_000, created)

	bundle.Bundled = []compose.Clause{{Members: []string{small.ID, full.ID}}}
	return []compose.Document{bundle, small, full}
}

// definitionFiles are rules about the two files that definitions consist of, below a folder that the registry names.
func definitionFiles(comparison, version string) []*etree.Element {
	const key = `SOFTWARE\Microsoft\Windows Defender\Signature Updates`
	return []*etree.Element{
		compose.FileUnder(key, "SignatureLocation", "mpasdlta.vdm", comparison, version),
		compose.FileUnder(key, "SignatureLocation", "mpavdlta.vdm", comparison, version),
	}
}

// removalTool comes out every month for all systems; each one holds what the one before it finds.
func removalTool(kb, created, version, supersedes string) compose.Document {
	d := deployable(kb, "removal-tool-"+version, created, "Windows removal tool for unwanted software, x64, v"+version,
		"Checks the computer for widespread unwanted software and helps to remove it.")
	d.Prerequisites = []compose.Clause{in(updateRollups), in(productWindows10, productWindows11, productServer), needs(onX64)}
	if supersedes != "" {
		d.Supersedes = ids(supersedes)
	}
	d.Installed = compose.VersionValue(`SOFTWARE\Sample\RemovalTool`, "Version", compose.AtLeast, version)
	d.Installable = compose.True()
	d.Handler = compose.CommandLine{Program: "RemovalTool-KB" + kb + "-x64.exe", Arguments: "/Q /W"}
	d.Payloads = file("RemovalTool-KB"+kb+"-x64.exe", 40_000, created)
	return d
}

// withdrawn is expired. By its rules every machine would need it: a server that offers it is easy to see.
func withdrawn() compose.Document {
	d := deployable("9900119", "printing-fix-withdrawn", "2026-02-03", "Update for printing, withdrawn",
		"Withdrawn: it caused new issues.")
	d.Expired = true
	d.Revision = 201
	d.Prerequisites = []compose.Clause{in(updates), in(productWindows10, productWindows11, productServer)}
	d.Installed = compose.Dword(`SOFTWARE\Sample\PrintingFix`, "Level", compose.AtLeast, 1)
	d.Installable = compose.True()
	d.Handler = compose.CommandLine{Program: "Printing-KB9900119.exe", Arguments: "/quiet"}
	d.Payloads = file("Printing-KB9900119.exe", 2_000, "2026-02-03")
	return d
}
