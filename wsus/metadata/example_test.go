package metadata_test

import (
	"fmt"
	"os"

	"github.com/google/uuid"

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

func ExamplePackage_Update() {
	sdp, err := os.ReadFile("testdata/packages/agent.sdp")
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := metadata.ParsePackage(sdp)
	if err != nil {
		fmt.Println(err)
		return
	}
	published, err := p.Update(metadata.PublishOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	u, err := metadata.Parse(published.Document)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(u.Localized[0].Title)
	fmt.Println(u.Rules.IsInstallable.Name, "of", len(u.Rules.IsInstallable.Children))
	fmt.Println("lost:", published.Lost[0])
	// Output:
	// Lindenhof Agent 2 <x64>
	// And of 2
	// lost: Properties/@VendorName "Lindenhof": updates name categories by their ids, which every server gives itself
}

func ExampleSupersedence_Article() {
	may, june := &metadata.Update{}, &metadata.Update{}
	may.UpdateID[0], june.UpdateID[0] = 5, 6
	may.Extended.KBArticleIDs, june.Extended.KBArticleIDs = []string{"9005000"}, []string{"9006000"}
	june.Relationships.Superseded = append(june.Relationships.Superseded, may.UpdateID)
	s := metadata.NewSupersedence([]*metadata.Update{may, june})

	hasJune := func(id uuid.UUID) bool { return id == june.UpdateID }
	hasNone := func(uuid.UUID) bool { return false }
	fmt.Println(s.Article("KB9005000", hasJune, nil).Standing)
	fmt.Println(s.Article("KB9005000", hasNone, nil).Standing)
	fmt.Println(s.Article("KB9006000", hasNone, nil).Standing)
	// Output:
	// Covered
	// Superseded
	// Missing
}
