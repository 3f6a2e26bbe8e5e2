package compliance

import (
	"fmt"
	"time"
)

const (
	cimLayout = "20060102150405.000000"
	cimLength = len(cimLayout) + len("+000")
)

// formatCIM writes a CIM datetime (DSP0004, yyyymmddHHMMSS.mmmmmmsUTC) in UTC; what is finer than a microsecond is cut off.
func formatCIM(t time.Time) (string, error) {
	t = t.UTC()
	if year := t.Year(); year < 1 || year > 9999 {
		return "", fmt.Errorf("year %d does not fit a CIM datetime", year)
	}
	return t.Format(cimLayout) + "+000", nil
}

// parseCIM reads a CIM datetime without wildcards; its offset is in minutes.
func parseCIM(text string) (time.Time, error) {
	if len(text) != cimLength {
		return time.Time{}, fmt.Errorf("%q is no CIM datetime", clip(text))
	}
	local, err := time.Parse(cimLayout, text[:len(cimLayout)])
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no CIM datetime", text)
	}
	minutes := 0
	for _, digit := range text[len(cimLayout)+1:] {
		if digit < '0' || digit > '9' {
			return time.Time{}, fmt.Errorf("%q is no CIM datetime", text)
		}
		minutes = minutes*10 + int(digit-'0')
	}
	switch text[len(cimLayout)] {
	case '+':
		minutes = -minutes
	case '-':
	default:
		return time.Time{}, fmt.Errorf("%q is no CIM datetime", text)
	}
	t := local.Add(time.Duration(minutes) * time.Minute)
	if year := t.Year(); year < 1 || year > 9999 {
		return time.Time{}, fmt.Errorf("%q is out of range", text)
	}
	return t, nil
}
