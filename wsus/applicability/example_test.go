package applicability_test

import (
	"context"
	"fmt"
	"os"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func ExampleScan() {
	core, err := metadata.ParseCore(`<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001" RevisionNumber="1" />` +
		`<Properties UpdateType="Software" ExplicitlyDeployable="true" /><ApplicabilityRules>` +
		`<IsInstalled><b.RegSzToVersion Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof\Viewer" Value="Version" Comparison="GreaterThanOrEqualTo" Data="4.3.0" /></IsInstalled>` +
		`<IsInstallable><b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof\Viewer" /></IsInstallable></ApplicabilityRules>`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"windows11-24h2.json", "server2022.json"} {
		f, err := snapshot.Shipped().Open(name)
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
		scan := applicability.NewScan(machine, applicability.Options{})
		scan.Add(core)
		verdict, err := scan.Verdict(context.Background(), core.UpdateID)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(machine.Name(), verdict.State)
		fmt.Println(verdict.Reason)
	}
	// Output:
	// pc11.lab.example required
	// registry HKLM\SOFTWARE\Lindenhof\Viewer value Version is 4.2.0.0, asked for GreaterThanOrEqualTo 4.3.0.0
	// srv22.lab.example not applicable
	// registry HKLM\SOFTWARE\Lindenhof\Viewer is missing
}

// Why shows what made a verdict, as text here and as JSON with encoding/json.
func ExampleScan_Why() {
	core, err := metadata.ParseCore(`<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001" RevisionNumber="1" />` +
		`<Properties UpdateType="Software" ExplicitlyDeployable="true" /><ApplicabilityRules>` +
		`<IsInstalled><b.FileVersion Csidl="38" Path="\Lindenhof\Viewer\viewer.exe" Comparison="GreaterThanOrEqualTo" Version="4.3.0.0" /></IsInstalled>` +
		`<IsInstallable><And><b.Memory MinSizeInMB="4096" /><Not><b.WindowsVersion MajorVersion="10" ProductType="3" /></Not></And></IsInstallable></ApplicabilityRules>`)
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := snapshot.Shipped().Open("windows11-24h2.json")
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
	scan := applicability.NewScan(machine, applicability.Options{Logic: applicability.ThreeValued})
	scan.Add(core)
	explanation, err := scan.Why(context.Background(), core.UpdateID)
	if err != nil {
		fmt.Println(err)
		return
	}
	explanation.Titles(func(uuid.UUID) string { return "Viewer 4.3" })
	if err := explanation.WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// unknown: Viewer 4.3 (0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001 revision 1)
	//   cannot be judged: Memory: the snapshot does not tell the equipment
	//   missing fact: equipment.memory
	//   IsInstalled:
	//     false    FileVersion: file C:\Program Files\Lindenhof\Viewer\viewer.exe has version 4.2.0.117, asked for GreaterThanOrEqualTo 4.3.0.0
	//   IsInstallable:
	//     unknown  And
	//     unknown    Memory: the snapshot does not tell the equipment
	//     true       Not
	//     false        WindowsVersion: product type is 1 (workstation), asked for ProductType 3 (server)
}
