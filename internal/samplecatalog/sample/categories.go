package sample

import (
	"strings"

	"github.com/beevik/etree"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

const categoriesCreated = "2026-01-13"

// classifications are all that the updates use.
func classifications() []compose.Document {
	all := []compose.Document{}
	for _, c := range []struct{ id, title string }{
		{securityUpdates, "Security Updates"}, {criticalUpdates, "Critical Updates"}, {definitionUpdates, "Definition Updates"},
		{updateRollups, "Update Rollups"}, {servicePacks, "Service Packs"}, {featurePacks, "Feature Packs"},
		{tools, "Tools"}, {updates, "Updates"},
	} {
		all = append(all, category("UpdateClassification", c.id, c.title, "", compose.True()))
	}
	return all
}

// microsoft is the tree of the Windows products.
func microsoft() []compose.Document {
	company := category("Company", companyMicrosoft, "Microsoft", "", compose.True())
	company.UpperCaseID = true
	return []compose.Document{
		company,
		category("ProductFamily", familyWindows, "Windows", companyMicrosoft, compose.Base("Platform", "PlatformID", "Windows")),
		category("Product", productWindows10, "Windows 10", familyWindows, compose.And(
			compose.Windows(compose.AtLeast, 10, 0, 0, 1),
			compose.Windows(compose.Below, 10, 0, 22000, 1))),
		category("Product", productWindows11, "Windows 11", familyWindows, compose.Windows(compose.AtLeast, 10, 0, 22000, 1)),
		category("Product", productServer, "Microsoft Server operating system-21H2", familyWindows, compose.Or(
			compose.Windows(compose.EqualTo, 10, 0, 20348, 3),
			compose.Windows(compose.EqualTo, 10, 0, 20348, 2))),
		category("Product", productDefender, "Microsoft Defender Antivirus", familyWindows,
			compose.Base("RegKeyExists", "Key", compose.HKLM, "Subkey", `SOFTWARE\Microsoft\Windows Defender`)),
	}
}

// vendors are invented: four companies, each with a family and its products.
func vendors() []compose.Document {
	workstation := compose.Windows(compose.AtLeast, 10, 0, 0, 1)
	made := compose.Base("WmiQuery", "Namespace", `root\cimv2`,
		"WqlQuery", "SELECT * FROM Win32_ComputerSystem WHERE Manufacturer = 'Falkenried Computer'")

	all := company("lindenhof", "Lindenhof Software", "Lindenhof Applications")
	all = append(all, category("Product", productViewer, "Lindenhof Viewer", "family/lindenhof", compose.Product(viewerProduct, "")))
	all = append(all, company("tannwald", "Tannwald Networks", "Tannwald Management")...)
	all = append(all, category("Product", productAgent, "Tannwald Agent", "family/tannwald", compose.In32(
		compose.Base("RegKeyExists", "Key", compose.HKLM, "Subkey", `SOFTWARE\Tannwald\Agent`))))
	all = append(all, company("birkensee", "Birkensee Systems", "Birkensee Data")...)
	all = append(all,
		category("Product", productDatabase, "Birkensee Database", "family/birkensee", compose.Product(databaseProduct, "")),
		category("Product", productClient, "Birkensee Database Client", "family/birkensee", workstation))
	all = append(all, company("falkenried", "Falkenried Computer", "Falkenried Systems")...)
	return append(all, category("Product", productFirmware, "Falkenried Firmware Tools", "family/falkenried", made))
}

func company(key, name, family string) []compose.Document {
	return []compose.Document{
		category("Company", "company/"+key, name, "", compose.True()),
		category("ProductFamily", "family/"+key, family, "company/"+key, compose.True()),
	}
}

// category hangs below its parent by a clause that is marked as one of categories.
func category(kind, key, title, parent string, installed *etree.Element) compose.Document {
	words := strings.NewReplacer("ProductFamily", "family", "UpdateClassification", "classification").Replace(kind)
	d := compose.Document{
		Name: strings.ToLower(words + "-" + strings.ReplaceAll(title, " ", "-")),
		ID:   id(key), Revision: 1, Type: "Category", Created: categoriesCreated, Publisher: id("publisher"),
		Texts:     english(title, title+" of the sample catalogue."),
		Installed: installed,
		Handler:   compose.Category{Kind: kind},
	}
	if parent != "" {
		d.Prerequisites = []compose.Clause{in(parent)}
	}
	return d
}
