package clientagent_test

// simWide are how many seeds it takes for what is rare to happen as well.
const simWide = 40

// simRare is what happens in the seeds 1 to simWide besides what must happen in the first ones.
var simRare = []string{"install: postponed", "job: PreDownload", "code: 00002DC5" /* no window is long enough, 11717 */, "code: 80246007" /* not downloaded */}

// simMustHappen is what there is in simulated worlds, as a tally counts it: every actor and what came of it, every kind of fault, the state of jobs,
// scans and messages, and the reasons that are told for what is missing.
func simMustHappen() (kinds []string) {
	for _, actor := range simActors() {
		kinds = append(kinds, "actor: "+actor.name)
	}
	for sort, names := range map[string][]string{
		"fault": {"dropped", "answer lost", "duplicated", "delayed behind others", "busy", "content corrupted", "cut", "server restarts",
			"process died", "power lost with what was not synced", "disk of the records is full", "disk of the cache is full", "clock",
			"nobody answers at the site", "nobody answers at the server", "nobody answers at another software update point", "switched off",
			"cache is emptied", "update is removed", "installer fails", "installer does nothing"},
		"user": {"scan", "send", "install", "restarts the machine by hand", "restarts when asked to", "logs on", "names hours", "postpones",
			"cancels"},
		"order": {"custom settings", "custom settings removed", "disabled true", "disabled false", "declined", "expires", "detects only"},
		"point": {"replica", "hidden true", "hidden false", "switch ordered", "changed"},
		"group": {"moved"}, "settings": {"custom"}, "domain": {"conflict"}, "metered": {"request"}, "cache": {"removed"},
		"restart": {"with a user"}, "install": {"exclusive", "servicing stack"},
		"job": {"None", "Submitted", "Detecting", "Downloading", "WaitInstall", "WaitServiceWindow", "WaitReboot", "WaitingRetry", "Installing",
			"Verifying", "PendingHardReboot", "Error"},
		"state": {"300/1", "300/2", "301/1", "301/2", "301/4", "301/5", "301/6", "301/7", "301/8", "301/9", "301/10", "302/1", "302/2", "302/3",
			"402/4", "402/5", "402/8", "402/9", "402/10", "402/11", "402/12", "402/13", "402/14", "500/1", "500/2", "500/3", "501/1", "501/2", "501/3",
			"501/4", "501/5"},
		"code": {
			"80070070",                                     // disk is full
			"80070643",                                     // what the installers fail with
			"80072EE2", "80072EFD", "80072EFE", "80244022", // network and server
			"80244011", // no server
			"80246002", // content without its hash
			"87D00650", // scan before the installation failed
			"87D00668", // still required after its installation
			"87D00692", // domain's Group Policy
			"87D0070C", // maximum run time
		},
	} {
		for _, name := range names {
			kinds = append(kinds, sort+": "+name)
		}
	}
	return kinds
}
