package applicability_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

func TestWindowsVersion(t *testing.T) {
	run(t, laboratory(), []row{
		{`<b.WindowsVersion MajorVersion="10"/>`, yes},
		{`<b.WindowsVersion MajorVersion="10" MinorVersion="1"/>`, no},
		{`<b.WindowsVersion Comparison="GreaterThanOrEqualTo" MajorVersion="6" MinorVersion="3" ProductType="1"/>`, yes},
		{`<b.WindowsVersion Comparison="GreaterThan" MajorVersion="6" ProductType="3"/>`, no},
		{`<b.WindowsVersion Comparison="LessThan" MajorVersion="10" MinorVersion="0" BuildNumber="22000"/>`, yes},
		{`<b.WindowsVersion Comparison="GreaterThan" MajorVersion="10" MinorVersion="0" BuildNumber="19045"/>`, no},
		{`<b.WindowsVersion Comparison="GreaterThan" MajorVersion="10" MinorVersion="0" BuildNumber="19045" ServicePackMajor="0"/>`, no},
		{`<b.PlatformVersion Comparison="GreaterThanOrEqualTo" MajorVersion="6" MinorVersion="4"/>`, yes},
		{`<b.WindowsVersion ProductType="1"/>`, yes},
		{`<b.WindowsVersion SuiteMask="16"/>`, yes},
		{`<b.WindowsVersion SuiteMask="18"/>`, yes},
		{`<b.WindowsVersion SuiteMask="18" AllSuitesMustBePresent="true"/>`, no},
		{`<b.WindowsVersion SuiteMask="272" AllSuitesMustBePresent="true"/>`, yes},
		{`<b.WindowsVersion/>`, maybe},
		{`<b.WindowsVersion MajorVersion="ten"/>`, maybe},
	})
}

func TestSystemRules(t *testing.T) {
	run(t, laboratory(), []row{
		{`<b.Platform PlatformID="windows"/>`, yes},
		{`<b.Platform PlatformID="Xenix"/>`, no},
		{`<b.SystemMetric Comparison="EqualTo" Index="86" Value="1"/>`, yes},
		{`<b.SystemMetric Comparison="GreaterThan" Index="87" Value="0"/>`, no},
		{`<b.Processor Architecture="9"/>`, yes},
		{`<b.Processor Architecture="0"/>`, no},
		{`<b.Processor Architecture="9" Level="6"/>`, maybe},
		{`<b.Processor Architecture="0" Level="6"/>`, no},
		{`<b.NumberOfProcessors Comparison="GreaterThanOrEqualTo" Number="4"/>`, yes},
		{`<b.NumberOfProcessors Comparison="GreaterThan" Number="4"/>`, no},
		{`<b.ClusteredOS/>`, no},
		{`<b.ClusterResourceOwner ` + viewer + ` Prefix="a"/>`, no},
		{`<b.LicenseDword Value="x" Comparison="EqualTo" Data="1"/>`, no},
		{`<b.LicenseValueExists Value="x"/>`, no},
		{`<b.InstalledOnce/>`, maybe},
		{`<b.Memory MinSizeInMB="1"/>`, maybe},
		{`<d.WindowsDriverInstallable/>`, maybe},
		{`<b.WmiQuery WqlQuery="select * from Win32_Battery"/>`, maybe},
	})
	run(t, queryable{laboratory()}, []row{
		{`<b.WmiQuery WqlQuery="select * from Win32_Battery"/>`, yes},
		{`<b.WmiQuery Namespace="root\lab" WqlQuery="select * from Thing"/>`, no},
		{`<b.WmiQuery Namespace="root\lab" WqlQuery="select * from Nothing"/>`, no},
		{`<b.WmiQuery/>`, maybe},
	})
}

func TestClusterIsUnknownWhereItIsInstalled(t *testing.T) {
	m := laboratory()
	m.registry[strings.ToLower(`SYSTEM\CurrentControlSet\Services\ClusSvc`)] = nil
	r := evaluate(t, m, `<b.ClusteredOS/>`, "")
	var typed *applicability.RuleError
	require.ErrorAs(t, r.Err, &typed)
	require.Equal(t, uint32(0x8024E007), uint32(typed.Code))
}

func TestLanguageRules(t *testing.T) {
	plain := laboratory()
	run(t, plain, []row{
		{`<b.WindowsLanguage Language="en-us"/>`, yes},
		{`<b.WindowsLanguage Language="en"/>`, yes},
		{`<b.PlatformLanguage Language="en-GB"/>`, no},
		{`<b.MuiInstalled/>`, no},
		{`<b.MuiLanguageInstalled Language="en-US"/>`, no},
	})
	packs := laboratory()
	packs.system.Language, packs.system.MUI = "de-DE", []string{"en-US"}
	run(t, packs, []row{
		{`<b.WindowsLanguage Language="de-DE"/>`, no},
		{`<b.MuiInstalled/>`, yes},
		{`<b.MuiLanguageInstalled Language="EN-us"/>`, yes},
		{`<b.MuiLanguageInstalled Language="fr"/>`, no},
	})
	silent := laboratory()
	silent.system.Language, silent.system.Processors = "", 0
	run(t, silent, []row{
		{`<b.WindowsLanguage Language="de-DE"/>`, maybe},
		{`<b.NumberOfProcessors Comparison="GreaterThan" Number="4"/>`, maybe},
	})
}

func TestDeviceAttributes(t *testing.T) {
	attribute := func(name, kind, comparison, value string) string {
		return `<DeviceAttribute Name="` + name + `" Type="` + kind + `" Comparison="` + comparison + `" Value="` + value + `"/>`
	}
	run(t, laboratory(), []row{
		{attribute("currentbranch", "String", "EqualTo", "VB_RELEASE"), yes},
		{attribute("CurrentBranch", "String", "BeginsWith", "vb"), yes},
		{attribute("CurrentBranch", "String", "LessThan", "vb"), maybe},
		{attribute("OSVersion", "Version", "GreaterThanOrEqualTo", "10.0.19045.1"), yes},
		{attribute("OSVersion", "Version", "LessThan", "10.0.19045.4291"), no},
		{attribute("OSSkuId", "String", "EqualTo", "48"), yes},
		{attribute("sku", "String", "EqualTo", "48"), no},
		{attribute("ProductType", "String", "EqualTo", "WinNT"), yes},
		{attribute("Odd", "Version", "GreaterThan", "0.0"), no},
		{attribute("OSSkuId", "Number", "EqualTo", "48"), maybe},
	})
}

// Folders of other machines come before those of a standard installation.
func TestFolders(t *testing.T) {
	s := applicability.System{Architecture: 9, Folders: map[int]string{36: `D:\WinNT`}}
	for csidl, want := range map[int]string{
		20: `D:\WinNT\Fonts`, 22: `C:\ProgramData\Microsoft\Windows\Start Menu`, 25: `C:\Users\Public\Desktop`,
		28: `D:\WinNT\System32\config\systemprofile\AppData\Local`, 36: `D:\WinNT`, 37: `D:\WinNT\System32`, 41: `D:\WinNT\SysWOW64`,
		42: `C:\Program Files (x86)`, 43: `C:\Program Files\Common Files`, 44: `C:\Program Files (x86)\Common Files`, 46: `C:\Users\Public\Documents`,
	} {
		folder, ok := s.Folder(csidl)
		require.True(t, ok)
		require.Equal(t, want, folder)
	}
	_, ok := s.Folder(5)
	require.False(t, ok)
	old := applicability.System{}
	for csidl, want := range map[int]string{41: `C:\Windows\System32`, 42: `C:\Program Files`} {
		folder, _ := old.Folder(csidl)
		require.Equal(t, want, folder)
	}
}
