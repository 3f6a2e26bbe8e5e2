// Package applicability evaluates the applicability rules of updates over what a machine knows of itself, and draws from them
// which updates a machine needs.
//
// [Evaluate] takes one rule and answers [True], [False] or [Unknown] in Kleene's logic. What is missing on the machine (a key,
// a value, a file, a product) is False: real metadata relies on that when it writes Not(RegDword ...) for "flag unset or
// different". Unknown is left for rules that cannot be judged, and says why.
//
// [Scan] goes from rules to verdicts: prerequisites, bundles and supersedence over all updates that were added to it. Each fact
// is asked for at most once a scan.
//
// A machine is anything that implements [Facts].
package applicability
