package sample

import (
	"github.com/beevik/etree"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

// servicePack has a part for reporting, and no other part can take its place: a server without reporting does not need the
// pack at all, although the part for the engine would apply.
func servicePack() []compose.Document {
	const kb, created = "9903009", "2026-04-28"
	return pack(kb, "service-pack-1", created, servicePacks, "Birkensee Database 12.0 Service Pack 1",
		databasePart(kb, "engine", created, compose.Dword(databaseKey, "ServicePack", compose.AtLeast, 1),
			compose.Product(databaseProduct, "12.0.0")),
		databasePart(kb, "reporting", created, compose.Dword(databaseKey+`\Reporting`, "ServicePack", compose.AtLeast, 1),
			compose.Product(reportingProduct, "12.0.0")))
}

// qualityPack has one part that the server has already: the other one is what is left to install.
func qualityPack() []compose.Document {
	const kb, created = "9903010", "2026-05-26"
	return pack(kb, "quality-pack", created, updateRollups, "Birkensee Database 12.0.1 Quality Pack",
		databasePart(kb, "engine", created, compose.File(compose.ProgramFiles, databaseProgram, compose.AtLeast, "12.0.1.5000"),
			compose.Product(databaseProduct, "12.0.1")),
		databasePart(kb, "tools", created, compose.Dword(databaseKey, "ToolsPatch", compose.EqualTo, 3),
			compose.Feature(databaseProduct, "Tools")))
}

// pack is a bundle in which every part is a clause.
func pack(kb, name, created, classification, title string, parts ...compose.Document) []compose.Document {
	bundle := deployable(kb, "birkensee-database-"+name, created, title, "Updates several parts of Birkensee Database at once.")
	bundle.Severity = "Important"
	bundle.Prerequisites = []compose.Clause{in(classification), in(productDatabase), needs(onServer)}
	for _, part := range parts {
		bundle.Bundled = append(bundle.Bundled, compose.Clause{Members: []string{part.ID}})
	}
	return append([]compose.Document{bundle}, parts...)
}

func databasePart(kb, name, created string, installed, installable *etree.Element) compose.Document {
	d := member(kb, name, created, "Birkensee Database 12.0, "+name)
	d.Prerequisites = []compose.Clause{anyOf(productDatabase), needs(onX64)}
	d.Installed, d.Installable = installed, installable
	program := "Database-KB" + kb + "-" + name + ".exe"
	d.Handler = compose.CommandLine{Program: program, Arguments: "/quiet"}
	d.Payloads = file(program, 7_000, created)
	return d
}
