package applicability_test

import "testing"

func TestFileRules(t *testing.T) {
	program := `Csidl="38" Path="\Lindenhof\viewer.exe"`
	run(t, laboratory(), []row{
		{`<b.FileExists ` + program + `/>`, yes},
		{`<b.FileExists Csidl="38" Path="lindenhof\VIEWER.exe"/>`, yes},
		{`<b.FileExists Path="C:\Program Files\Lindenhof\viewer.exe"/>`, yes},
		{`<b.FileExists Path="%ProgramFiles%\\Lindenhof\viewer.exe"/>`, yes},
		{`<b.FileExists Path="%Nonsense%\viewer.exe"/>`, no},
		{`<b.FileExists Path="100%\viewer.exe"/>`, no},
		{`<b.FileExists Csidl="38" Path="\"/>`, yes},
		{`<b.FileExists Csidl="37" Path="ntdll.dll" Version="10.0.19045.4291"/>`, yes},
		{`<b.FileExists Csidl="41" Path="ntdll.dll" Version="10.0.19045.1"/>`, yes},
		{`<b.FileExists Csidl="42" Path="Tannwald\a.exe"/>`, yes},
		{`<b.FileExists Csidl="35" Path="Lindenhof.ini"/>`, yes},
		{`<b.FileExists Csidl="39" Path="a"/>`, maybe},
		{`<b.FileExists/>`, maybe},
		{`<b.FileExists ` + program + ` Version="4.2.0.117" Size="1000" Language="1033" Created="2025-03-01T12:00:00" Modified="2025-03-01T13:00:00+01:00"/>`, yes},
		{`<b.FileExists ` + program + ` Version="4.2.0.118"/>`, no},
		{`<b.FileExists ` + program + ` Size="999"/>`, no},
		{`<b.FileExists ` + program + ` Language="1031"/>`, no},
		{`<b.FileExists ` + program + ` Created="2025-03-01T12:00:01Z"/>`, no},
		{`<b.FileExists ` + program + ` Size="-1"/>`, maybe},

		{`<b.FileVersion ` + program + ` Comparison="LessThan" Version="4.10.0.0"/>`, yes},
		{`<b.FileVersion ` + program + ` Comparison="GreaterThan" Version="4.2.0.117"/>`, no},
		{`<b.FileVersion Csidl="38" Path="Lindenhof\readme.txt" Comparison="GreaterThanOrEqualTo" Version="0.0.0.0"/>`, no},
		{`<b.FileVersion Csidl="38" Path="Lindenhof\gone.txt" Comparison="GreaterThan" Version="0.0.0.0"/>`, no},
		{`<b.FileVersion ` + program + ` Comparison="GreaterThan" Version="four"/>`, maybe},
		{`<b.FileCreated ` + program + ` Comparison="GreaterThan" Created="2025-01-01T00:00:00Z"/>`, yes},
		{`<b.FileModified ` + program + ` Comparison="LessThan" Modified="2025-01-01T00:00:00Z"/>`, no},
		{`<b.FileModified ` + program + ` Comparison="LessThan" Modified="soon"/>`, maybe},
		{`<b.FileSize ` + program + ` Comparison="EqualTo" Size="1000"/>`, yes},
		{`<b.FileSize ` + program + ` Comparison="LessThan" Size="1000"/>`, no},

		{`<b.FileExistsPrependRegSz ` + viewer + ` Value="InstallDir" Path="viewer.exe"/>`, yes},
		{`<b.FileVersionPrependRegSz ` + viewer + ` Value="InstallDir" Path="\viewer.exe" Comparison="EqualTo" Version="4.2.0.117"/>`, yes},
		{`<b.FileSizePrependRegSz ` + viewer + ` Value="Dir" Path="viewer.exe" Comparison="GreaterThan" Size="1"/>`, yes},
		{`<b.FileCreatedPrependRegSz ` + viewer + ` Value="InstallDir" Path="viewer.exe" Comparison="EqualTo" Created="2025-03-01T12:00:00Z"/>`, yes},
		{`<b.FileModifiedPrependRegSz ` + viewer + ` Value="InstallDir" Path="viewer.exe" Comparison="EqualTo" Modified="2025-03-01T12:00:00Z"/>`, yes},
		{`<b.FileExistsPrependRegSz ` + viewer + ` Value="Nothing" Path="viewer.exe"/>`, no},
		{`<b.FileExistsPrependRegSz ` + viewer + ` Value="Seats" Path="viewer.exe"/>`, no},
	})
}
