package metadata

// WindowsInstallerApp installs a product by an MSI.
type WindowsInstallerApp struct {
	// MsiFile is a file of the payload; ProductCode has braces.
	MsiFile, ProductCode string
	// CommandLine has properties as NAME=value, separated by spaces.
	CommandLine, UninstallCommandLine string
	RepairPaths                       []RepairPath
}

// HandlerURI is [HandlerWindowsInstaller].
func (w *WindowsInstallerApp) HandlerURI() string { return HandlerWindowsInstaller }

// WindowsInstallerPatch applies an MSP; the payload is the .msp or a .cab with it inside.
type WindowsInstallerPatch struct {
	PatchCode string
	// FullFilePatchCode is the companion patch with whole files; it may be empty.
	FullFilePatchCode                 string
	CommandLine, UninstallCommandLine string
	RepairPaths                       []RepairPath
}

// HandlerURI is [HandlerWindowsInstaller].
func (w *WindowsInstallerPatch) HandlerURI() string { return HandlerWindowsInstaller }

// CBS adds the payload as a servicing package. PackageIdentity is empty on real updates: Rules.CBSPackage names the package.
type CBS struct{ PackageIdentity string }

// HandlerURI is [HandlerCBS].
func (c *CBS) HandlerURI() string { return HandlerCBS }

// WindowsPatch runs a legacy update.exe package.
type WindowsPatch struct{ InstallParameters, UnpackParameters string }

// HandlerURI is [HandlerWindowsPatch].
func (w *WindowsPatch) HandlerURI() string { return HandlerWindowsPatch }

// WindowsSetup upgrades Windows through its setup program.
type WindowsSetup struct {
	Program    string
	IsSetup360 bool
}

// HandlerURI is [HandlerWindowsSetup].
func (w *WindowsSetup) HandlerURI() string { return HandlerWindowsSetup }

// OSInstaller hands the files to a module among them.
type OSInstaller struct {
	// InitialModule is UpdateAgent.dll on real updates.
	InitialModule string
}

// HandlerURI is [HandlerOSInstaller].
func (o *OSInstaller) HandlerURI() string { return HandlerOSInstaller }

// CategoryInformation says what kind of category an update of type Category is. Nothing is installed.
type CategoryInformation struct {
	// Type is Company, ProductFamily, Product or UpdateClassification.
	Type                                     string
	ProhibitsSubcategories, ProhibitsUpdates bool
	// DisplayOrder is 0 when absent.
	DisplayOrder int64
	// ExcludedByDefault keeps updates of the category out of scans that do not ask for it.
	ExcludedByDefault bool
}

// HandlerURI is [HandlerCategory].
func (c *CategoryInformation) HandlerURI() string { return HandlerCategory }

func windowsInstallerApp(a *attributes, _ *Node) Installer { return readApp(a) }

func readApp(a *attributes) *WindowsInstallerApp {
	return &WindowsInstallerApp{MsiFile: a.text("MsiFile"), ProductCode: a.text("ProductCode"), CommandLine: a.text("CommandLine"),
		UninstallCommandLine: a.text("UninstallCommandLine"), RepairPaths: repairPathsIn(a)}
}

func windowsInstallerPatch(a *attributes, _ *Node) Installer { return readPatch(a) }

func readPatch(a *attributes) *WindowsInstallerPatch {
	return &WindowsInstallerPatch{PatchCode: a.text("PatchCode"), FullFilePatchCode: a.text("FullFilePatchCode"),
		CommandLine: a.text("CommandLine"), UninstallCommandLine: a.text("UninstallCommandLine"), RepairPaths: repairPathsIn(a)}
}

func repairPathsIn(a *attributes) []RepairPath {
	var out []RepairPath
	for _, c := range a.node.Children {
		if c.Name == "RepairPath" {
			out = append(out, readRepairPath(a, c))
		}
	}
	return out
}

func cbs(a *attributes, _ *Node) Installer { return &CBS{PackageIdentity: a.text("PackageIdentity")} }

func windowsPatch(a *attributes, _ *Node) Installer {
	return &WindowsPatch{InstallParameters: a.text("InstallParameters"), UnpackParameters: a.text("UnpackParameters")}
}

func windowsSetup(a *attributes, _ *Node) Installer {
	return &WindowsSetup{Program: a.required("Program"), IsSetup360: a.bool("IsSetup360")}
}

func osInstaller(a *attributes, _ *Node) Installer {
	return &OSInstaller{InitialModule: a.text("InitialModule")}
}

func categoryInformation(a *attributes, _ *Node) Installer {
	return &CategoryInformation{
		Type:                   a.oneOf("CategoryType", "", "Company", "ProductFamily", "Product", "UpdateClassification"),
		ProhibitsSubcategories: a.bool("ProhibitsSubcategories"), ProhibitsUpdates: a.bool("ProhibitsUpdates"),
		DisplayOrder: a.integer("DisplayOrder", 64), ExcludedByDefault: a.bool("ExcludedByDefault"),
	}
}
