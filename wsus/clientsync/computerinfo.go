package clientsync

import "github.com/seed599db172/softwareupdates/internal/soap"

// writeComputerInfo writes the children of a ComputerInfo in wire order (MS-WUSP §2.2.2.2.3). Empty texts are left out.
func writeComputerInfo(w *soap.Writer, c ComputerInfo) {
	number := func(name string, n int) { w.Int(name, int64(n)) }
	w.StringIf("DnsName", c.DNSName)
	number("OSMajorVersion", c.OSMajorVersion)
	number("OSMinorVersion", c.OSMinorVersion)
	number("OSBuildNumber", c.OSBuildNumber)
	number("OSServicePackMajorNumber", c.OSServicePackMajorNumber)
	number("OSServicePackMinorNumber", c.OSServicePackMinorNumber)
	w.StringIf("OSLocale", c.OSLocale)
	w.StringIf("ComputerManufacturer", c.ComputerManufacturer)
	w.StringIf("ComputerModel", c.ComputerModel)
	w.StringIf("BiosVersion", c.BiosVersion)
	w.StringIf("BiosName", c.BiosName)
	w.Time("BiosReleaseDate", c.BiosReleaseDate)
	w.StringIf("ProcessorArchitecture", c.ProcessorArchitecture)
	number("SuiteMask", c.SuiteMask)
	number("OldProductType", c.OldProductType)
	number("NewProductType", c.NewProductType)
	number("SystemMetrics", c.SystemMetrics)
	number("ClientVersionMajorNumber", c.ClientVersionMajorNumber)
	number("ClientVersionMinorNumber", c.ClientVersionMinorNumber)
	number("ClientVersionBuildNumber", c.ClientVersionBuildNumber)
	number("ClientVersionQfeNumber", c.ClientVersionQfeNumber)
	w.StringIf("OSDescription", c.OSDescription)
	w.StringIf("OEM", c.OEM)
	w.StringIf("DeviceType", c.DeviceType)
	w.StringIf("FirmwareVersion", c.FirmwareVersion)
	w.StringIf("MobileOperator", c.MobileOperator)
}

// readComputerInfo reads a ComputerInfo. Numbers are read wider than the schema has them: build 30012 does not fit its short.
func readComputerInfo(s *soap.Scanner, limits Limits) ComputerInfo {
	var c ComputerInfo
	texts := map[string]*string{
		"DnsName": &c.DNSName, "OSLocale": &c.OSLocale, "ComputerManufacturer": &c.ComputerManufacturer,
		"ComputerModel": &c.ComputerModel, "BiosVersion": &c.BiosVersion, "BiosName": &c.BiosName,
		"ProcessorArchitecture": &c.ProcessorArchitecture, "OSDescription": &c.OSDescription, "OEM": &c.OEM,
		"DeviceType": &c.DeviceType, "FirmwareVersion": &c.FirmwareVersion, "MobileOperator": &c.MobileOperator,
	}
	numbers := map[string]*int{
		"OSMajorVersion": &c.OSMajorVersion, "OSMinorVersion": &c.OSMinorVersion, "OSBuildNumber": &c.OSBuildNumber,
		"OSServicePackMajorNumber": &c.OSServicePackMajorNumber, "OSServicePackMinorNumber": &c.OSServicePackMinorNumber,
		"SuiteMask": &c.SuiteMask, "OldProductType": &c.OldProductType, "NewProductType": &c.NewProductType,
		"SystemMetrics": &c.SystemMetrics, "ClientVersionMajorNumber": &c.ClientVersionMajorNumber,
		"ClientVersionMinorNumber": &c.ClientVersionMinorNumber, "ClientVersionBuildNumber": &c.ClientVersionBuildNumber,
		"ClientVersionQfeNumber": &c.ClientVersionQfeNumber,
	}
	for s.Child() {
		name := string(s.Name())
		switch {
		case texts[name] != nil:
			*texts[name] = s.StringUpTo(limits.Text)
		case numbers[name] != nil:
			*numbers[name] = s.Int()
		case name == "BiosReleaseDate":
			c.BiosReleaseDate = s.Time()
		default:
			s.Skip()
		}
	}
	return c
}
