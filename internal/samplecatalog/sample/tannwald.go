package sample

import (
	"github.com/beevik/etree"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

const (
	agentProduct = "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C2002}"
	agentKey     = `SOFTWARE\Tannwald\Agent`
)

// tannwald is a 32-bit program: its rules read the 32-bit view of the registry. The beta takes the place of the release only on
// machines that follow the beta channel.
func tannwald() []compose.Document {
	return []compose.Document{
		agent("9902001", "1.8.3", "2026-01-20", "1.8.3.0", channel("stable")),
		agent("9902002", "1.9.0", "2026-03-17", "1.9.0.0", channel("stable"), "9902001"),
		release(),
		agent("9902004", "2.1.0-beta", "2026-05-26", "2.1.0.0", channel("beta"), "9902003"),
		native(),
		agentFix(),
	}
}

func channel(name string) *etree.Element {
	return compose.In32(compose.TextValue(agentKey, "Channel", compose.EqualTo, name))
}

func agent(kb, version, created, program string, installable *etree.Element, supersedes ...string) compose.Document {
	number := program[:len(program)-2]
	d := deployable(kb, "tannwald-agent-"+version, created, "Tannwald Agent "+version,
		"Brings Tannwald Agent to version "+version+".")
	d.Severity = "Moderate"
	d.Bulletin = "TN-2026-" + kb[5:]
	d.Prerequisites = []compose.Clause{in(securityUpdates), in(productAgent), anyOf(onX64, onX86)}
	d.Supersedes = ids(supersedes...)
	d.Installed = compose.And(
		compose.In32(compose.VersionValue(agentKey, "Version", compose.AtLeast, number)),
		compose.Product(agentProduct, number),
		compose.File(compose.ProgramFilesX86, `\Tannwald\Agent\agent.exe`, compose.AtLeast, program))
	d.Installable = installable
	name := "TannwaldAgent-" + version + ".msi"
	d.Handler = compose.Installer{File: name, ProductCode: agentProduct, CommandLine: "REINSTALL=ALL REINSTALLMODE=vomus"}
	d.Payloads = file(name, 28_000, created)
	return d
}

// release always asks for a restart: a driver of the agent is replaced.
func release() compose.Document {
	d := agent("9902003", "2.0.0", "2026-05-12", "2.0.0.0", channel("stable"), "9902002", "9902006")
	d.Severity = "Critical"
	d.Install = compose.Behavior{Reboot: "AlwaysRequiresReboot"}
	return d
}

// native is for the 64-bit edition, which would be in the native view.
func native() compose.Document {
	d := deployable("9902005", "tannwald-agent-64-bit", "2026-03-17", "Fix for the 64-bit edition of Tannwald Agent",
		"For the 64-bit edition.")
	d.Prerequisites = []compose.Clause{in(updates), in(productAgent), needs(onX64)}
	d.Installed = compose.Dword(agentKey, "FixLevel", compose.AtLeast, 1)
	d.Installable = compose.Base("RegKeyExists", "Key", compose.HKLM, "Subkey", agentKey)
	d.Handler = compose.CommandLine{Program: "AgentFix64-KB9902005.exe", Arguments: "/S"}
	d.Payloads = file("AgentFix64-KB9902005.exe", 4_000, "2026-03-17")
	return d
}

func agentFix() compose.Document {
	d := deployable("9902006", "tannwald-agent-1.8-fix", "2026-02-10", "Fix for Tannwald Agent 1.8",
		"Replaces the program file of version 1.8.")
	d.Prerequisites = []compose.Clause{in(updates), in(productAgent)}
	d.Installed = compose.File(compose.ProgramFilesX86, `\Tannwald\Agent\agent.exe`, compose.AtLeast, "1.8.3.5")
	d.Installable = compose.And(
		compose.In32(compose.Base("WUv4RegKeyValue", "Key", compose.HKLM, "Subkey", agentKey, "Value", "Channel", "Data", "stable")),
		compose.Base("FileSize", "Path", `\Tannwald\Agent\agent.exe`, "Csidl", "42", "Comparison", compose.Above, "Size", "0"))
	d.Handler = compose.CommandLine{Program: "AgentFix-KB9902006.exe", Arguments: "/S"}
	d.Payloads = file("AgentFix-KB9902006.exe", 4_000, "2026-02-10")
	return d
}
