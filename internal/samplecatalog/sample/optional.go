package sample

import "github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"

// optional updates are offered to the user and never installed by a deadline: feature packs and tools.
func optional() []compose.Document {
	codecs := deployable("9900120", "media-codecs", "2026-03-03", "Media codecs feature pack for Windows",
		"Adds codecs for current video formats.")
	codecs.Texts = german(codecs.Texts, "Medien-Codecs-Feature-Pack für Windows (KB9900120)",
		"Fügt Codecs für aktuelle Videoformate hinzu.")
	codecs.Optional = true
	codecs.Prerequisites = []compose.Clause{in(featurePacks), in(productWindows10, productWindows11), needs(onWorkstation)}
	codecs.Installed = compose.File(compose.System32, "samplecodec.dll", compose.AtLeast, "2.0.0.0")
	codecs.Installable = compose.True()
	codecs.Handler = compose.CommandLine{Program: "MediaCodecs-KB9900120-x64.exe", Arguments: "/quiet"}
	codecs.Payloads = file("MediaCodecs-KB9900120-x64.exe", 50_000, "2026-03-03")

	diagnostics := deployable("9900121", "support-diagnostics", "2026-03-03", "Support diagnostics tool",
		"Collects what a support engineer asks for. Nothing is sent without the user.")
	diagnostics.Optional = true
	diagnostics.Prerequisites = []compose.Clause{
		in(tools), in(productWindows10, productWindows11, productServer), anyOf(onX64, onARM64),
	}
	diagnostics.Installed = compose.File(compose.ProgramFiles, `Sample Diagnostics\diagnostics.exe`, compose.AtLeast, "3.1.0.0")
	diagnostics.Installable = compose.True()
	diagnostics.Handler = compose.CommandLine{Program: "Diagnostics-KB9900121.exe", Arguments: "/quiet"}
	diagnostics.Payloads = file("Diagnostics-KB9900121.exe", 15_000, "2026-03-03")
	return []compose.Document{codecs, diagnostics}
}
