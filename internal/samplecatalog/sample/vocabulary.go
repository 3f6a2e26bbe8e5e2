package sample

import (
	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

// Classifications and products of Microsoft, by their well-known ids.
const (
	securityUpdates   = "0fa1201d-4330-4fa8-8ae9-b877473b6441"
	criticalUpdates   = "e6cf1350-c01b-414d-a61f-263d14d133b4"
	definitionUpdates = "e0789628-ce08-4437-be74-2495b842f43b"
	updateRollups     = "28bc880e-0592-4cbf-8f95-c79b17911d5f"
	servicePacks      = "68c5b0a3-d1a6-4553-ae49-01d3a7827828"
	featurePacks      = "b54e7d24-7add-428f-8b75-90a396fa584f"
	tools             = "b4832bd8-e735-4761-8daf-37f882276dab"
	updates           = "cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83"

	companyMicrosoft = "56309036-4c77-4dd9-951a-99ee9c246a94"
	familyWindows    = "6964aab4-c5b5-43bd-a17d-ffb4346a8e1d"
	productWindows10 = "a3c2375d-0c8a-42f9-bce0-28333e198407"
	productWindows11 = "72e7624a-5b00-45d2-b92f-e561c0a6a160"
	productServer    = "71718f13-7324-4b0f-8f9e-2ca9dc978e53"
	productDefender  = "8c3fcc84-7410-4a95-8b89-a166a0190486"
)

// Products and detectoids of ours, by the keys that their ids derive from.
const (
	productViewer   = "product/lindenhof-viewer"
	productAgent    = "product/tannwald-agent"
	productDatabase = "product/birkensee-database"
	productClient   = "product/birkensee-database-client"
	productFirmware = "product/falkenried-firmware"

	onX86          = "detectoid/x86"
	onX64          = "detectoid/x64"
	onARM64        = "detectoid/arm64"
	onWindows10    = "detectoid/windows-10-22h2"
	onWindows1123  = "detectoid/windows-11-23h2"
	onWindows11    = "detectoid/windows-11-24h2"
	onServer2022   = "detectoid/server-2022"
	onServer2025   = "detectoid/server-2025"
	onWorkstation  = "detectoid/workstation"
	onServer       = "detectoid/server"
	onEnglish      = "detectoid/english-interface"
	onMultilingual = "detectoid/multilingual-interface"
	onNETRollup    = "detectoid/net-framework-4.8.1"
)

// id is a key that is a GUID already, or the GUID (version 5) of a key under a namespace of our own.
func id(key string) string {
	if known, err := uuid.Parse(key); err == nil {
		return known.String()
	}
	space := uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/seed599db172/softwareupdates/examples/site/catalog"))
	return uuid.NewSHA1(space, []byte(key)).String()
}

func ids(keys ...string) []string {
	all := make([]string, len(keys))
	for i, key := range keys {
		all[i] = id(key)
	}
	return all
}

// needs is a clause with a single member.
func needs(key string) compose.Clause {
	return compose.Clause{Single: true, Members: ids(key)}
}

// anyOf is a clause of alternatives.
func anyOf(keys ...string) compose.Clause {
	return compose.Clause{Members: ids(keys...)}
}

// in is the clause that puts an update in categories: one classification, or the products that it is for.
func in(keys ...string) compose.Clause {
	return compose.Clause{Category: true, Members: ids(keys...)}
}

func english(title, description string) []compose.Text {
	return []compose.Text{{Language: "en", Title: title, Description: description}}
}

// german adds the second language to an update's texts.
func german(texts []compose.Text, title, description string) []compose.Text {
	return append(texts, compose.Text{Language: "de", Title: title, Description: description})
}

// deployable is an update that an administrator can approve, with a KB number: the key of its id.
func deployable(kb, name, created, title, description string) compose.Document {
	return compose.Document{
		Name: "kb" + kb + "-" + name, ID: id(kb), KB: kb, Deployable: true, Created: created, Publisher: id("publisher"),
		SupportURL: "https://support.sample.example/kb/" + kb,
		Texts:      english(title+" (KB"+kb+")", description),
	}
}

// member is a part of a bundle; its key is the bundle's KB number and its own name.
func member(kb, name, created, title string) compose.Document {
	return compose.Document{
		Name: "kb" + kb + "-member-" + name, ID: id(kb + "/" + name), Created: created, Publisher: id("publisher"),
		Texts: english(title, ""),
	}
}

// file is the payload of an update, modified on the day that the update was made.
func file(name string, size int, day string) []compose.Payload {
	return []compose.Payload{{Name: name, Size: size, Modified: day}}
}
