package metadata

import "github.com/google/uuid"

func (p *Package) readItem(e *element) (err error) {
	var item InstallableItem
	if item.ID, err = e.guid("ID"); err != nil {
		return err
	}
	if item.ID == uuid.Nil {
		return faultf(e.line, "InstallableItem has no ID")
	}
	for _, c := range e.children {
		switch c.local {
		case "ApplicabilityRules":
			err = item.Rules.read(c)
		case "InstallProperties":
			item.Installation, err = c.behavior()
		case "UninstallProperties":
			item.Uninstallation, err = c.behavior()
		case "CommandLineInstallerData", "MsiInstallerData", "MspInstallerData", "UpdateExeInstallerData":
			err = item.readInstaller(c)
		case "OriginFile":
			err = item.readOrigin(c)
		case "Language":
			item.Languages = append(item.Languages, c.content())
		default:
			item.Other = append(item.Other, Markup{c})
		}
		if err != nil {
			return err
		}
	}
	p.Items = append(p.Items, item)
	return nil
}

func (r *PackageRules) read(e *element) (err error) {
	for _, c := range e.children {
		if _, err := e.only(c.local); err != nil && c.local != "" {
			return err
		}
		switch c.local {
		case "IsInstalled":
			r.IsInstalled, err = c.rule()
		case "IsSuperseded":
			r.IsSuperseded, err = c.rule()
		case "IsInstallable":
			r.IsInstallable, err = c.rule()
		case "Metadata":
			for _, data := range c.children {
				if data.local == "" {
					return faultf(c.line, "Metadata has text beside its elements")
				}
				r.Metadata = append(r.Metadata, Markup{data})
			}
		default:
			return faultf(c.line, "ApplicabilityRules has an unknown child, %s", c.label())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rule is the only child of its holder.
func (e *element) rule() (Markup, error) {
	if n := len(e.children); n != 1 || e.children[0].local == "" {
		return Markup{}, faultf(e.line, "%s has %d rules, want exactly one", e.local, n)
	}
	return Markup{e.children[0]}, nil
}

func (i *InstallableItem) readInstaller(e *element) error {
	if i.Installer != nil {
		return faultf(e.line, "InstallableItem has a second installer, %s", e.local)
	}
	a := &attributes{node: e.node()}
	known := ""
	switch e.local {
	case "CommandLineInstallerData":
		i.Installer, known = readCommand(a), "ReturnCode"
	case "MsiInstallerData":
		i.Installer, known = readApp(a), "RepairPath"
	case "MspInstallerData":
		i.Installer, known = readPatch(a), "RepairPath"
	default:
		i.Installer = windowsPatch(a, nil)
	}
	if err := a.failure(); err != nil {
		return faultf(e.line, "%v", err)
	}
	for _, c := range e.children {
		switch {
		case c.local == known:
		case c.local == "MspFileName":
			i.MspFileName = c.content()
		default:
			i.Other = append(i.Other, Markup{c})
		}
	}
	return nil
}

func (i *InstallableItem) readOrigin(e *element) error {
	f, err := e.file()
	if err != nil {
		return err
	}
	i.Files = append(i.Files, OriginFile{File: f, URI: e.value("OriginUri")})
	return nil
}
