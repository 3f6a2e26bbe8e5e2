package updatepoint_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// Servers scan in the night from Saturday to Sunday and get a day of grace; all other clients keep the settings of the site.
func ExampleSite_PutCustomSettings() {
	ctx := context.Background()
	db := memory.Open()
	site, err := updatepoint.NewSite(ctx, "LAB", updatepoint.Config{Store: db.Site(), Compliance: db.Compliance()})
	if err != nil {
		log.Fatal(err)
	}
	if err := site.EnableClientAgent(ctx, clientagent.DefaultSettings()); err != nil {
		log.Fatal(err)
	}
	if err := site.PutCollection(ctx, updatepoint.Collection{Name: "Servers", Members: []string{"sql01.lab.example"}}); err != nil {
		log.Fatal(err)
	}

	settings := clientagent.DefaultSettings()
	settings.ScanSchedule = clientagent.Weekly(1, time.Sunday, time.Date(2026, 11, 29, 1, 30, 0, 0, time.UTC))
	settings.ComputerAgent.GracePeriod = 24 * time.Hour
	custom := updatepoint.CustomSettings{Name: "Servers", Priority: 1, Settings: settings, Collections: []string{"Servers"},
		Groups: []string{clientagent.GroupSoftwareUpdates, clientagent.GroupComputerAgent}}
	if err := site.PutCustomSettings(ctx, custom); err != nil {
		log.Fatal(err)
	}

	custom.Name = "Servers, later"
	custom.Settings.ComputerAgent.GracePeriod = 200 * time.Hour
	fmt.Println(site.PutCustomSettings(ctx, custom)) // every reason at once
	// Output:
	// put custom client settings: 2 errors occurred:
	// 	* Grace period for enforcement after deployment deadline: 200h0m0s is not within 0s and 120h0m0s
	// 	* priority 1 is that of Servers: give each its own
}
