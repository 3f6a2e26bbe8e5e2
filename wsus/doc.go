// Package wsus is a Windows Server Update Services server that a Go program embeds: an http.Handler that answers the Windows
// Update Agent by the WSUS client protocol (MS-WUSP), a catalogue of update documents, approvals and target groups, the
// computers that registered, what they reported, and the health monitoring component that the secure channel informs.
//
//	db, err := sqlite.Open(ctx, "data")
//	files, err := content.Dir("data/content")
//	server, err := wsus.NewServer(ctx, wsus.Config{Store: db.WSUS(), Content: files})
//	report, err := server.Import(ctx, os.DirFS("updates"))
//	err = wsus.ListenAndServe(ctx, server, ports.Custom)
//
// An update that nobody approved is still sent to every computer, as PreDeploymentCheck: evaluate it and report, but do not
// offer it. That is what a real WSUS does with everything that is not declined (MS-WUSP §2.2.2.2.4), and what a software update
// point needs, which never approves. Approving offers the update; declining hides it.
//
// # Deployments
//
// Target groups lie one in another below All Computers, and a computer may be in several: by the names that it sends, or, with
// ServerTargeting, where AddComputerTarget has put it. Of the approvals that reach it one counts; which one says the table at
// Approval: the nearest group first, then what agents do by themselves, then the earliest deadline. Approvals are about a revision and
// follow to the next one, unless its license agreement is still to be accepted or the Configuration says otherwise. Automatic approval rules
// run over what an Import brings.
//
// # Drivers
//
// A driver comes with the driver pass, in which a computer names its devices, when it is the best for one of them and better than what the
// device has: by the computer that it is for, its feature score, the place of the hardware id, its date and its version, in this order
// (MS-WUSP §3.1.5.7). Unlike software it is sent to nobody before somebody has approved it, be it for Scan: the best of all that were ever
// published must not hide the best that is approved. Users who add a printer choose among all approved drivers of printers.
//
// # Why, and how far
//
// Explain says how far an update comes on its way to a computer and what keeps it from going farther, with the ids concerned; the summaries
// count computers and updates by what sealed status events have said, and InstallationInfoPerComputerTarget names them one by one. A
// Subscription restrains what an Import takes over. Nothing has to be cleaned up for the server to stay fast; see DeclineExpiredUpdates.
//
// # What is built
//
// Of the nine virtual roots, ClientWebService, SimpleAuthWebService, ReportingWebService and Content are served. ApiRemoting30,
// DssAuthWebService and ServerSyncWebService answer a SOAP fault, Inventory, and SelfUpdate without Config.SelfUpdate, status 501, each
// saying that the service is not built yet; none of them answers 404.
//
// # Concurrency
//
// All methods of a Server are safe for concurrent use. Readers never wait for an import or an approval: both build a new
// immutable view and swap it in.
package wsus
