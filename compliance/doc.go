// Package compliance keeps what clients report about software updates: which update is Required, Installed or Not Required on
// which computer, how far deployments are, and when a computer was last scanned.
//
// A client sends a Report of state messages, with serial numbers, as XML (EncodeReport, DecodeReport) or in process. A Tracker
// takes reports over into a Store, notices gaps in the serials, and answers States and Summary for any set of updates and
// computers. The package knows ids only: no site, no catalogue.
//
// Not Required is implicit. A scan covers all updates of a catalogue, and most do not apply; so an update that nothing was said
// about is Not Required on a computer whose last completed scan covered a catalogue that had it, and Unknown on others.
package compliance
