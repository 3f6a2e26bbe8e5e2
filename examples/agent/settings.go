package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// setting is one client setting that the agent follows, in words.
type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// followed are the client settings that decide when something happens, by the product's names.
func followed(s clientagent.Settings) []setting {
	list := []setting{
		{"Software update scan", cycle(s.ScanInterval, s.ScanSchedule)},
		{"Deployment re-evaluation", cycle(s.ReevaluationInterval, s.EvaluationSchedule)},
		{"Client policy polling", "every " + span(s.PolicyPollingInterval)},
		{"State message reporting", "every " + span(s.StateMessageInterval)},
	}
	if s.BatchDeadlines {
		list = append(list, setting{"Deadlines installed together", "those within " + span(s.BatchingPeriod)})
	}
	if grace := s.ComputerAgent.GracePeriod; grace > 0 {
		list = append(list, setting{"Grace period after a deadline", span(grace) + ", for deployments that allow it"})
	}
	return append(list, setting{"Restart countdown", fmt.Sprintf("%s, the last %s in sight",
		span(s.ComputerRestart.Countdown), span(s.ComputerRestart.FinalCountdown))})
}

func cycle(interval time.Duration, custom clientagent.Schedule) string {
	if len(custom) > 0 {
		return "custom schedule " + custom.String()
	}
	return "every " + span(interval)
}

// span is a duration in days, hours and minutes.
func span(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		n := d / unit.length
		d %= unit.length
		switch {
		case n == 1:
			parts = append(parts, "1 "+unit.name)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, unit.name))
		}
	}
	if len(parts) == 0 {
		return d.String()
	}
	return strings.Join(parts, " ")
}
