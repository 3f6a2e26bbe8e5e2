package sample

import (
	"github.com/beevik/etree"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

const currentVersion = `SOFTWARE\Microsoft\Windows NT\CurrentVersion`

// machines are small updates, each for one property of a machine: language, processors, edition, devices.
func machines() []compose.Document {
	workstations := in(productWindows10, productWindows11)
	everywhere := in(productWindows10, productWindows11, productServer)
	return []compose.Document{
		small("9900122", "language-list", "2026-03-17", "Update for the language list of multilingual computers", "LanguageList",
			workstations, needs(onMultilingual), compose.True()),
		small("9900123", "scheduler", "2026-04-28", "Update for the scheduler on computers with eight processors and more", "Scheduler",
			everywhere, needs(onX64), compose.Base("NumberOfProcessors", "Comparison", compose.AtLeast, "Number", "8")),
		baseline(),
		small("9900127", "tablet-pen", "2026-02-17", "Update for the pen of tablet computers", "TabletPen",
			workstations, needs(onWorkstation), compose.Base("SystemMetric", "Comparison", compose.AtLeast, "Index", "86", "Value", "1")),
		small("9900129", "arm64-emulation", "2026-05-19", "Update for the emulation of x64 programs on ARM64", "Emulation",
			workstations, needs(onARM64), compose.True()),
		small("9900130", "pro-edition-licence", "2026-04-07", "Update for the licence dialog of the Pro edition", "ProLicence",
			workstations, anyOf(onWindows10, onWindows1123, onWindows11),
			compose.TextValue(currentVersion, "EditionID", compose.EqualTo, "Professional")),
		small("9900131", "legacy-input", "2026-01-20", "Update for input on systems before Windows 10", "LegacyInput",
			workstations, needs(onX64), compose.Windows(compose.Below, 10, 0, 0, 1)),
		spooler(),
		small("9900136", "english-handwriting", "2026-03-31", "Update for English handwriting recognition", "Handwriting",
			everywhere, anyOf(onEnglish, onARM64), compose.True()),
		virtualMachines(),
	}
}

// small is an update of one program, known by a level in the registry.
func small(kb, name, created, title, key string, products, runsOn compose.Clause, installable *etree.Element) compose.Document {
	d := deployable(kb, name, created, title, "Install this update to resolve issues in Windows.")
	d.Prerequisites = []compose.Clause{in(updates), products, runsOn}
	d.Installed = compose.Dword(`SOFTWARE\Sample\`+key, "Level", compose.AtLeast, 1)
	d.Installable = installable
	d.Handler = compose.CommandLine{Program: key + "-KB" + kb + ".exe", Arguments: "/quiet /norestart", RestartCode: 3010}
	d.Payloads = file(key+"-KB"+kb+".exe", 2_000, created)
	return d
}

// baseline is on every machine already.
func baseline() compose.Document {
	d := small("9900125", "baseline-quality", "2026-01-13", "Baseline quality update for Windows", "Baseline",
		in(productWindows10, productWindows11, productServer), needs(onX64), compose.True())
	d.Prerequisites[0] = in(criticalUpdates)
	d.Installed = compose.File(compose.System32, "ntdll.dll", compose.AtLeast, "10.0.19041.1")
	return d
}

// spooler has a rule of its own that says where it is no longer wanted: Windows 11, version 24H2 has the fix built in.
func spooler() compose.Document {
	d := small("9900132", "print-spooler", "2026-02-24", "Security update for the print spooler", "Spooler",
		in(productWindows10, productWindows11), needs(onWorkstation), compose.Base("FileExists", "Path", "kernel32.dll", "Csidl", "37"))
	d.Prerequisites[0] = in(securityUpdates)
	d.Severity = "Important"
	d.Superseded = compose.Windows(compose.AtLeast, 10, 0, 26100, 1)
	return d
}

// virtualMachines is a package that needs another one, which no sample machine has.
func virtualMachines() compose.Document {
	d := deployable("9900133", "virtual-machine-platform", "2026-04-14", "Update for the virtual machine platform",
		"For computers on which the platform for virtual machines is turned on.")
	d = servicing(d,
		compose.Package{Name: "Sample-Virtual-Machine-Platform-Update", Version: "10.0.19041.4412", Architecture: "amd64"}, "9900133",
		compose.Package{Name: "Sample-Virtual-Machine-Platform", Version: "10.0.19041.1", Architecture: "amd64"})
	d.Severity = "Moderate"
	d.Prerequisites = []compose.Clause{in(securityUpdates), in(productWindows10, productWindows11, productServer), needs(onX64)}
	d.Payloads = file("VirtualMachinePlatform-KB9900133-x64.cab", 5_000, "2026-04-14")
	return d
}
