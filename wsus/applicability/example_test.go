package applicability_test

import (
	"context"
	"fmt"

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
