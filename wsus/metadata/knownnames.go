package metadata

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// KnownKind says what an id stands for.
type KnownKind string

// The kinds of well-known ids. The first four are those of categories.
const (
	KnownCompany        KnownKind = "Company"
	KnownFamily         KnownKind = "ProductFamily"
	KnownProduct        KnownKind = "Product"
	KnownClassification KnownKind = "UpdateClassification"
	KnownDetectoid      KnownKind = "Detectoid"
	KnownPublisher      KnownKind = "Publisher"
)

// KnownID is an id that means the same on every server, with the name that the product shows for it.
type KnownID struct {
	ID   uuid.UUID
	Kind KnownKind
	Name string
}

// Known tells what an id stands for, and false when it is none of the well-known ones.
func Known(id uuid.UUID) (KnownID, bool) {
	i := slices.IndexFunc(knownIDs, func(k KnownID) bool { return k.ID == id })
	if i < 0 {
		return KnownID{}, false
	}
	return knownIDs[i], true
}

// KnownIDs lists every well-known id: classifications, companies, families, products, detectoids, publishers.
func KnownIDs() []KnownID {
	return slices.Clone(knownIDs)
}

// Classification is an update classification and the name that the product shows for it.
type Classification struct {
	ID   uuid.UUID
	Name string
}

// Classifications lists the update classifications, ordered by name.
func Classifications() []Classification {
	var out []Classification
	for _, k := range knownIDs {
		if k.Kind == KnownClassification {
			out = append(out, Classification{k.ID, k.Name})
		}
	}
	slices.SortFunc(out, func(a, b Classification) int { return strings.Compare(a.Name, b.Name) })
	return out
}

var knownIDs = []KnownID{
	{SecurityUpdates, KnownClassification, "Security Updates"}, {CriticalUpdates, KnownClassification, "Critical Updates"},
	{DefinitionUpdates, KnownClassification, "Definition Updates"}, {UpdateRollups, KnownClassification, "Update Rollups"},
	{ServicePacks, KnownClassification, "Service Packs"}, {FeaturePacks, KnownClassification, "Feature Packs"},
	{Tools, KnownClassification, "Tools"}, {Drivers, KnownClassification, "Drivers"},
	{DriverSets, KnownClassification, "Driver Sets"}, {Updates, KnownClassification, "Updates"},
	{Upgrades, KnownClassification, "Upgrades"}, {Applications, KnownClassification, "Applications"},
	{Connectors, KnownClassification, "Connectors"}, {DeveloperKits, KnownClassification, "Developer Kits"},
	{Guidance, KnownClassification, "Guidance"},

	{Microsoft, KnownCompany, "Microsoft"}, {LocalPublisher, KnownCompany, "Local Publisher"},
	{Windows, KnownFamily, "Windows"}, {Office, KnownFamily, "Office"}, {SQLServer, KnownFamily, "SQL Server"},
	{Exchange, KnownFamily, "Exchange"},

	{Windows11, KnownProduct, "Windows 11"}, {Windows10, KnownProduct, "Windows 10"},
	{Windows10LTSB, KnownProduct, "Windows 10 LTSB"},
	{Windows10Version1903, KnownProduct, "Windows 10, version 1903 and later"}, {Windows81, KnownProduct, "Windows 8.1"},
	{Windows8, KnownProduct, "Windows 8"}, {Windows7, KnownProduct, "Windows 7"}, {WindowsVista, KnownProduct, "Windows Vista"},
	{WindowsServer2008, KnownProduct, "Windows Server 2008"}, {WindowsServer2008R2, KnownProduct, "Windows Server 2008 R2"},
	{WindowsServer2012, KnownProduct, "Windows Server 2012"}, {WindowsServer2012R2, KnownProduct, "Windows Server 2012 R2"},
	{WindowsServer2016, KnownProduct, "Windows Server 2016"}, {WindowsServer2019, KnownProduct, "Windows Server 2019"},
	{WindowsServerVersion1903, KnownProduct, "Windows Server, version 1903 and later"},
	{WindowsServer21H2, KnownProduct, "Microsoft Server operating system-21H2"},
	{DefenderAntivirus, KnownProduct, "Microsoft Defender Antivirus"}, {Office2010, KnownProduct, "Office 2010"},
	{Office2013, KnownProduct, "Office 2013"}, {Office2016, KnownProduct, "Office 2016"},
	{Microsoft365Apps, KnownProduct, "Microsoft 365 Apps/Office 365 Client"},
	{WindowsDictionaryUpdates, KnownProduct, "Windows Dictionary Updates"},
	{WindowsAdminCenter, KnownProduct, "Windows Admin Center"}, {VisualStudio2005, KnownProduct, "Visual Studio 2005"},
	{VisualStudio2008, KnownProduct, "Visual Studio 2008"}, {VisualStudio2010, KnownProduct, "Visual Studio 2010"},
	{VisualStudio2012, KnownProduct, "Visual Studio 2012"}, {VisualStudio2013, KnownProduct, "Visual Studio 2013"},
	{VisualStudio2015, KnownProduct, "Visual Studio 2015"}, {FirstBootUpdates, KnownProduct, "OOBE ZDP"},
	{LocallyPublishedPackages, KnownProduct, "Locally Published Packages"},

	{X64Machine, KnownDetectoid, "x64 machine"}, {X86Machine, KnownDetectoid, "x86 machine"},
	{ServicingConsumer, KnownDetectoid, "Client servicing API consumer"},

	{WindowsPublisher, KnownPublisher, "Publisher of Windows content"},
	{CategoryPublisher, KnownPublisher, "Publisher of early categories"},
	{DefenderPublisher, KnownPublisher, "Publisher of Defender content"},
}
