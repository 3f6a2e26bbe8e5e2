package clientagent

import (
	"errors"
	"fmt"
	"time"
)

// length is a setting that is a duration: where it is, its least, its most and its preset, and of what unit it is whole.
type length struct {
	at                        func(*Settings) *time.Duration
	least, most, preset, unit time.Duration
	required                  bool // zero is refused by the site; the agent takes the preset all the same
	raised                    bool // less than least is no error
}

func (l length) rule(s Setting) settingRule {
	return settingRule{Setting: s, check: l.check, mend: l.mend}
}

func (l length) check(s *Settings) error {
	value := *l.at(s)
	switch {
	case value == 0 && !l.required:
		return nil
	case value == 0:
		return fmt.Errorf("it is missing; the default is %v", l.preset)
	case l.raised && value > 0 && value < l.least:
		return nil
	case value < l.least || value > l.most:
		return fmt.Errorf("%v is not within %v and %v", value, l.least, l.most)
	case value%l.unit != 0:
		return fmt.Errorf("%v is not a multiple of %v", value, l.unit)
	}
	return nil
}

func (l length) mend(s *Settings) {
	value := l.at(s)
	if *value <= 0 {
		*value = l.preset
		return
	}
	*value = min(max(roundUp(*value, l.unit), l.least), l.most)
}

// custom is a simple schedule with a custom one that may take its place.
func custom(at func(*Settings) *Schedule, simple length, s Setting) settingRule {
	return settingRule{Setting: s,
		check: func(s *Settings) error {
			if len(*at(s)) == 0 {
				return simple.check(s)
			}
			optional := simple
			optional.required = false
			return errors.Join((*at(s)).Validate(), optional.check(s))
		},
		mend: func(s *Settings) {
			simple.mend(s)
			if (*at(s)).Validate() != nil {
				*at(s) = nil
			}
		},
	}
}

// roundUp is the next multiple of unit; a value too large for that stays.
func roundUp(value, unit time.Duration) time.Duration {
	if rest := value % unit; rest != 0 && value <= 1<<62 {
		return value + unit - rest
	}
	return value
}

// checkBatching accepts whole hours up to 23 and whole days up to 365.
func checkBatching(s *Settings) error {
	value := s.BatchingPeriod
	inHours := value >= time.Hour && value <= 23*time.Hour && value%time.Hour == 0
	inDays := value >= wholeDay && value <= 365*wholeDay && value%wholeDay == 0
	if value == 0 || inHours || inDays {
		return nil
	}
	return fmt.Errorf("%v is neither 1 to 23 hours nor 1 to 365 days", value)
}

func mendBatching(s *Settings) {
	switch value := s.BatchingPeriod; {
	case value <= 0:
		s.BatchingPeriod = DefaultBatchingPeriod
	case value <= 23*time.Hour:
		s.BatchingPeriod = roundUp(value, time.Hour)
	default:
		s.BatchingPeriod = min(roundUp(value, wholeDay), 365*wholeDay)
	}
}

func checkFinalCountdown(s *Settings) error {
	r, copied := s.ComputerRestart, *s
	if r.FinalCountdown < 0 || r.FinalCountdown%time.Minute != 0 {
		return fmt.Errorf("%v is not a number of whole minutes", r.FinalCountdown)
	}
	if restart.mend(&copied); r.FinalCountdown > copied.ComputerRestart.Countdown {
		return fmt.Errorf("%v is longer than the %v after which the device gets restarted", r.FinalCountdown, copied.ComputerRestart.Countdown)
	}
	return nil
}

// mendFinalCountdown comes after the mending of Countdown.
func mendFinalCountdown(s *Settings) {
	r := &s.ComputerRestart
	if r.FinalCountdown <= 0 {
		r.FinalCountdown = 15 * time.Minute
	}
	r.FinalCountdown = min(roundUp(r.FinalCountdown, time.Minute), r.Countdown)
}

// choice is a setting of three values.
type choice struct {
	at     func(*Settings) *Choice
	preset Choice
}

func (c choice) rule(s Setting) settingRule {
	return settingRule{Setting: s,
		check: func(s *Settings) error { return known(*c.at(s), No) },
		mend:  func(s *Settings) { *c.at(s) = c.at(s).or(c.preset) },
	}
}

// oneOf is a setting whose values are numbered from its default, 0, to the last.
func oneOf[T ~uint8](at func(*Settings) *T, last T, s Setting) settingRule {
	return settingRule{Setting: s,
		check: func(s *Settings) error { return known(*at(s), last) },
		mend: func(s *Settings) {
			if value := at(s); *value > last {
				*value = 0
			}
		},
	}
}

var errUnknownValue = errors.New("value means nothing")

func known[T ~uint8](value, last T) error {
	if value > last {
		return fmt.Errorf("%w: %d", errUnknownValue, value)
	}
	return nil
}

// restart is the duration that the final countdown is a part of.
var restart = length{at: func(s *Settings) *time.Duration { return &s.ComputerRestart.Countdown },
	least: time.Minute, most: 20160 * time.Minute, preset: 90 * time.Minute, unit: time.Minute}

// plain is a setting that is on or off, and off by default.
func plain(s Setting) settingRule { return settingRule{Setting: s} }
