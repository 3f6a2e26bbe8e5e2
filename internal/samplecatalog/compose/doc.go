// Package compose writes update documents: the XML that an upstream server hands to a WSUS server, one revision a document.
//
// It writes the shape that real documents have: no XML declaration, no whitespace between elements, the namespaces declared on
// the root and again on the inner elements that use them. A document is composed whole or not at all; what it says is the
// caller's business and is not checked here.
package compose
