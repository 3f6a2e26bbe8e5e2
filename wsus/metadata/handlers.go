package metadata

import "strings"

// The handlers, by the URIs that Properties name them with.
const (
	HandlerCommandLine      = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation"
	HandlerWindowsInstaller = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsInstaller"
	HandlerCBS              = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Cbs"
	HandlerWindowsPatch     = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsPatch"
	HandlerWindowsSetup     = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsSetup"
	HandlerWindowsDriver    = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver"
	HandlerCategory         = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Category"
	HandlerOSInstaller      = "http://schemas.microsoft.com/msus/2016/01/UpdateHandlers/OSInstaller"
	// HandlerInfBased is documented by its name only: its data comes as OtherInstaller.
	HandlerInfBased = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/InfBasedInstallation"
)

// Installer is what HandlerSpecificData tells the handler of an update. It is one of [*CommandLine], [*WindowsInstallerApp],
// [*WindowsInstallerPatch], [*CBS], [*WindowsPatch], [*WindowsSetup], [*OSInstaller], [*CategoryInformation] and
// [*OtherInstaller].
type Installer interface {
	// HandlerURI is the handler that reads such data, for [Extended.Handler].
	HandlerURI() string
}

// Installer reads HandlerData by the local name of what is inside, for vendor packages bring their own namespaces and types. It
// is nil where there is no data, as on bundles, detectoids and most drivers. An error is a [*DataError].
func (x *Extended) Installer() (Installer, error) {
	if x.HandlerData == nil {
		return nil, nil
	}
	readers := []struct {
		child string
		read  func(*attributes, *Node) Installer
	}{
		{"InstallCommand", commandLine}, {"MsiData", windowsInstallerApp}, {"MspData", windowsInstallerPatch}, {"CbsData", cbs},
		{"WindowsPatchData", windowsPatch}, {"OSInstallData", osInstaller}, {"CategoryInformation", categoryInformation},
	}
	for _, reader := range readers {
		data := x.HandlerData.Child(reader.child)
		if data == nil {
			continue
		}
		// A command of Windows Setup has the name of any other command.
		if reader.child == "InstallCommand" && x.isSetup(data) {
			reader.read = windowsSetup
		}
		a := &attributes{node: data}
		installer := reader.read(a, x.HandlerData)
		return installer, a.failure()
	}
	if len(x.HandlerData.Children) == 0 && len(x.HandlerData.Attrs) == 0 {
		return nil, nil
	}
	return &OtherInstaller{URI: x.Handler, Type: x.HandlerData.attrOr("type", ""), Data: x.HandlerData}, nil
}

func (x *Extended) isSetup(command *Node) bool {
	_, setup360 := command.Attr("IsSetup360")
	_, kind, _ := strings.Cut(x.HandlerData.attrOr("type", ""), ":")
	return setup360 || kind == "WindowsSetup" || strings.EqualFold(x.Handler, HandlerWindowsSetup)
}

// OtherInstaller is the data of a handler that this package does not know.
type OtherInstaller struct {
	// URI is the Handler of the update; it may be empty.
	URI string
	// Type is the value of xsi:type with its prefix; it may be empty.
	Type string
	// Data is the HandlerSpecificData element.
	Data *Node
}

// HandlerURI is the one that the update has.
func (o *OtherInstaller) HandlerURI() string { return o.URI }
