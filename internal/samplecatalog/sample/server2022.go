package sample

import "github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"

// server2022 has an update that others wait for: the cumulative update of May lists the servicing stack as a prerequisite, so
// that a machine needs it only once the stack is installed.
func server2022() []compose.Document {
	march := cumulative{
		kb: "9900108", name: "server-2022-cumulative-march", created: "2026-03-10", severity: "Important",
		title:   "2026-03 Cumulative Update for Microsoft server operating system version 21H2 for x64-based Systems",
		product: productServer, runsOn: onServer2022, edition: editionServer(),
		version: "20348.2402.1.10", architectures: []string{"amd64"}, size: 60_000,
	}
	may := cumulative{
		kb: "9900110", name: "server-2022-cumulative-may", created: "2026-05-12", severity: "Critical",
		title:   "2026-05 Cumulative Update for Microsoft server operating system version 21H2 for x64-based Systems",
		product: productServer, runsOn: onServer2022, edition: editionServer(), version: "20348.2527.1.7",
		architectures: []string{"amd64"}, size: 150_000, needs: "9900109", supersedes: "9900108",
	}
	all := append(march.documents(), servicingStack())
	all = append(all, may.documents()...)
	return append(all, kernelFix(), transportSecurity(), clusterFix(), serverCore(), standardEdition())
}

func servicingStack() compose.Document {
	d := deployable("9900109", "server-2022-servicing-stack", "2026-05-12",
		"2026-05 Servicing Stack Update for Microsoft server operating system version 21H2 for x64-based Systems",
		"Install this update first: later cumulative updates need it. It cannot be removed.")
	d = servicing(d,
		compose.Package{Name: "Package_for_ServicingStack_2500", Version: "20348.2500.1.1", Architecture: "amd64"}, "9900109", editionServer())
	d.Install = compose.Behavior{Reboot: "NeverReboots", Impact: "RequiresExclusiveHandling"}
	d.Removable = false
	d.Severity = "Critical"
	d.Prerequisites = []compose.Clause{in(criticalUpdates), in(productServer), needs(onServer2022), needs(onX64)}
	d.Payloads = file("SSU-20348.2500-x64.cab", 30_000, "2026-05-12")
	return d
}

// kernelFix is known by the version of a system file.
func kernelFix() compose.Document {
	d := deployable("9900124", "server-2022-kernel-fix", "2026-04-21", "Update for Windows Server 2022 kernel timers",
		"Resolves an issue where timers fire late on busy servers.")
	d.Prerequisites = []compose.Clause{in(updates), in(productServer), needs(onServer2022)}
	d.Installed = compose.File(compose.System32, "ntdll.dll", compose.AtLeast, "10.0.20348.2490")
	d.Installable = compose.File(compose.System32, "ntdll.dll", compose.Below, "10.0.20348.2490")
	d.Handler = compose.CommandLine{Program: "Windows-KB9900124-x64.exe", Arguments: "/quiet /norestart", RestartCode: 3010}
	d.Payloads = file("Windows-KB9900124-x64.exe", 8_000, "2026-04-21")
	return d
}

func transportSecurity() compose.Document {
	const key = `SYSTEM\CurrentControlSet\Control\SecurityProviders\SampleChannel`
	d := deployable("9900128", "server-transport-security", "2026-02-24", "Transport security defaults for servers",
		"Turns off protocol versions that are no longer considered safe.")
	d.Severity = "Moderate"
	d.Prerequisites = []compose.Clause{in(securityUpdates), in(productServer), needs(onServer)}
	d.Installed = compose.Dword(key, "DefaultsVersion", compose.EqualTo, 2)
	d.Installable = compose.Not(compose.Dword(key, "KeepOldDefaults", compose.EqualTo, 1))
	d.Handler = compose.CommandLine{Program: "TransportDefaults-KB9900128.exe", Arguments: "/quiet"}
	d.Payloads = file("TransportDefaults-KB9900128.exe", 3_000, "2026-02-24")
	return d
}

func clusterFix() compose.Document {
	d := deployable("9900126", "server-cluster-fix", "2026-03-24", "Update for failover clusters",
		"For nodes of a failover cluster.")
	d.Prerequisites = []compose.Clause{in(updates), in(productServer), needs(onServer)}
	d.Installed = compose.Dword(`SOFTWARE\Sample\ClusterFix`, "Level", compose.AtLeast, 1)
	d.Installable = compose.Base("ClusteredOS")
	d.Handler = compose.CommandLine{Program: "Cluster-KB9900126.exe", Arguments: "/quiet"}
	d.Payloads = file("Cluster-KB9900126.exe", 2_000, "2026-03-24")
	return d
}

// serverCore is for an installation without a desktop; the sample server has one.
func serverCore() compose.Document {
	d := deployable("9900135", "server-core-fix", "2026-03-24", "Update for Server Core installations",
		"For servers without a desktop.")
	d.Prerequisites = []compose.Clause{in(updates), in(productServer), needs(onServer)}
	d.Installed = compose.Dword(`SOFTWARE\Sample\ServerCoreFix`, "Level", compose.AtLeast, 1)
	d.Installable = compose.TextValue(currentVersion, "InstallationType", compose.EqualTo, "Server Core")
	d.Handler = compose.CommandLine{Program: "ServerCore-KB9900135.exe", Arguments: "/quiet"}
	d.Payloads = file("ServerCore-KB9900135.exe", 2_000, "2026-03-24")
	return d
}

// standardEdition reads the device attributes; 7 is the Standard edition of a server.
func standardEdition() compose.Document {
	d := deployable("9900134", "server-standard-edition-counters", "2026-04-07", "Licence counters for Standard edition servers",
		"Corrects the counting of virtual machines on Standard edition servers.")
	d.Severity = "Low"
	d.Prerequisites = []compose.Clause{in(updates), in(productServer), needs(onServer)}
	d.Installed = compose.VersionValue(`SOFTWARE\Sample\LicenceCounters`, "Version", compose.AtLeast, "1.2")
	d.Installable = compose.Device("OSSkuId", compose.EqualTo, "7")
	d.Handler = compose.CommandLine{Program: "LicenceCounters-KB9900134.exe", Arguments: "/quiet"}
	d.Payloads = file("LicenceCounters-KB9900134.exe", 2_500, "2026-04-07")
	return d
}
