// Package applicability evaluates the applicability rules of updates over what a machine knows of itself, and draws from them
// which updates a machine needs.
//
// [Evaluate] takes one rule. What is missing on the machine (a key, a value, a file, a product) is [False]: real metadata relies on
// that when it writes Not(RegDword ...) for "flag unset or different". A rule that cannot be judged, because it is wrong or not
// known or because a fact is not told, is something else, and has a [*RuleError] that names the fact. [TwoValued] logic, that of
// agents and the default, takes it for an error: its update does not apply, whatever stands around the rule. [ThreeValued] logic
// keeps it [Unknown], which is for those who ask what a machine would need and what they would have to know to tell.
//
// [Scan] goes from rules to verdicts: prerequisites, bundles and supersedence over all updates that were added to it. Each fact
// is asked for at most once a scan, and each rule is judged once, in however many updates it stands.
//
// [Explain] shows one rule, and [Scan.Why] a whole verdict, with the values on the machine and what was skipped; both can be
// written as text and as JSON.
//
// [WhatIf] goes over many machines: how many need each of a set of updates, how many do not and why, and which missing facts would
// settle what is unknown.
//
// A machine is anything that implements [Facts].
package applicability
