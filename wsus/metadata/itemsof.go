package metadata

import (
	"fmt"
	"slices"
)

// itemsOf makes an item of the update itself when it installs something, and one of each part.
func (p *Package) itemsOf(u *Update, parts []*Update, l *losses) error {
	var members []Identity
	for _, clause := range u.Relationships.Bundled {
		members = append(members, clause.Members...)
	}
	if len(u.Relationships.Bundled) > 1 {
		l.value("BundledUpdates", fmt.Sprint(len(u.Relationships.Bundled)), "clauses became one: a package has no clauses of items")
	}
	for _, part := range parts {
		if !slices.Contains(members, part.Identity) {
			return fmt.Errorf("update %s revision %d is no part of it", part.UpdateID, part.Revision)
		}
		if err := p.itemOf(part, l); err != nil {
			return fmt.Errorf("part %s: %w", part.UpdateID, err)
		}
	}
	for _, m := range members {
		if !slices.ContainsFunc(parts, func(part *Update) bool { return part.Identity == m }) {
			p.Bundled = append(p.Bundled, m.UpdateID)
			l.value("BundledUpdates/UpdateIdentity/@RevisionNumber", fmt.Sprint(m.Revision), "packages bundle by id")
		}
	}
	if len(u.Relationships.Bundled) == 0 && (u.Extended.HandlerData != nil || len(u.Extended.Files) > 0) {
		return p.itemOf(u, l)
	}
	var err error
	if p.Rules, err = u.markupRules(); err != nil {
		return err
	}
	for _, m := range p.Rules.Metadata {
		l.value("ApplicabilityRules/Metadata", m.Name(), "it has a place with items only, and the update has no installer")
	}
	p.Rules.Metadata = nil
	return nil
}

// itemOf makes an item with the id of its update.
func (p *Package) itemOf(u *Update, l *losses) error {
	item := InstallableItem{ID: u.UpdateID, Installation: u.Extended.Installation, Uninstallation: u.Extended.Uninstallation,
		Languages: u.Extended.Languages}
	var err error
	if item.Rules, err = u.markupRules(); err != nil {
		return err
	}
	installer, err := u.Extended.Installer()
	if err != nil {
		return err
	}
	switch installer.(type) {
	case nil:
	case *CommandLine, *WindowsInstallerApp, *WindowsInstallerPatch, *WindowsPatch:
		item.Installer = installer
	default:
		l.value("HandlerSpecificData", installer.HandlerURI(), "packages have no installer of this kind")
	}
	if c, ok := installer.(*CommandLine); ok && len(c.RepairPaths) > 0 {
		command := *c
		command.RepairPaths, item.Installer = nil, &command
		l.value("HandlerSpecificData/RepairPath", c.RepairPaths[0].Path, "a server makes it where it puts the files")
	}
	for _, f := range u.Extended.Files {
		l.value("File/@PatchingTypePreferred", f.PatchingTypePreferred, noPlace)
		if _, patch := installer.(*WindowsInstallerPatch); !patch || f.PatchingType != "SelfContained" {
			l.value("File/@PatchingType", f.PatchingType, noPlace)
		}
		f.PatchingType, f.PatchingTypePreferred = "", ""
		l.attributes("File", f.OtherAttrs)
		l.nodes("File", f.Other)
		f.OtherAttrs, f.Other = nil, nil
		item.Files = append(item.Files, OriginFile{File: f})
	}
	p.Items = append(p.Items, item)
	return nil
}

// markupRules reads the rules again, with their namespaces.
func (u *Update) markupRules() (PackageRules, error) {
	_, root, err := readDocument(u.Document, true)
	if err != nil {
		return PackageRules{}, err
	}
	rules, err := root.only("ApplicabilityRules")
	if err != nil || rules == nil {
		return PackageRules{}, err
	}
	known := *rules
	known.children = slices.DeleteFunc(slices.Clone(rules.children), func(c *element) bool {
		return !slices.Contains([]string{"IsInstalled", "IsSuperseded", "IsInstallable", "Metadata"}, c.local)
	})
	var r PackageRules
	err = r.read(&known)
	return r, err
}
