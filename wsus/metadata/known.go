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
	Connectors        = uuid.MustParse("434de588-ed14-48f5-8eed-a15e09a991f6")
	DeveloperKits     = uuid.MustParse("e140075d-8433-45c3-ad87-e72345b36078")
	Guidance          = uuid.MustParse("9511d615-35b2-47bb-927f-f73d8e9260bb")
)

// Companies, and the families of products below them.
var (
	Microsoft      = uuid.MustParse("56309036-4c77-4dd9-951a-99ee9c246a94")
	LocalPublisher = uuid.MustParse("7c40e8c2-01ae-47f5-9af2-6e75a0582518")
	Windows        = uuid.MustParse("6964aab4-c5b5-43bd-a17d-ffb4346a8e1d")
	Office         = uuid.MustParse("477b856e-65c4-4473-b621-a8b230bb70d9")
	SQLServer      = uuid.MustParse("0a4c6c73-8887-4d7f-9cbe-d08fa8fa9d1e")
	Exchange       = uuid.MustParse("352f9494-d516-4b40-a21a-cd2416098982")
)

// Products.
var (
	Windows11                = uuid.MustParse("72e7624a-5b00-45d2-b92f-e561c0a6a160")
	Windows10                = uuid.MustParse("a3c2375d-0c8a-42f9-bce0-28333e198407")
	Windows10LTSB            = uuid.MustParse("d2085b71-5f1f-43a9-880d-ed159016d5c6")
	Windows10Version1903     = uuid.MustParse("b3c75dc1-155f-4be4-b015-3f1a91758e52")
	Windows81                = uuid.MustParse("6407468e-edc7-4ecd-8c32-521f64cee65e")
	Windows8                 = uuid.MustParse("2ee2ad83-828c-4405-9479-544d767993fc")
	Windows7                 = uuid.MustParse("bfe5b177-a086-47a0-b102-097e4fa1f807")
	WindowsVista             = uuid.MustParse("26997d30-08ce-4f25-b2de-699c36a8033a")
	WindowsServer2008        = uuid.MustParse("ba0ae9cc-5f01-40b4-ac3f-50192b5d6aaf")
	WindowsServer2008R2      = uuid.MustParse("fdfe8200-9d98-44ba-a12a-772282bf60ef")
	WindowsServer2012        = uuid.MustParse("a105a108-7c9b-4518-bbbe-73f0fe30012b")
	WindowsServer2012R2      = uuid.MustParse("d31bd4c3-d872-41c9-a2e7-231f372588cb")
	WindowsServer2016        = uuid.MustParse("569e8e8f-c6cd-42c8-92a3-efbb20a0f6f5")
	WindowsServer2019        = uuid.MustParse("f702a48c-919b-45d6-9aef-ca4248d50397")
	WindowsServerVersion1903 = uuid.MustParse("21210d67-50bc-4254-a695-281765e10665")
	WindowsServer21H2        = uuid.MustParse("71718f13-7324-4b0f-8f9e-2ca9dc978e53")
	DefenderAntivirus        = uuid.MustParse("8c3fcc84-7410-4a95-8b89-a166a0190486")
	Office2010               = uuid.MustParse("84f5f325-30d7-41c4-81d1-87a0e6535b66")
	Office2013               = uuid.MustParse("704a0a4a-518f-4d69-9e03-10ba44198bd5")
	Office2016               = uuid.MustParse("25aed893-7c2d-4a31-ae22-28ff8ac150ed")
	Microsoft365Apps         = uuid.MustParse("30eb551c-6288-4716-9a78-f300ec36d72b")
	WindowsDictionaryUpdates = uuid.MustParse("50c04525-9b15-4f7c-bed4-87455bcd7ded")
	WindowsAdminCenter       = uuid.MustParse("b1b8f641-1ff2-4ae6-b247-4fe7503787be")
	VisualStudio2005         = uuid.MustParse("a0dd7e72-90ec-41e3-b370-c86a245cd44f")
	VisualStudio2008         = uuid.MustParse("e3fde9f8-14d6-4b5c-911c-fba9e0fc9887")
	VisualStudio2010         = uuid.MustParse("c9834186-a976-472b-8384-6bb8f2aa43d9")
	VisualStudio2012         = uuid.MustParse("abddd523-04f4-4f8e-b76f-a6c84286cc67")
	VisualStudio2013         = uuid.MustParse("cf4aa0fc-119d-4408-bcba-181abb69ed33")
	VisualStudio2015         = uuid.MustParse("1731f839-8830-4b9c-986e-82ee30b24120")
	FirstBootUpdates         = uuid.MustParse("dd78b8a1-0b20-45c1-add6-4da72e9364cf")
	LocallyPublishedPackages = uuid.MustParse("5cc25303-143f-40f3-a2ff-803a1db69955")
)

// Detectoids that updates of many publishers name as prerequisites.
var (
	// X64Machine holds on amd64.
	X64Machine = uuid.MustParse("59653007-e2e9-4f71-8525-2ff588527978")
	// X86Machine is taken to hold on 32-bit Windows; that is inferred from where it stands, not published.
	X86Machine = uuid.MustParse("3e0afb10-a9fb-4c16-a60e-5790c3803437")
	// ServicingConsumer is required by packages that are restricted to callers of the client servicing API.
	ServicingConsumer = uuid.MustParse("b7a590e9-db06-43f6-9b06-4ad73869cca2")
)

// Publishers, as the PublisherID of documents has them.
var (
	WindowsPublisher  = uuid.MustParse("395392a0-19c0-48b7-a927-f7c15066d905")
	CategoryPublisher = uuid.MustParse("42f20e12-2856-447d-a8b2-68f06c2e9b45")
	DefenderPublisher = uuid.MustParse("bccf8ca0-2819-4598-8d15-c1506e363e92")
)
