package clientagent

import "time"

// A reading of the wall clock is a time in UTC that shows the same date and time of day.

// toWall reads the clock of a zone.
func toWall(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return time.Unix(t.Unix()+int64(offset), int64(t.Nanosecond())).UTC()
}

// fromWall is the first moment at which the clock of a zone shows a reading. A reading that the clock skips gets the moment that lies as far
// after the jump as the reading after the last one before it.
func fromWall(wall time.Time, zone *time.Location) time.Time {
	// The reading is within 15 hours of its moment, for no zone is farther from UTC; the offsets on both sides are all that can apply, as
	// no zone changes twice in 30 hours.
	before, after := offsetAt(wall.Add(-15*time.Hour), zone), offsetAt(wall.Add(15*time.Hour), zone)
	early, late := wall.Add(-max(before, after)), wall.Add(-min(before, after))
	if offsetAt(early, zone) == max(before, after) {
		return early.In(zone)
	}
	return late.In(zone)
}

// offsetAt is how far the clock of a zone is ahead of UTC at a moment.
func offsetAt(moment time.Time, zone *time.Location) time.Duration {
	_, seconds := moment.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
