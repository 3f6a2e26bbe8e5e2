package metadata

import "strconv"

// element is the item as its package has it.
func (i *InstallableItem) element() *element {
	e := makeElement(PackageNamespace, "InstallableItem", "ID", i.ID.String())
	e.add(i.Rules.whole(PackageNamespace))
	e.add(i.Installation.element(PackageNamespace, "InstallProperties"), i.Uninstallation.element(PackageNamespace, "UninstallProperties"))
	e.add(i.installerElement())
	for n := range i.Files {
		e.add(i.Files[n].element())
	}
	e.texts("Language", i.Languages...)
	for _, other := range i.Other {
		e.add(other.e)
	}
	return e
}

// element writes every attribute; nil for no behavior.
func (b *Behavior) element(space, local string) *element {
	if b == nil {
		return nil
	}
	e := makeElement(space, local)
	e.setIf("RebootBehavior", b.RebootBehavior)
	e.setIf("Impact", b.Impact)
	e.set("CanRequestUserInput", boolText(b.CanRequestUserInput))
	e.set("RequiresNetworkConnectivity", boolText(b.RequiresNetworkConnectivity))
	return e
}

func (i *InstallableItem) installerElement() *element {
	switch installer := i.Installer.(type) {
	case *CommandLine:
		return installer.element("CommandLineInstallerData")
	case *WindowsInstallerApp:
		return installer.element(vendorApp, "MsiInstallerData")
	case *WindowsInstallerPatch:
		e := installer.element(vendorPatch, "MspInstallerData")
		if i.MspFileName != "" {
			e.texts("MspFileName", i.MspFileName)
		}
		return e
	case *WindowsPatch:
		return installer.element(vendorExe, "UpdateExeInstallerData")
	}
	return nil
}

// handlerData is what an update document has for the same installer. Elements stay in the namespaces of the vendor's family, as
// the transform of WSUS leaves them, those of an MSI in the one of an MSP.
func (i *InstallableItem) handlerData() *element {
	var kind string
	var inside []*element
	switch installer := i.Installer.(type) {
	case *CommandLine:
		kind, inside = "cmd:CommandLineInstallation", []*element{installer.element("InstallCommand")}
		for _, r := range installer.RepairPaths {
			inside = append(inside, r.element(vendorCommand))
		}
	case *WindowsInstallerApp:
		kind, inside = "msp:WindowsInstallerApp", []*element{installer.element(vendorPatch, "MsiData")}
	case *WindowsInstallerPatch:
		kind, inside = "msp:WindowsInstaller", []*element{installer.element(vendorPatch, "MspData")}
	case *WindowsPatch:
		kind, inside = "psf:WindowsPatch", []*element{installer.element(vendorPSF, "WindowsPatchData")}
	default:
		return nil
	}
	e := makeElement(UpdateNamespace, "HandlerSpecificData", "type", kind)
	e.attrs[0].Name.Space = xsiNamespace
	return e.add(inside...)
}

func (c *CommandLine) element(local string) *element {
	e := makeElement(vendorCommand, local, "Program", c.Program)
	e.setIf("Arguments", c.Arguments)
	e.setIf("DefaultResult", string(c.DefaultResult))
	e.set("RebootByDefault", boolText(c.RebootByDefault))
	for _, r := range c.ReturnCodes {
		code := makeElement(vendorCommand, "ReturnCode", "Code", strconv.FormatInt(int64(r.Code), 10), "Result", string(r.Result),
			"Reboot", boolText(r.Reboot))
		code.setIf("DefaultLocalizedDescription", r.DefaultDescription)
		for _, d := range r.Descriptions {
			text := makeElement(vendorCommand, "LocalizedDescription")
			text.texts("Language", d.Language)
			text.texts("Description", d.Text)
			code.add(text)
		}
		e.add(code)
	}
	return e
}

func (w *WindowsInstallerApp) element(space, local string) *element {
	e := makeElement(space, local)
	e.setIf("CommandLine", w.CommandLine)
	e.setIf("UninstallCommandLine", w.UninstallCommandLine)
	e.setIf("MsiFile", w.MsiFile)
	e.setIf("ProductCode", w.ProductCode)
	return e.add(repairElements(w.RepairPaths, space)...)
}

func (w *WindowsInstallerPatch) element(space, local string) *element {
	e := makeElement(space, local)
	e.setIf("CommandLine", w.CommandLine)
	e.setIf("UninstallCommandLine", w.UninstallCommandLine)
	e.setIf("PatchCode", w.PatchCode)
	e.setIf("FullFilePatchCode", w.FullFilePatchCode)
	return e.add(repairElements(w.RepairPaths, space)...)
}

func (w *WindowsPatch) element(space, local string) *element {
	e := makeElement(space, local)
	e.setIf("InstallParameters", w.InstallParameters)
	e.setIf("UnpackParameters", w.UnpackParameters)
	return e
}

func repairElements(paths []RepairPath, space string) []*element {
	out := make([]*element, len(paths))
	for i, r := range paths {
		out[i] = r.element(space)
	}
	return out
}

func (r RepairPath) element(space string) *element {
	e := makeElement(space, "RepairPath")
	e.setIf("TargetId", r.TargetID)
	e.setIf("TargetType", r.TargetType)
	e.set("RelativeToServer", boolText(r.RelativeToServer))
	e.setIf("Path", r.Path)
	return e
}
