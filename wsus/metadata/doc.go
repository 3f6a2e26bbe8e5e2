// Package metadata reads the update documents of WSUS, derives the fragments that a server sends to its clients, and reads
// those fragments back.
//
// A document is the whole truth about one revision of one update: [Parse] checks it and returns an [Update]. A server cuts it
// into pieces, [Fragments]: the Core that a client evaluates, the Extended part that it downloads and installs by, and the texts
// in each language. The client's side of that is [ParseCore], [ParseExtended] and [ParseLocalized].
//
// Documents carry namespaces, fragments do not. Both end as the same [Node] trees with bare names, so that one rule evaluator
// serves both.
//
// What the parts mean is typed where it has a meaning: [Extended.Installer] for the handler, [Rules.MSIPatch], [Rules.CBSPackage],
// [Rules.WindowsDrivers] and [Rules.MSIApplication] for what rules refer to, [Known] for ids that are the same everywhere, and
// [Supersedence] for what replaces what. Unknown attributes and elements stay in fields named Other and OtherAttrs.
//
// Vendors publish packages rather than documents: [ParsePackage] reads one, [Package.Update] makes the update documents that a
// server publishes, and [PackageOf] is the way back. Both conversions tell what they lose.
//
// Everything here reads foreign bytes. Sizes, depth and the number of nodes are bounded (MaxDocumentBytes, MaxDepth, MaxNodes),
// and what is wrong comes back as a [*SyntaxError] that names the line.
package metadata
