package clientagent_test

import (
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func ExampleSchedule_Next() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		log.Fatal(err)
	}
	// Two days after the second Tuesday of every month at 22:00, by the clock of each client.
	patches := clientagent.MonthlyByWeekday(1, clientagent.SecondWeek, time.Tuesday,
		time.Date(2026, time.January, 1, 22, 0, 0, 0, time.UTC)).OffsetBy(2)
	if err := patches.Validate(); err != nil {
		log.Fatal(err)
	}
	at := time.Date(2026, time.February, 20, 0, 0, 0, 0, berlin)
	for range 3 {
		at = patches.Next(at, berlin)
		fmt.Println(at.Format(time.RFC1123))
	}
	// Output:
	// Thu, 12 Mar 2026 22:00:00 CET
	// Thu, 16 Apr 2026 22:00:00 CEST
	// Thu, 14 May 2026 22:00:00 CEST
}

func ExampleParseSchedule() {
	schedule, err := clientagent.ParseSchedule("A9788980001B4000")
	if err != nil {
		log.Fatal(err)
	}
	token := schedule[0]
	fmt.Printf("every %d weeks on %s, from %s\n", token.Weeks, token.Weekday, token.Start.Format("2 January 2006 15:04"))

	_, err = clientagent.ParseSchedule("00012000001AA000")
	fmt.Println(err)
	// Output:
	// every 2 weeks on Tuesday, from 24 August 2008 11:42
	// read schedule "00012000001AA000": 1 error occurred:
	// 	* schedule token 1: weeks 5 is not within 1 and 4
}

func ExampleEvery() {
	weekly := clientagent.Every(7 * 24 * time.Hour)
	fmt.Println(weekly)
	// Nights and, apart from them, the last day of the month at noon.
	start := time.Date(2026, time.June, 1, 1, 0, 0, 0, time.UTC)
	fmt.Println(slices.Concat(clientagent.Daily(1, start), clientagent.MonthlyByDate(1, 0, start.Add(11*time.Hour))))
	// Output:
	// 0001200000100038
	// 00216E000010000801816E0000280400
}
