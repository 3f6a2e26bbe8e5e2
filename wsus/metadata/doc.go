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
// Everything here reads foreign bytes. Sizes, depth and the number of nodes are bounded (MaxDocumentBytes, MaxDepth, MaxNodes),
// and what is wrong comes back as a [*SyntaxError] that names the line.
package metadata
