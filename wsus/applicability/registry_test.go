package applicability_test

import "testing"

const (
	viewer   = `Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof\Viewer"`
	instance = `Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Birkensee\Instances"`
	looped   = `Key="HKEY_LOOP_TARGET" Subkey=""`
)

func TestRegistryRules(t *testing.T) {
	run(t, laboratory(), []row{
		{`<b.RegKeyExists ` + viewer + `/>`, yes},
		{`<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="software\LINDENHOF\viewer"/>`, yes},
		{`<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Empty"/>`, yes},
		{`<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Nobody"/>`, no},
		{`<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Tannwald"/>`, no},
		{`<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Tannwald" RegType32="true"/>`, yes},
		{`<b.RegKeyExists Key="HKEY_LOCAL_MACHINE"/>`, maybe},
		{`<b.RegKeyExists Key="HKEY_CURRENT_USER" Subkey="SOFTWARE"/>`, maybe},
		{`<b.RegKeyExists Key="HKEY_LOOP_TARGET" Subkey="SOFTWARE"/>`, maybe},
		{`<b.RegKeyExists ` + viewer + ` RegType32="perhaps"/>`, maybe},

		{`<b.RegValueExists ` + viewer + ` Value="VERSION"/>`, yes},
		{`<b.RegValueExists ` + viewer + ` Value="Version" Type="REG_SZ"/>`, yes},
		{`<b.RegValueExists ` + viewer + ` Value="Version" Type="REG_DWORD"/>`, no},
		{`<b.RegValueExists ` + viewer + ` Value="Blob" Type="REG_BINARY"/>`, yes},
		{`<b.RegValueExists ` + viewer + ` Value="Nothing"/>`, no},
		{`<b.RegValueExists ` + viewer + `/>`, yes},
		{`<b.RegValueExists ` + viewer + ` Type="REG_DWORD"/>`, maybe},

		{`<b.RegDword ` + viewer + ` Value="Seats" Comparison="EqualTo" Data="5"/>`, yes},
		{`<b.RegDword ` + viewer + ` Value="Seats" Comparison="LessThan" Data="5"/>`, no},
		{`<b.RegDword ` + viewer + ` Value="Seats" Comparison="LessThanOrEqualTo" Data="5"/>`, yes},
		{`<b.RegDword ` + viewer + ` Value="Seats" Comparison="greaterthan" Data="4"/>`, yes},
		{`<b.RegDword ` + viewer + ` Value="Seats" Comparison="LessThan" Data="4294967295"/>`, yes},
		{`<b.RegDword ` + viewer + ` Value="Seats" Comparison="LessThan" Data="4294967296"/>`, maybe},
		{`<b.RegDword ` + viewer + ` Value="Seats" Comparison="Like" Data="5"/>`, maybe},
		{`<b.RegDword ` + viewer + ` Value="Seats" Data="5"/>`, maybe},
		{`<b.RegDword ` + viewer + ` Comparison="EqualTo" Data="5"/>`, maybe},
		{`<b.RegDword ` + viewer + ` Value="Version" Comparison="GreaterThan" Data="0"/>`, no},
		{`<Not><b.RegDword ` + viewer + ` Value="Nothing" Comparison="EqualTo" Data="1"/></Not>`, yes},

		{`<b.RegSz ` + viewer + ` Value="Channel" Comparison="EqualTo" Data="stable"/>`, yes},
		{`<b.RegSz ` + viewer + ` Value="Channel" Comparison="BeginsWith" Data="Sta"/>`, yes},
		{`<b.RegSz ` + viewer + ` Value="Channel" Comparison="Contains" Data="tabl"/>`, yes},
		{`<b.RegSz ` + viewer + ` Value="Channel" Comparison="EndsWith" Data="ble"/>`, yes},
		{`<b.RegSz ` + viewer + ` Value="Channel" Comparison="EndsWith" Data="Sta"/>`, no},
		{`<b.RegSz ` + viewer + ` Value="Channel" Comparison="GreaterThan" Data="Sta"/>`, maybe},
		{`<b.RegSz ` + viewer + ` Value="Seats" Comparison="EqualTo" Data="5"/>`, no},
		{`<b.RegSz ` + viewer + ` Value="" Comparison="EqualTo" Data="default"/>`, yes},
		{`<b.RegExpandSz ` + viewer + ` Value="Dir" Comparison="EqualTo" Data="C:\Program Files\Lindenhof"/>`, yes},
		{`<b.RegExpandSz ` + viewer + ` Value="Channel" Comparison="EqualTo" Data="stable"/>`, no},

		{`<b.RegSzToVersion ` + viewer + ` Value="Version" Comparison="EqualTo" Data="4.2"/>`, yes},
		{`<b.RegSzToVersion ` + viewer + ` Value="Version" Comparison="LessThan" Data="4.10.0.0"/>`, yes},
		{`<b.RegSzToVersion ` + viewer + ` Value="Version" Comparison="GreaterThanOrEqualTo" Data="4.2.0.1"/>`, no},
		{`<b.RegSzToVersion ` + viewer + ` Value="Odd" Comparison="GreaterThan" Data="0.0"/>`, no},
		{`<b.RegSzToVersion ` + viewer + ` Value="Version" Comparison="LessThan" Data="1.2.3.4.5"/>`, maybe},

		{`<b.WUv4RegKeyValue ` + viewer + ` Value="Channel" Data="STABLE"/>`, yes},
		{`<b.WUv4RegKeyValue ` + viewer + ` Value="Seats" Data="5"/>`, yes},
		{`<b.WUv4RegKeyValue ` + viewer + ` Value="Nothing" Data="5"/>`, no},
		{`<b.WUv4RegKeySubstring ` + viewer + ` Value="Channel" Data="tab"/>`, yes},
		{`<b.WUv4RegKeySubstring ` + viewer + ` Value="Channel" Data="fast"/>`, no},
	})
}

func TestRegKeyLoop(t *testing.T) {
	edition := func(data string) string {
		return `<b.RegSz ` + looped + ` Value="Edition" Comparison="EqualTo" Data="` + data + `"/>`
	}
	loop := func(mode, body string) string {
		return `<b.RegKeyLoop ` + instance + ` TrueIf="` + mode + `">` + body + `</b.RegKeyLoop>`
	}
	missing := `Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Nobody"`
	run(t, laboratory(), []row{
		{loop("Any", edition("Developer")), yes},
		{loop("Any", edition("Small")), no},
		{loop("All", edition("Developer")), no},
		{loop("All", `<b.RegDword `+looped+` Value="Port" Comparison="GreaterThan" Data="9"/>`), yes},
		{loop("None", edition("Small")), yes},
		{loop("None", edition("Developer")), no},
		{loop("Any", `<b.RegSz `+viewer+` Value="Channel" Comparison="EqualTo" Data="stable"/>`), yes},
		{loop("Any", `<And>`+edition("Developer")+`<b.RegDword `+looped+` Value="Port" Comparison="EqualTo" Data="10"/></And>`), no},
		{loop("All", `<Or>`+edition("Developer")+`<Riddle/></Or>`), maybe},
		{loop("Any", `<Or>`+edition("Developer")+`<Riddle/></Or>`), yes},
		{loop("Most", edition("Developer")), maybe},
		{loop("Any", edition("Developer")+edition("Small")), maybe},
		{`<b.RegKeyLoop ` + instance + ` RegType32="true" TrueIf="Any">` + edition("Small") + `</b.RegKeyLoop>`, yes},
		{`<b.RegKeyLoop ` + missing + ` TrueIf="Any"><True/></b.RegKeyLoop>`, no},
		{`<b.RegKeyLoop ` + missing + ` TrueIf="All"><True/></b.RegKeyLoop>`, no},
		{`<b.RegKeyLoop ` + missing + ` TrueIf="None"><True/></b.RegKeyLoop>`, yes},
		// The inner target hides the outer, which is back afterwards.
		{`<b.RegKeyLoop Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Birkensee" TrueIf="Any"><And><b.RegKeyLoop ` + looped +
			` TrueIf="Any">` + edition("Developer") + `</b.RegKeyLoop><b.RegKeyExists Key="HKEY_LOOP_TARGET" Subkey="MAIN"/></And></b.RegKeyLoop>`, yes},
	})
}
