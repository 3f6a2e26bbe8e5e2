package metadata_test

import (
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func ExampleParse() {
	u, err := metadata.Parse([]byte(`<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update"
		xmlns:bar="http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules">
		<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e3001" RevisionNumber="1" />
		<Properties UpdateType="Detectoid" ExplicitlyDeployable="false" />
		<ApplicabilityRules><IsInstalled>
			<bar:Processor Architecture="9" />
		</IsInstalled></ApplicabilityRules>
	</Update>`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fragments, err := u.Fragments()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(u.Type, u.Revision)
	fmt.Println(fragments.Core)
	// Output:
	// Detectoid 1
	// <UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e3001" RevisionNumber="1" /><Properties UpdateType="Detectoid" /><ApplicabilityRules><IsInstalled><b.Processor Architecture="9" /></IsInstalled></ApplicabilityRules>
}
