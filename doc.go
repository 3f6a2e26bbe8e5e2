// Package softwareupdates documents a module that gives a Go program everything behind one sentence: these machines get these
// updates, safely, and I can prove it. It is the software update point of Microsoft Configuration Manager as a library: a WSUS
// server that speaks Microsoft's own protocols, the site around it, its secure channel and ports, the client agent, and
// compliance.
//
// Start with one of these packages:
//
//   - wsus is the WSUS server, an http.Handler.
//   - updatepoint is the site: the software update point role, deployments, client policy, compliance.
//   - clientagent is the Software Updates Client Agent.
//   - storage/sqlite keeps all of it in one folder.
//
// The programs under examples are made to be copied from; docs/architecture.md draws the house.
package softwareupdates
