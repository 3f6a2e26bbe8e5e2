package sample

import (
	"strings"

	"github.com/beevik/etree"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

// detectoids are conditions that have a name; updates list them as prerequisites.
func detectoids() []compose.Document {
	return []compose.Document{
		detectoid(onX86, "x86 processor", compose.Architecture(0)),
		detectoid(onX64, "x64 processor", compose.Architecture(9)),
		detectoid(onARM64, "ARM64 processor", compose.Architecture(12)),
		detectoid(onWindows10, "Windows 10, version 22H2", compose.Windows(compose.EqualTo, 10, 0, 19045, 1)),
		detectoid(onWindows1123, "Windows 11, version 23H2", compose.Windows(compose.EqualTo, 10, 0, 22631, 1)),
		detectoid(onWindows11, "Windows 11, version 24H2", compose.Windows(compose.EqualTo, 10, 0, 26100, 1)),
		detectoid(onServer2022, "Windows Server 2022", compose.Windows(compose.EqualTo, 10, 0, 20348, 3)),
		detectoid(onServer2025, "Windows Server 2025", compose.Windows(compose.EqualTo, 10, 0, 26100, 3)),
		detectoid(onWorkstation, "Workstation, Windows 10 or later", compose.Windows(compose.AtLeast, 10, 0, 0, 1)),
		detectoid(onServer, "Server or domain controller, Windows Server 2016 or later", compose.Or(
			compose.Windows(compose.AtLeast, 10, 0, 14393, 3),
			compose.Windows(compose.AtLeast, 10, 0, 14393, 2))),
		// The first rule is false where language packs are installed, the second one where there are none.
		detectoid(onEnglish, "English interface", compose.Or(
			compose.Base("WindowsLanguage", "Language", "en-US"),
			compose.Base("MuiLanguageInstalled", "Language", "en-US"))),
		detectoid(onMultilingual, "Multilingual interface", compose.Base("MuiInstalled")),
		detectoid(onNETRollup, ".NET Framework 4.8.1", compose.PackageInstalled(netRollup("10.0.9082.7"))),
	}
}

func detectoid(key, title string, installed *etree.Element) compose.Document {
	return compose.Document{
		Name: strings.ReplaceAll(key, "/", "-"), ID: id(key), Type: "Detectoid", Created: categoriesCreated, Publisher: id("publisher"),
		Texts: english(title, ""), Installed: installed,
	}
}
