package metadata

// EulaFile is the text of a license agreement in one language. The file is content like a payload; its digests say which.
type EulaFile struct {
	File
	Language string
	// GeoID is the country that the text is for, in three letters; empty: every other one.
	GeoID string
}

// Fragment is the agreement's element in the form of fragments (MS-WUSP §3.1.1.1).
func (f *EulaFile) Fragment() string {
	e := f.element()
	e.local = "EulaFile"
	e.setIf("Language", f.Language)
	e.setIf("GeoId", f.GeoID)
	var w fragmentWriter
	w.element(e, "")
	return w.String()
}

// readEulaFiles reads the agreements, which stand beside the texts.
func (u *Update) readEulaFiles(collection *element) error {
	for _, c := range collection.children {
		if c.local != "EulaFile" {
			continue
		}
		f, err := c.file()
		if err != nil {
			return err
		}
		u.EulaFiles = append(u.EulaFiles, EulaFile{File: f, Language: c.value("Language"), GeoID: c.value("GeoId")})
	}
	return nil
}

// Removable says that an administrator may have the update removed: it declares how removal behaves, which its publisher does only
// when the handler can do it, or its handler data has a command line for it.
func (x *Extended) Removable() bool {
	return x.Uninstallation != nil || x.HandlerData != nil && x.HandlerData.hasAttr("UninstallCommandLine")
}

// hasAttr looks for a value of an attribute at a node or below it.
func (n *Node) hasAttr(name string) bool {
	for _, a := range n.Attrs {
		if a.Name == name && a.Value != "" {
			return true
		}
	}
	for _, c := range n.Children {
		if c.hasAttr(name) {
			return true
		}
	}
	return false
}
