// Package clientagent is the Software Updates Client Agent: it fetches its policy from a site, scans a WSUS server over the
// real protocol, judges what the machine needs, downloads, installs at the deadline or when the user asks, restarts, looks
// again, and tells all of it in state messages.
//
// An [Agent] is a step function. [Agent.Step] does everything that is due at a moment and tells the next one; all waiting is data
// in the [Store]. [Agent.Run] drives one agent by the clock; a simulation drives ten thousand from one queue of due times.
//
// What an agent needs from outside are three small interfaces: [Site] ([HTTP], [Direct], or in process), [Machine] (facts and an
// installer, such as package snapshot) and Store ([Dir], [Memory], or a database). Settings and cycles are those of the
// product; [Pace] shortens them for laboratories.
//
// # What survives
//
// Every change is written as one batch together with the state messages that tell it. A process that dies at any write goes on where it
// was: an installation that was cut short is judged by an offline scan before anything is installed again, and the serial
// numbers of state messages have no gaps.
//
// # When
//
// What comes round has a [Schedule], read from and written as the product's schedule strings. Required deployments begin at their deadline,
// with its delay, grace and batching, and install within the [ServiceWindows] of the policy, as far as their maximum run times fit.
//
// # Limits
//
// Drivers and removal of updates are not built; a server's drivers are not asked for. Nobody asks for logged-off users, presentations or an
// orchestrator. docs/agent.md draws the states.
package clientagent
