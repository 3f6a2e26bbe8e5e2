package sample

import "github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"

const (
	viewerProduct = "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}"
	pluginProduct = "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1006}"
	viewerKey     = `SOFTWARE\Lindenhof\Viewer`
)

// lindenhof is a chain of supersedence across systems: on Windows 11 version 4.4.0 takes the place of the fix for 4.2 without 4.3.0,
// which is not for that system and never sent to it.
func lindenhof() []compose.Document {
	all := []compose.Document{
		viewer("9901001", "4.2.0", "2026-01-20", "4.2.0.0", "4.1.0", anyOf(onWindows10, onWindows11)),
		viewer("9901002", "4.3.0", "2026-04-14", "4.3.0.10", "4.0.0", anyOf(onWindows10, onWindows1123), "9901001", "9901004"),
		viewer("9901003", "4.4.0", "2026-05-19", "4.4.0.8", "4.0.0", needs(onWindows11), "9901002", "9901004"),
		viewerFix(),
	}
	all[2].Texts = german(all[2].Texts, "Lindenhof Viewer 4.4.0 (KB9901003)", "Aktualisiert Lindenhof Viewer auf Version 4.4.0.")
	all = append(all, dictionaries()...)
	return append(all, annotations(), germanHelp())
}

// viewer is a new version of the same MSI product. Once in place, product, registry and program say so.
func viewer(kb, version, created, program, from string, runsOn compose.Clause, supersedes ...string) compose.Document {
	d := deployable(kb, "lindenhof-viewer-"+version, created, "Lindenhof Viewer "+version,
		"Brings Lindenhof Viewer to version "+version+".")
	d.Severity = "Important"
	d.Bulletin = "LHS26-" + kb[4:]
	d.Prerequisites = []compose.Clause{in(securityUpdates), in(productViewer), needs(onX64), runsOn}
	d.Supersedes = ids(supersedes...)
	d.Installed = compose.And(
		compose.Product(viewerProduct, version),
		compose.VersionValue(viewerKey, "Version", compose.AtLeast, version),
		compose.FileUnder(viewerKey, "InstallDir", "viewer.exe", compose.AtLeast, program))
	d.Installable = compose.ProductBelow(viewerProduct, from, version)
	name := "LindenhofViewer-" + version + "-x64.msi"
	d.Handler = compose.Installer{File: name, ProductCode: viewerProduct, CommandLine: "REINSTALL=ALL REINSTALLMODE=vomus"}
	d.Payloads = file(name, 64_000, created)
	return d
}

// viewerFix replaces one program file of 4.2.
func viewerFix() compose.Document {
	d := deployable("9901004", "lindenhof-viewer-4.2-fix", "2026-03-10", "Security fix for Lindenhof Viewer 4.2",
		"Replaces the program file.")
	d.Severity = "Critical"
	d.Bulletin = "LHS26-004"
	d.Prerequisites = []compose.Clause{in(securityUpdates), in(productViewer), needs(onX64)}
	d.Installed = compose.FileUnder(viewerKey, "InstallDir", "viewer.exe", compose.AtLeast, "4.2.0.130")
	d.Installable = compose.And(
		compose.FileUnder(viewerKey, "InstallDir", "viewer.exe", compose.AtLeast, "4.2.0.0"),
		compose.FileUnder(viewerKey, "InstallDir", "viewer.exe", compose.Below, "4.2.0.130"))
	d.Handler = compose.CommandLine{Program: "ViewerFix-KB9901004.exe", Arguments: "/S"}
	d.Payloads = file("ViewerFix-KB9901004.exe", 9_000, "2026-03-10")
	return d
}

// dictionaries is a bundle of one language and of what all languages share.
func dictionaries() []compose.Document {
	const kb, created = "9901005", "2026-04-21"
	bundle := deployable(kb, "lindenhof-viewer-dictionaries", created, "Dictionaries for Lindenhof Viewer",
		"Spelling and hyphenation, edition 3.")
	bundle.Texts = german(bundle.Texts, "Wörterbücher für Lindenhof Viewer (KB9901005)",
		"Rechtschreibung und Silbentrennung, Ausgabe 3.")
	bundle.Prerequisites = []compose.Clause{in(updates), in(productViewer)}

	words := compose.Clause{}
	var members []compose.Document
	for _, language := range []string{"en-US", "fr-FR"} {
		m := member(kb, language, created, "Dictionary "+language+" for Lindenhof Viewer")
		m.Languages = []string{language[:2]}
		m.Prerequisites = []compose.Clause{anyOf(productViewer)}
		m.Installed = compose.Dword(viewerKey+`\Dictionaries`, language, compose.AtLeast, 3)
		m.Installable = compose.Or(
			compose.Base("WindowsLanguage", "Language", language),
			compose.Base("MuiLanguageInstalled", "Language", language))
		m.Handler = compose.CommandLine{Program: "ViewerDictionary-" + language + ".exe", Arguments: "/S"}
		m.Payloads = file("ViewerDictionary-"+language+".exe", 18_000, created)
		words.Members = append(words.Members, m.ID)
		members = append(members, m)
	}

	shared := member(kb, "shared", created, "Dictionary engine for Lindenhof Viewer")
	shared.Prerequisites = []compose.Clause{anyOf(productViewer), needs(onX64)}
	shared.Installed = compose.FileUnder(viewerKey, "InstallDir", `dictionaries\engine.dll`, compose.AtLeast, "3.0.0.0")
	shared.Installable = compose.Base("FileExistsPrependRegSz", "Path", "viewer.exe",
		"Key", compose.HKLM, "Subkey", viewerKey, "Value", "InstallDir")
	shared.Handler = compose.CommandLine{Program: "ViewerDictionaryEngine.exe", Arguments: "/S"}
	shared.Payloads = file("ViewerDictionaryEngine.exe", 22_000, created)

	bundle.Bundled = []compose.Clause{words, {Members: []string{shared.ID}}}
	return append(append([]compose.Document{bundle}, members...), shared)
}

// annotations is a new product that needs 4.4.0 by its rule: a machine needs it once that version is in place.
func annotations() compose.Document {
	d := deployable("9901006", "lindenhof-viewer-annotations", "2026-05-26", "Annotations for Lindenhof Viewer 4.4",
		"Adds comments to documents.")
	d.Prerequisites = []compose.Clause{in(updates), in(productViewer), needs(onX64)}
	d.Installed = compose.Application("Installed")
	d.Installable = compose.And(compose.Application("Installable"), compose.Product(viewerProduct, "4.4.0"))
	d.Metadata = compose.ApplicationMetadata(pluginProduct)
	d.Handler = compose.Installer{File: "ViewerAnnotations-1.0-x64.msi", ProductCode: pluginProduct, CommandLine: "ALLUSERS=1"}
	d.Payloads = file("ViewerAnnotations-1.0-x64.msi", 32_000, "2026-05-26")
	return d
}

// germanHelp is for the German edition of the product, whatever the language of Windows.
func germanHelp() compose.Document {
	d := deployable("9901007", "lindenhof-viewer-german-help", "2026-04-21", "German help for Lindenhof Viewer",
		"For the German edition.")
	d.Languages = []string{"de"}
	d.Prerequisites = []compose.Clause{in(updates), in(productViewer)}
	d.Installed = compose.Dword(viewerKey+`\Help`, "de-DE", compose.AtLeast, 1)
	d.Installable = compose.ProductIn(viewerProduct, "1031")
	d.Handler = compose.CommandLine{Program: "ViewerHelp-de-DE.exe", Arguments: "/S"}
	d.Payloads = file("ViewerHelp-de-DE.exe", 11_000, "2026-04-21")
	return d
}
