// Package sample holds the sample catalogue: updates of invented vendors, and invented updates for Windows, that exercise every
// kind of rule, relationship and handler that the example site can show.
//
// Categories that Microsoft publishes keep their well-known ids, so that a real catalogue can be imported beside this one. Their
// revision number here is 1, below every published one: the real category then takes the place of ours. Everything else is ours,
// with ids derived from names.
package sample
