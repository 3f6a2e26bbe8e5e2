package compose

import "github.com/beevik/etree"

const schemas = "http://schemas.microsoft.com/msus/2002/12/"

// Handlers that install, as the Handler attribute names them.
const (
	handlerCommandLine = schemas + "UpdateHandlers/CommandLineInstallation"
	handlerInstaller   = schemas + "UpdateHandlers/WindowsInstaller"
	handlerServicing   = schemas + "UpdateHandlers/Cbs"
	handlerCategory    = schemas + "UpdateHandlers/Category"
)

// namespace of a prefix. The empty string stands for a prefix that no document of ours uses.
func namespace(prefix string) string {
	switch prefix {
	case "upd":
		return schemas + "Update"
	case "pub":
		return schemas + "Publishing"
	case "bar":
		return schemas + "BaseApplicabilityRules"
	case "lar":
		return schemas + "LogicalApplicabilityRules"
	case "mar":
		return schemas + "MsiApplicabilityRules"
	case "cbsar":
		return schemas + "CbsApplicabilityRules"
	case "mspblob":
		return "http://www.microsoft.com/msi/patch_applicability.xsd"
	case "cmd":
		return handlerCommandLine
	case "msp":
		return handlerInstaller
	case "cbs":
		return handlerServicing
	case "cat":
		return handlerCategory
	case "xsi":
		return "http://www.w3.org/2001/XMLSchema-instance"
	}
	return ""
}

// rootPrefixes are declared on the root when something inside uses them, in this order; pub stands before them and upd behind,
// as real documents have it.
func rootPrefixes() []string {
	return []string{"bar", "lar", "mar", "cbsar", "cat", "cmd", "msp", "cbs"}
}

// element makes an element with its attributes, given as name and value in turn. Empty values are left out.
func element(prefix, name string, attributes ...string) *etree.Element {
	e := etree.NewElement(name)
	e.Space = prefix
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			e.CreateAttr(attributes[i], attributes[i+1])
		}
	}
	return e
}

// declared is an element that repeats the declaration of its own prefix behind its attributes.
func declared(prefix, name string, attributes ...string) *etree.Element {
	e := element(prefix, name, attributes...)
	e.CreateAttr("xmlns:"+prefix, namespace(prefix))
	return e
}

func text(prefix, name, value string) *etree.Element {
	e := element(prefix, name)
	e.SetText(value)
	return e
}

// flag writes a boolean attribute: absent when false, which every reader takes as false.
func flag(b bool) string {
	if b {
		return "true"
	}
	return ""
}
