package clientagent_test

import (
	"fmt"
	"log"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func ExampleServiceWindows() {
	saturday := time.Date(2026, time.June, 6, 1, 0, 0, 0, time.UTC)
	windows := clientagent.ServiceWindows{
		{ID: "{nights}", Name: "Nights", Type: clientagent.AllProgramWindow,
			Schedule: clientagent.Daily(1, saturday).Lasting(time.Hour)},
		{ID: "{weekend}", Name: "Saturdays", Type: clientagent.SoftwareUpdateWindow,
			Schedule: clientagent.Weekly(1, time.Saturday, saturday).Lasting(3 * time.Hour)},
	}
	if err := windows.Validate(); err != nil {
		log.Fatal(err)
	}
	// A window for software updates keeps those for all deployments out.
	counting := windows.ForUpdates(false)
	now := time.Date(2026, time.June, 10, 12, 0, 0, 0, time.UTC)
	for _, run := range []time.Duration{30 * time.Minute, 3 * time.Hour, 4 * time.Hour} {
		start, ever := counting.NextFit(run, now, time.UTC)
		if !ever {
			fmt.Println(run, "never")
			continue
		}
		fmt.Println(run, "at", start.Format("Mon 2 Jan 15:04"))
	}
	// Output:
	// 30m0s at Sat 13 Jun 01:00
	// 3h0m0s at Sat 13 Jun 01:00
	// 4h0m0s never
}
