package compose

import (
	"strconv"

	"github.com/beevik/etree"
)

// Handler is what installs a payload.
type Handler interface {
	uri() string
	data() *etree.Element
}

func handlerData(kind string, child *etree.Element) *etree.Element {
	e := element("upd", "HandlerSpecificData", "xsi:type", kind)
	e.CreateAttr("xmlns:xsi", namespace("xsi"))
	e.AddChild(child)
	return e
}

// CommandLine runs a program of the payload.
type CommandLine struct {
	Program, Arguments string
	// RestartCode is an exit code that asks for a restart; zero: none does. Exit code 0 is success.
	RestartCode int
}

func (CommandLine) uri() string { return handlerCommandLine }

func (c CommandLine) data() *etree.Element {
	command := declared("cmd", "InstallCommand",
		"Arguments", c.Arguments, "Program", c.Program, "RebootByDefault", "false", "DefaultResult", "Failed")
	command.AddChild(element("cmd", "ReturnCode", "Reboot", "false", "Result", "Succeeded", "Code", "0"))
	if c.RestartCode != 0 {
		command.AddChild(element("cmd", "ReturnCode", "Reboot", "true", "Result", "Succeeded", "Code", strconv.Itoa(c.RestartCode)))
	}
	return handlerData("cmd:CommandLineInstallation", command)
}

// Installer installs an MSI package.
type Installer struct {
	File, ProductCode, CommandLine string
}

func (Installer) uri() string { return handlerInstaller }

func (i Installer) data() *etree.Element {
	return handlerData("msp:WindowsInstallerApp", declared("msp", "MsiData",
		"MsiFile", i.File, "ProductCode", i.ProductCode, "CommandLine", i.CommandLine))
}

// Patch applies an MSP package.
type Patch struct {
	PatchCode, CommandLine string
}

func (Patch) uri() string { return handlerInstaller }

func (p Patch) data() *etree.Element {
	return handlerData("msp:WindowsInstaller", declared("msp", "MspData", "PatchCode", p.PatchCode, "CommandLine", p.CommandLine))
}

// Servicing adds a package to the component store. The package is named by the metadata of the rules.
type Servicing struct{}

func (Servicing) uri() string { return handlerServicing }

func (Servicing) data() *etree.Element {
	data := declared("cbs", "CbsData")
	data.Attr = append([]etree.Attr{{Key: "PackageIdentity", Value: ""}}, data.Attr...)
	return handlerData("cbs:Cbs", data)
}

// Category says what a category is; there is nothing to install.
type Category struct {
	Kind string // Company, ProductFamily, Product, UpdateClassification
}

func (Category) uri() string { return handlerCategory }

func (c Category) data() *etree.Element {
	holds := strconv.FormatBool(c.Kind == "Company" || c.Kind == "ProductFamily")
	return handlerData("cat:Category", declared("cat", "CategoryInformation",
		"CategoryType", c.Kind,
		"ProhibitsSubcategories", strconv.FormatBool(c.Kind == "Product" || c.Kind == "UpdateClassification"),
		"ProhibitsUpdates", holds))
}
