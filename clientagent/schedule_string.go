package clientagent

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// String is the schedule string, or a text in angle brackets when the schedule is not valid.
func (s Schedule) String() string {
	text, err := s.MarshalText()
	if err != nil {
		return "<" + strings.ReplaceAll(err.Error(), "\n", " ") + ">"
	}
	return string(text)
}

// MarshalText writes the schedule string in capital digits, empty for no schedule. Where the published layout of the string has no room for
// OffsetDays, "+2" follows the digits of the token: that is this package's own, other readers do not know it. A schedule that is not valid
// gets the error of Validate.
func (s Schedule) MarshalText() ([]byte, error) {
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("write schedule: %w", err)
	}
	var text []byte
	for _, token := range s {
		text = fmt.Appendf(text, "%016X", token.bits())
		if token.OffsetDays > 0 {
			text = fmt.Appendf(text, "+%d", token.OffsetDays)
		}
	}
	return text, nil
}

// UnmarshalText reads what ParseSchedule reads.
func (s *Schedule) UnmarshalText(text []byte) error {
	parsed, err := ParseSchedule(string(text))
	if err == nil {
		*s = parsed
	}
	return err
}

// ParseSchedule reads a schedule string as MarshalText writes it; small digits will do. Empty text is no schedule. It tells everything that
// is wrong at once, and refuses a token with a bit set whose meaning is not published rather than to follow half of it.
func ParseSchedule(text string) (Schedule, error) {
	if len(text) > MaxScheduleTokens*(tokenDigits+2) {
		return nil, fmt.Errorf("read schedule: %d characters are more than %d tokens", len(text), MaxScheduleTokens)
	}
	var schedule Schedule
	var faults *multierror.Error
	for rest := text; rest != ""; {
		number := len(schedule) + 1
		if len(rest) < tokenDigits {
			return nil, fmt.Errorf("read schedule %q: token %d has %d digits, not %d", text, number, len(rest), tokenDigits)
		}
		bits, err := strconv.ParseUint(rest[:tokenDigits], 16, 64)
		if err != nil {
			return nil, fmt.Errorf("read schedule %q: token %d: %q is not %d hexadecimal digits", text, number, rest[:tokenDigits], tokenDigits)
		}
		token, err := tokenOf(bits)
		if err != nil {
			faults = multierror.Append(faults, fmt.Errorf("token %d: %w", number, err))
		}
		rest = rest[tokenDigits:]
		if strings.HasPrefix(rest, "+") {
			if len(rest) < 2 || rest[1] < '1' || rest[1] > '0'+MaxOffsetDays {
				return nil, fmt.Errorf("read schedule %q: token %d: offset is not within +1 and +%d", text, number, MaxOffsetDays)
			}
			token.OffsetDays = int(rest[1] - '0')
			rest = rest[2:]
		}
		schedule = append(schedule, token)
	}
	if err := faults.ErrorOrNil(); err != nil {
		return nil, fmt.Errorf("read schedule %q: %w", text, err)
	}
	if err := schedule.Validate(); err != nil {
		return nil, fmt.Errorf("read schedule %q: %w", text, err)
	}
	return schedule, nil
}
