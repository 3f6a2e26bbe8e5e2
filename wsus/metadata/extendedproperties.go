package metadata

// readProperties reads Properties, or ExtendedProperties of a fragment: what the Extended fragment carries of them.
func (x *Extended) readProperties(properties *element) error {
	for _, a := range properties.attrs {
		if isDeclaration(a) {
			continue
		}
		if err := x.readProperty(properties, a.Name.Local, a.Value); err != nil {
			return err
		}
	}
	for _, c := range properties.children {
		if err := x.readPropertyElement(c); err != nil {
			return err
		}
	}
	return nil
}

func (x *Extended) readProperty(properties *element, name, value string) (err error) {
	switch name {
	case "DefaultPropertiesLanguage":
		x.DefaultPropertiesLanguage = value
	case "Handler":
		x.Handler = value
	case "MsrcSeverity":
		x.MsrcSeverity = value
	case "MaxDownloadSize":
		x.MaxDownload, err = properties.size(name)
	case "MinDownloadSize":
		x.MinDownload, err = properties.size(name)
	case "BrowseOnly":
		x.BrowseOnly, err = properties.bool(name)
	case "IsBeta":
		x.IsBeta, err = properties.bool(name)
	case "CanSourceBeRequired":
		x.CanSourceBeRequired, err = properties.bool(name)
	case "IsLocallyPublished":
		x.IsLocallyPublished, err = properties.bool(name)
	case "CompatibleProtocolVersion":
		x.CompatibleProtocolVersion = value
	case "RecommendedCpuSpeed":
		x.RecommendedCPUSpeed, err = properties.integer(name)
	case "RecommendedMemory":
		x.RecommendedMemory, err = properties.integer(name)
	case "RecommendedHardDiskSpace":
		x.RecommendedHardDiskSpace, err = properties.integer(name)
	case "ProductName":
		x.ProductName = value
	case "ReleaseVersion":
		x.ReleaseVersion = value
	case "ReleaseRevision":
		x.ReleaseRevision, err = properties.integer(name)
	case "RequiresReacceptanceOfEula":
		// Update has it; fragments carry it too, though clients of a server leave agreements to the administrator.
	default:
		if !hiddenProperties[name] {
			x.OtherAttrs = append(x.OtherAttrs, Attr{Name: name, Value: value})
		}
	}
	return err
}

func (x *Extended) readPropertyElement(c *element) (err error) {
	switch c.local {
	case "InstallationBehavior":
		x.Installation, err = c.behavior()
	case "UninstallationBehavior":
		x.Uninstallation, err = c.behavior()
	case "Language":
		x.Languages = append(x.Languages, c.content())
	case "KBArticleID":
		x.KBArticleIDs = append(x.KBArticleIDs, c.content())
	case "SecurityBulletinID":
		x.BulletinIDs = append(x.BulletinIDs, c.content())
	case "CveID":
		x.CveIDs = append(x.CveIDs, c.content())
	case "MoreInfoUrl":
		x.MoreInfoURLs = append(x.MoreInfoURLs, c.content())
	case "SupportUrl":
		x.SupportURL = c.content()
	default:
		x.Other = append(x.Other, c.node())
	}
	return err
}
