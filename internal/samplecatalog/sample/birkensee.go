package sample

import (
	"github.com/beevik/etree"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

const (
	databaseProduct  = "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C3003}"
	databasePatch    = "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C3102}"
	reportingProduct = "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C3009}"
	clientProduct    = "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C3007}"
	databaseKey      = `SOFTWARE\Birkensee\Database`
	databaseProgram  = `Birkensee\Database\bin\server.exe`
)

// birkensee is the database of the server: a patch, rules that loop over instances, and bundles with and without all their parts.
func birkensee() []compose.Document {
	all := []compose.Document{
		database("9903001", "12.0.1", "2026-01-20", updates, "Birkensee Database 12.0.1", compose.Product(databaseProduct, "12.0.1"),
			compose.ProductBelow(databaseProduct, "12.0.0", "12.0.1")),
		patch(),
		database("9903003", "instance-hardening", "2026-03-17", securityUpdates, "Instance hardening for Birkensee Database",
			compose.Dword(databaseKey, "InstanceHardening", compose.EqualTo, 1),
			compose.Loop(databaseKey, "Any", loopValue("MAIN", "DataDir", "REG_EXPAND_SZ"))),
		database("9903004", "developer-limits", "2026-03-17", updates, "Limits for the Developer edition of Birkensee Database",
			compose.Dword(databaseKey, "DeveloperLimits", compose.EqualTo, 1),
			compose.Loop(`SOFTWARE\Birkensee`, "All", compose.Base("RegSz", "Key", compose.LoopTarget, "Subkey", `Instances\MAIN`,
				"Value", "Edition", "Comparison", compose.EqualTo, "Data", "Developer"))),
		database("9903005", "encryption-advice", "2026-04-14", updates, "Encryption advice for Birkensee Database",
			compose.Dword(databaseKey, "EncryptionAdvice", compose.EqualTo, 1),
			compose.Loop(`SOFTWARE\Birkensee`, "None", loopValue(`Instances\MAIN`, "Encrypted", "REG_DWORD"))),
		engine(),
		client(),
		nextMajor(),
	}
	all = append(all, servicePack()...)
	return append(all, qualityPack()...)
}

func loopValue(subkey, value, kind string) *etree.Element {
	return compose.Base("RegValueExists", "Key", compose.LoopTarget, "Subkey", subkey, "Value", value, "Type", kind)
}

func database(kb, name, created, classification, title string, installed, installable *etree.Element) compose.Document {
	d := deployable(kb, "birkensee-database-"+name, created, title,
		"Install this update to resolve issues in Birkensee Database.")
	d.Prerequisites = []compose.Clause{in(classification), in(productDatabase), needs(onServer), needs(onX64)}
	d.Installed, d.Installable = installed, installable
	d.Handler = compose.CommandLine{Program: "Database-KB" + kb + ".exe", Arguments: "/quiet", RestartCode: 3010}
	d.Payloads = file("Database-KB"+kb+".exe", 6_000, created)
	return d
}

// patch is an MSP: what it applies to is in its metadata.
func patch() compose.Document {
	d := deployable("9903002", "birkensee-database-security-patch", "2026-04-14", "Security patch for Birkensee Database 12.0.1",
		"Resolves a weakness in the login of the database.")
	d.Severity = "Critical"
	d.Bulletin = "BS-26-002"
	d.Prerequisites = []compose.Clause{in(securityUpdates), in(productDatabase), needs(onServer)}
	d.Installed = compose.MSP("Installed")
	d.Superseded = compose.MSP("Superseded")
	d.Installable = compose.MSP("Installable")
	d.Metadata = compose.PatchMetadata(databasePatch, databaseProduct, "12.0.1", "BirkenseeDatabase", "12.0.1.5410")
	d.Handler = compose.Patch{PatchCode: databasePatch, CommandLine: "REBOOT=ReallySuppress"}
	d.Removable = true
	d.Payloads = []compose.Payload{{Name: "Database-KB9903002.msp", Size: 26_000, Modified: "2026-04-14", Patching: "SelfContained"}}
	return d
}

// engine is known by the version of the program; the date keeps it from builds that were made at the customer's site.
func engine() compose.Document {
	d := database("9903006", "engine-update", "2026-05-12", updateRollups, "Engine update for Birkensee Database 12.0.1",
		compose.File(compose.ProgramFiles, databaseProgram, compose.AtLeast, "12.0.1.5500"),
		compose.And(
			compose.File(compose.ProgramFiles, databaseProgram, compose.Below, "12.0.1.5500"),
			compose.Base("FileModified", "Path", databaseProgram, "Csidl", "38", "Comparison", compose.Below, "Modified", "2026-01-01T00:00:00")))
	d.Severity = "Important"
	return d
}

// client is a new product for workstations, offered and not pushed.
func client() compose.Document {
	d := deployable("9903007", "birkensee-database-client", "2026-03-03", "Birkensee Database Client 12",
		"Connects desktop programs to a database.")
	d.Optional = true
	d.Prerequisites = []compose.Clause{in(featurePacks), in(productClient), needs(onX64)}
	d.Installed = compose.Application("Installed")
	d.Installable = compose.Application("Installable")
	d.Metadata = compose.ApplicationMetadata(clientProduct)
	d.Handler = compose.Installer{File: "DatabaseClient-12.0-x64.msi", ProductCode: clientProduct, CommandLine: "ALLUSERS=1"}
	d.Payloads = file("DatabaseClient-12.0-x64.msi", 40_000, "2026-03-03")
	return d
}

func nextMajor() compose.Document {
	d := database("9903008", "13.0", "2026-05-19", updates, "Birkensee Database 13.0", compose.Product(databaseProduct, "13.0.0"),
		compose.ProductBelow(databaseProduct, "12.0.0", "13.0.0"))
	d.Prerequisites = append(d.Prerequisites, needs(onServer2025))
	return d
}
