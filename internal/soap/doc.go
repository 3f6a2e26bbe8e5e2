// Package soap reads and writes the SOAP 1.1 messages of the update services: document/literal, one child in the body.
//
// A Scanner walks a message that is held in memory. It checks what encoding/xml checks and more (see Scanner), makes strings
// only for the fields that a decoder keeps, and costs about a tenth. A Writer appends; encoding/xml cannot write prefixes and
// repeats default namespaces, which the services' detail children do not bear.
//
// Decoders are written as loops over children with an error that sticks, so that they read like the message's definition:
//
//	for s.Child() {
//		switch string(s.Name()) {
//		case "ID":
//			update.ID = s.Int32()
//		case "IsLeaf":
//			update.IsLeaf = s.Bool()
//		default:
//			s.Skip() // newer agents send elements that the published contract lacks
//		}
//	}
//	return s.Err()
package soap
