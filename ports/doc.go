// Package ports knows the two ports of a WSUS web site, how they belong together and which addresses follow from them.
//
// A site always listens on two ports: HTTPS for metadata and HTTP for files. WSUS does not store the second one, it derives
// it: 443 goes with 80, and any other HTTPS port p goes with p-1. A pair that breaks the rule makes clients fetch files from
// a port where nobody listens, so [Pair.Validate] refuses it.
//
// Addresses are derived here and nowhere else: [Pair.MetadataURL] and [Pair.ContentURL], and [AddressURL] where no pair is known.
//
// [Compare] holds the pair that a software update point was told against what its web site binds. [Probe] looks at a host: which
// protocol answers on which port, and is it WSUS; [Detect] finds the pair that a host has. Whatever is wrong has a [Kind] for programs,
// and a cause and a remedy for people. [InboundRules] and its like are what a firewall must let through, as data and as commands.
package ports
