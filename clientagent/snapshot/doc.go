// Package snapshot is a machine as one JSON file: the facts that applicability rules ask for, and an installer that changes them
// instead of running anything. A fleet of such machines exercises a whole site on any operating system.
//
// The file is one object:
//
//	{
//	  "name": "pc10.lab.example",
//	  "restartPending": false,
//	  "surroundings": {"userLoggedOn": true, "metered": false, "offIntranet": false, "domainUpdateService": ""},
//	  "hardware": {"manufacturer": "…", "model": "…", "biosName": "…", "biosVersion": "…", "biosReleaseDate": "2024-03-12T00:00:00Z"},
//	  "system": {"version": [10, 0, 19045, 4291], "productType": 1, "sku": 48, "architecture": 9, "processors": 4, "language": "en-US"},
//	  "registry": {
//	    "HKLM\\SOFTWARE\\Lindenhof\\Viewer": {
//	      "Version": {"type": "REG_SZ", "data": "4.2.0"},
//	      "Seats": {"type": "REG_DWORD", "data": 5}
//	    }
//	  },
//	  "files": {"C:\\Program Files\\Lindenhof\\Viewer\\viewer.exe": {"version": "4.2.0.117", "size": 8417280}},
//	  "products": {"{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}": {"name": "Lindenhof Viewer", "version": "4.2.0", "language": 1033}},
//	  "packages": {"Package_for_RollupFix~31bf3856ad364e35~amd64~~19041.4291.1.10": 112},
//	  "wmi": {"root\\cimv2": {"SELECT * FROM Win32_Battery": 0}}
//	}
//
// Only name and system.version are required. system is [applicability.System], hardware is [clientagent.Hardware], surroundings is
// [Surroundings].
//
// Registry keys begin with HKLM\ and are those of the 64-bit view. The 32-bit view of a 64-bit machine lies below
// SOFTWARE\WOW6432Node, as on Windows. Data of REG_SZ and REG_EXPAND_SZ is a string, of REG_DWORD and REG_QWORD a number, of
// REG_MULTI_SZ a list of strings, of REG_BINARY a string of hexadecimal digits. The default value has the empty name. The
// parents of a key, and the folders of a file, need not be named.
//
// Files have version, size, created, modified and language (a LANGID); folder true marks a folder. products are installed MSI
// products by product code, with features, components, patches, superseded (patches that Windows Installer keeps as superseded),
// upgradeCode (without it rules that validate one are unknown) and sequences (by patch family the highest sequence of an applied
// patch that supersedes earlier ones). packages are servicing packages with their CurrentState; rules that look for them in the
// registry find them there, too. wmi has the number of objects that a query yields; a query that is not listed cannot be answered.
//
// Some sections may be left out, and then rules that ask for them cannot be judged: equipment is [applicability.Equipment], devices
// is [applicability.Devices], history has true for each update id that was installed once, and cluster has node (true on a node of a
// cluster) and resources, by name whether the node owns them.
//
// For the rest a snapshot tells everything: what it does not name is absent, values of the licensing service too, which licenses has in
// the form of registry values. One that a [Recorder] wrote tells what was asked only. It has "asked", with the names of "registry",
// "files", "products", "packages", "licenses" and "resources" (of the cluster) that it tells of, whether they are there or not; any
// other of them answers a [*NotRecordedError], and a rule that needs it is unknown.
//
// [Stored] yields the machines of a folder one by one, for [applicability.WhatIf].
//
// Names are compared without case. Decoding is strict: what is not known is refused with its line.
package snapshot
