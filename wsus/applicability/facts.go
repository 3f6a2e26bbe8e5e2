package applicability

import (
	"context"
	"time"
)

// Facts is what a machine knows of itself. Methods are safe for concurrent use and answer ErrNotFound (wrapped or not) for
// what is absent; any other error keeps the rule from being judged. What only few rules ask for are optional abilities: [WMI],
// [History], [Licensing], [Cluster], [Equipped] and [Drivers].
type Facts interface {
	// System tells what never changes during a scan.
	System(ctx context.Context) (System, error)
	// Registry returns a key of HKEY_LOCAL_MACHINE by its path below that, such as SOFTWARE\Lindenhof\Viewer, in the 64-bit (native) or the
	// 32-bit view. Names are compared without case.
	Registry(ctx context.Context, view View, key string) (Key, error)
	// File returns a file or folder by its full path, environment variables and known folders already put in.
	File(ctx context.Context, path string) (File, error)
	// Product returns an installed MSI product by its code, braces included.
	Product(ctx context.Context, code string) (Product, error)
	// Package returns the CurrentState of a CBS package by its identity (112 is installed).
	Package(ctx context.Context, identity string) (int, error)
}

// View selects a view of the registry.
type View uint8

// The registry views of 64-bit Windows.
const (
	Native View = iota
	WOW64
)

// System are the facts of the operating system and the hardware.
type System struct {
	// Version is major.minor.build.UBR as RtlGetVersion has it; Windows 11 is 10.0 with a build from 22000.
	Version      [4]int `json:"version"`
	ServicePack  [2]int `json:"servicePack"`
	ProductType  int    `json:"productType"` // 1 workstation, 2 domain controller, 3 server
	SuiteMask    int    `json:"suiteMask"`
	SKU          int    `json:"sku"`          // GetProductInfo
	Architecture int    `json:"architecture"` // 0 x86, 5 ARM, 6 IA64, 9 x64, 12 ARM64: native
	Processors   int    `json:"processors"`   // logical ones; 0 when not known
	// ProcessorLevel and ProcessorRevision are wProcessorLevel and wProcessorRevision of GetNativeSystemInfo; nil when not known.
	ProcessorLevel    *int              `json:"processorLevel,omitempty"`
	ProcessorRevision *int              `json:"processorRevision,omitempty"`
	Language          string            `json:"language"` // of the installation, such as en-US
	MUI               []string          `json:"mui,omitempty"`
	Metrics           map[int]int       `json:"metrics,omitempty"`    // GetSystemMetrics
	Attributes        map[string]string `json:"attributes,omitempty"` // DeviceAttribute
	// Folders maps a CSIDL number to its folder; those of a standard installation are filled in when absent.
	Folders map[int]string `json:"folders,omitempty"`
}

// Key is a registry key.
type Key struct {
	// Values by lower-case name; the default value has the empty name.
	Values map[string]Value
	// Subkeys are the names of the direct subkeys, sorted.
	Subkeys []string
}

// Value is a registry value: Text for the string types, Number for the integer types.
type Value struct {
	Type   string // REG_SZ, REG_EXPAND_SZ, REG_DWORD, REG_QWORD, REG_MULTI_SZ, REG_BINARY
	Text   string
	Number uint64
}

// File is a file or folder.
type File struct {
	Version           [4]int // of VS_FIXEDFILEINFO
	HasVersion        bool
	Size              int64
	Created, Modified time.Time
	Language          int
}

// Product is an installed MSI product.
type Product struct {
	Version  string
	Language int
	// UpgradeCode is a GUID with braces; empty where it is not told.
	UpgradeCode string
	Features    []string
	// Components and Patches are GUIDs with braces; Patches are those in the state applied.
	Components, Patches []string
	// Superseded are the patches that Windows Installer keeps in the state superseded or obsoleted.
	Superseded []string
	// Sequences are, by patch family, the highest sequence of an applied patch that supersedes earlier ones of the family.
	Sequences map[string]string
}
