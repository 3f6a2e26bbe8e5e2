// Package updatepoint is the site: its site systems, the software update point role that owns a WSUS server, clients and
// collections, deployments, and what clients reported.
//
//	site, err := updatepoint.NewSite(ctx, "LAB", updatepoint.Config{
//		Mode: updatepoint.NativeMode, Store: db.Site(), Compliance: db.Compliance()})
//	point, err := site.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{
//		Server: "wsus01.lab.example", WSUS: updatepoint.Local(server),
//		Ports: ports.Custom, // must be given: there is no default
//		SSL:   ssl.Required(ca.GetCertificate)})
//	for _, root := range point.Channel(ctx).Roots { fmt.Println(root.Name, root.State, root.Remedy) }
//	err = site.EnableClientAgent(ctx, clientagent.DefaultSettings())
//	err = site.Run(ctx)
//
// # The role comes first
//
// Before a software update point is installed and configured, deployments, compliance views and client policy answer
// ErrNoSoftwareUpdatePoint, and so does the console; removing the role brings that back. Prerequisites that are missing refuse the
// role, all reasons at once. A fault of the channel that shows later is a state of WSUS Configuration Manager: it blocks
// synchronization and says why, and its end clears it.
//
// # What is kept
//
// The store holds all of the site but the connection to WSUS. After a restart of the program the role is still listed, clients get
// their policy, and AddSoftwareUpdatePoint with the same server gives the role its connection back.
//
// # Native mode
//
// NativeMode is the name of 2007; today such a site is called "HTTPS only".
//
// # What is not built
//
// One software update point in a site, and no boundary groups, so that clients get one location to scan; client connection type Intranet;
// no hierarchy of sites; collections are lists of names. What is asked for beyond that is refused with an error that says so. An
// agent goes by several locations with boundary groups all the same: a clientagent.Site of one's own can name them.
package updatepoint
