package metadata

import "github.com/google/uuid"

// The update classifications. They are categories with the same ids on every server.
var (
	SecurityUpdates   = uuid.MustParse("0fa1201d-4330-4fa8-8ae9-b877473b6441")
	CriticalUpdates   = uuid.MustParse("e6cf1350-c01b-414d-a61f-263d14d133b4")
	DefinitionUpdates = uuid.MustParse("e0789628-ce08-4437-be74-2495b842f43b")
	UpdateRollups     = uuid.MustParse("28bc880e-0592-4cbf-8f95-c79b17911d5f")
	ServicePacks      = uuid.MustParse("68c5b0a3-d1a6-4553-ae49-01d3a7827828")
	FeaturePacks      = uuid.MustParse("b54e7d24-7add-428f-8b75-90a396fa584f")
	Tools             = uuid.MustParse("b4832bd8-e735-4761-8daf-37f882276dab")
	Drivers           = uuid.MustParse("ebfc1fc5-71a4-4f7b-9aca-3b9a503104a0")
	DriverSets        = uuid.MustParse("77835c8d-62a7-41f5-82ad-f28d1af1e3b1")
	Updates           = uuid.MustParse("cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83")
	Upgrades          = uuid.MustParse("3689bdc8-b205-4af4-8d4a-a63924c5e9d5")
	Applications      = uuid.MustParse("5c9376ab-8ce6-464a-b136-22113dd69801")
)

// Companies, families and products that everything else hangs below.
var (
	Microsoft                = uuid.MustParse("56309036-4c77-4dd9-951a-99ee9c246a94")
	Windows                  = uuid.MustParse("6964aab4-c5b5-43bd-a17d-ffb4346a8e1d")
	Windows10                = uuid.MustParse("a3c2375d-0c8a-42f9-bce0-28333e198407")
	Windows11                = uuid.MustParse("72e7624a-5b00-45d2-b92f-e561c0a6a160")
	WindowsServer2016        = uuid.MustParse("569e8e8f-c6cd-42c8-92a3-efbb20a0f6f5")
	WindowsServer2019        = uuid.MustParse("f702a48c-919b-45d6-9aef-ca4248d50397")
	WindowsServer21H2        = uuid.MustParse("71718f13-7324-4b0f-8f9e-2ca9dc978e53")
	DefenderAntivirus        = uuid.MustParse("8c3fcc84-7410-4a95-8b89-a166a0190486")
	LocalPublisher           = uuid.MustParse("7c40e8c2-01ae-47f5-9af2-6e75a0582518")
	LocallyPublishedPackages = uuid.MustParse("5cc25303-143f-40f3-a2ff-803a1db69955")
)

// Detectoids that updates of many publishers name as prerequisites.
var (
	// X64Machine holds on amd64.
	X64Machine = uuid.MustParse("59653007-e2e9-4f71-8525-2ff588527978")
	// ServicingConsumer is required by packages that are restricted to callers of the client servicing API.
	ServicingConsumer = uuid.MustParse("b7a590e9-db06-43f6-9b06-4ad73869cca2")
)

// Classification is an update classification and the name that the product shows for it.
type Classification struct {
	ID   uuid.UUID
	Name string
}

// Classifications lists the update classifications, ordered by name.
func Classifications() []Classification {
	return []Classification{
		{Applications, "Applications"},
		{CriticalUpdates, "Critical Updates"},
		{DefinitionUpdates, "Definition Updates"},
		{DriverSets, "Driver Sets"},
		{Drivers, "Drivers"},
		{FeaturePacks, "Feature Packs"},
		{SecurityUpdates, "Security Updates"},
		{ServicePacks, "Service Packs"},
		{Tools, "Tools"},
		{UpdateRollups, "Update Rollups"},
		{Updates, "Updates"},
		{Upgrades, "Upgrades"},
	}
}
