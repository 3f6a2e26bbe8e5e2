package snapshot_test

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// A machine installs an update by coming to fulfil its IsInstalled rule.
func ExampleMachine_Install() {
	f, err := snapshot.Shipped().Open("windows10-22h2.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	machine, err := snapshot.Decode(f)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	core, err := metadata.ParseCore(`<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001" RevisionNumber="1" /><Properties UpdateType="Software" />` +
		`<ApplicabilityRules><IsInstalled><b.FileVersion Csidl="38" Path="\Lindenhof\Viewer\viewer.exe" Comparison="GreaterThanOrEqualTo" Version="4.3.0.9" /></IsInstalled></ApplicabilityRules>`)
	if err != nil {
		fmt.Println(err)
		return
	}
	extended, err := metadata.ParseExtended(`<ExtendedProperties Handler="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation" />` +
		`<HandlerSpecificData type="cmd:CommandLineInstallation"><InstallCommand Program="viewer.exe"><ReturnCode Code="0" Result="Succeeded" /></InstallCommand></HandlerSpecificData>`)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := machine.Install(ctx, clientagent.Job{Core: core, Extended: extended, Title: "Lindenhof Viewer 4.3"})
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := machine.File(ctx, `C:\Program Files\Lindenhof\Viewer\viewer.exe`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(applicability.Version(file.Version), result.RestartRequired)
	// Output: 4.3.0.9 false
}

// A recorder keeps what was asked, and nothing else.
func ExampleRecord() {
	f, err := snapshot.Shipped().Open("server2022.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	machine, err := snapshot.Decode(f)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	recorder := snapshot.Record("copy.lab.example", machine)
	if _, err := recorder.Package(ctx, "Package_for_RollupFix~31bf3856ad364e35~amd64~~20348.2402.1.10"); err != nil {
		fmt.Println(err)
		return
	}
	recorded, err := recorder.Machine(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	state, err := recorded.Package(ctx, "Package_for_RollupFix~31bf3856ad364e35~amd64~~20348.2402.1.10")
	fmt.Println(state, err)
	_, err = recorded.Product(ctx, "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C3003}")
	fmt.Println(err)
	// Output:
	// 112 <nil>
	// MSI product {5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C3003} was not recorded in this snapshot
}
