package sample

import "github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"

// falkenried are tools of the maker of the machines; what machine it is, WMI tells.
func falkenried() []compose.Document {
	return []compose.Document{
		firmwareTool("9905001", "kompakt", "Firmware tool for Falkenried Kompakt", onWorkstation,
			"SELECT * FROM Win32_ComputerSystem WHERE Model LIKE 'Kompakt%'"),
		firmwareTool("9905002", "turm", "Firmware tool for Falkenried Turm", onServer,
			"SELECT * FROM Win32_ComputerSystem WHERE Model LIKE 'Turm%'"),
		firmwareTool("9905003", "battery", "Battery tool for Falkenried notebooks", onX64, "SELECT * FROM Win32_Battery"),
	}
}

func firmwareTool(kb, name, title, runsOn, query string) compose.Document {
	d := deployable(kb, "falkenried-"+name, "2026-04-28", title, "Keeps the firmware current.")
	d.Prerequisites = []compose.Clause{in(updates), in(productFirmware), needs(runsOn)}
	d.Installed = compose.VersionValue(`SOFTWARE\Falkenried\`+name, "Version", compose.AtLeast, "1.4.0")
	d.Installable = compose.Base("WmiQuery", "Namespace", `root\cimv2`, "WqlQuery", query)
	d.Handler = compose.CommandLine{Program: "Falkenried-" + name + "-1.4.exe", Arguments: "/s"}
	d.Payloads = file("Falkenried-"+name+"-1.4.exe", 5_500, "2026-04-28")
	return d
}
