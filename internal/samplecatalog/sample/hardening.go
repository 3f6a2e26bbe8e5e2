package sample

import (
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

// hardening is a chain of three levels. A level holds the ones below it: installing the third makes all three installed. The
// third is for workstations alone, so that a server stops at the second.
func hardening() []compose.Document {
	everywhere := anyOf(onWindows10, onWindows11, onServer2022)
	workstations := anyOf(onWindows10, onWindows11)
	return []compose.Document{
		hardeningLevel("9900111", 1, "2026-01-27", everywhere, ""),
		hardeningLevel("9900112", 2, "2026-03-24", everywhere, "9900111"),
		hardeningLevel("9900113", 3, "2026-05-26", workstations, "9900112"),
	}
}

func hardeningLevel(kb string, level uint32, created string, runsOn compose.Clause, supersedes string) compose.Document {
	d := deployable(kb, fmt.Sprintf("hardening-level-%d", level), created, fmt.Sprintf("Windows hardening baseline, level %d", level),
		"Sets the recommended values for the protection of credentials.")
	d.Severity = "Important"
	d.Prerequisites = []compose.Clause{in(securityUpdates), in(productWindows10, productWindows11, productServer), runsOn}
	if supersedes != "" {
		d.Supersedes = ids(supersedes)
	}
	d.Installed = compose.Dword(`SYSTEM\CurrentControlSet\Control\SampleHardening`, "Level", compose.AtLeast, level)
	d.Installable = compose.True()
	name := fmt.Sprintf("Hardening-Level%d-KB%s.exe", level, kb)
	d.Handler = compose.CommandLine{Program: name, Arguments: "/quiet /norestart"}
	d.Payloads = file(name, 1_500, created)
	return d
}
