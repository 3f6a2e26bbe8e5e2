package compose

import (
	"strconv"

	"github.com/beevik/etree"
)

// HKLM is the hive of all registry rules outside a loop, LoopTarget the subkey that a loop has come to (MS-WUSP's schemas allow
// no other).
const (
	HKLM       = "HKEY_LOCAL_MACHINE"
	LoopTarget = "HKEY_LOOP_TARGET"
)

// Comparisons. The left operand is what the machine has.
const (
	AtLeast = "GreaterThanOrEqualTo"
	Above   = "GreaterThan"
	Below   = "LessThan"
	EqualTo = "EqualTo"
)

// Folders by CSIDL.
const (
	System32        = 37
	ProgramFiles    = 38
	ProgramFilesX86 = 42
)

// True holds on every machine.
func True() *etree.Element { return element("lar", "True") }

// And holds when all rules hold.
func And(rules ...*etree.Element) *etree.Element { return logical("And", rules) }

// Or holds when one rule holds.
func Or(rules ...*etree.Element) *etree.Element { return logical("Or", rules) }

// Not holds when the rule does not.
func Not(rule *etree.Element) *etree.Element { return logical("Not", []*etree.Element{rule}) }

func logical(name string, rules []*etree.Element) *etree.Element {
	e := declared("lar", name)
	for _, rule := range rules {
		e.AddChild(rule)
	}
	return e
}

// Base is a rule of the base family that needs no function of its own; attributes are name and value in turn.
func Base(name string, attributes ...string) *etree.Element {
	return declared("bar", name, attributes...)
}

// Windows compares the version of the operating system and tests the product type for equality; 0 leaves the type open.
func Windows(comparison string, major, minor, build, productType int) *etree.Element {
	kind := ""
	if productType > 0 {
		kind = strconv.Itoa(productType)
	}
	number := ""
	if build > 0 {
		number = strconv.Itoa(build)
	}
	return Base("WindowsVersion", "Comparison", comparison, "MajorVersion", strconv.Itoa(major),
		"MinorVersion", strconv.Itoa(minor), "BuildNumber", number, "ProductType", kind)
}

// Architecture holds on machines of a native architecture: 0 x86, 9 x64, 12 ARM64.
func Architecture(number int) *etree.Element {
	return Base("Processor", "Architecture", strconv.Itoa(number))
}

// Dword compares a REG_DWORD.
func Dword(subkey, value, comparison string, data uint32) *etree.Element {
	return Base("RegDword", "Key", HKLM, "Subkey", subkey, "Value", value,
		"Comparison", comparison, "Data", strconv.FormatUint(uint64(data), 10))
}

// TextValue compares a REG_SZ.
func TextValue(subkey, value, comparison, data string) *etree.Element {
	return Base("RegSz", "Key", HKLM, "Subkey", subkey, "Value", value, "Comparison", comparison, "Data", data)
}

// VersionValue compares a REG_SZ that holds a version.
func VersionValue(subkey, value, comparison, version string) *etree.Element {
	return Base("RegSzToVersion", "Key", HKLM, "Subkey", subkey, "Value", value, "Comparison", comparison, "Data", version)
}

// In32 makes a registry rule read the 32-bit view.
func In32(rule *etree.Element) *etree.Element {
	declaration := rule.RemoveAttr("xmlns:bar")
	rule.CreateAttr("RegType32", "true")
	rule.CreateAttr("xmlns:bar", declaration.Value)
	return rule
}

// Loop tests the subkeys of a key: trueIf is Any, All or None.
func Loop(subkey, trueIf string, body *etree.Element) *etree.Element {
	e := Base("RegKeyLoop", "Key", HKLM, "Subkey", subkey, "TrueIf", trueIf)
	e.AddChild(body)
	return e
}

// File compares the version of a file in a folder that a CSIDL names.
func File(csidl int, path, comparison, version string) *etree.Element {
	return Base("FileVersion", "Path", path, "Comparison", comparison, "Version", version, "Csidl", strconv.Itoa(csidl))
}

// FileUnder compares the version of a file in a folder that a registry value names.
func FileUnder(subkey, value, path, comparison, version string) *etree.Element {
	return Base("FileVersionPrependRegSz", "Path", path, "Comparison", comparison, "Version", version,
		"Key", HKLM, "Subkey", subkey, "Value", value)
}

// Device compares an attribute of the device list, such as OSSkuId. The rule belongs to no family of rules.
func Device(name, comparison, value string) *etree.Element {
	return element("upd", "DeviceAttribute", "Name", name, "Type", "String", "Comparison", comparison, "Value", value)
}
