//go:build defects

package clientagent_test

// simActorDefects are mistakes that only tell where there is something besides one server, one user and plain updates.
var simActorDefects = []simDefect{
	{"restarts under a user at once", []string{"countdown"}, []simEdit{
		{"clientagent/restart_plan.go", "at = at.Add(m.settings.Countdown)", "if !DEFECT {\n\t\t\tat = at.Add(m.settings.Countdown)\n\t\t}"}}},
	{"installs exclusive updates with others", []string{"alone"}, []simEdit{
		{"clientagent/install_order.go", "bool { return c.exclusive })", "bool { return c.exclusive && !DEFECT })"}}},
	{"leaves the servicing stack for later", []string{"stack"}, []simEdit{
		{"clientagent/install_order.go", "bool { return c.servicing }); i >= 0 {", "bool { return c.servicing }); i >= 0 && !DEFECT {"},
		{"clientagent/window_hold.go", "return c.servicing && held[c.id].until.After(now)", "return !DEFECT && c.servicing && held[c.id].until.After(now)"}}},
	{"leaves a server after the first failure", []string{"server"}, []simEdit{
		{"clientagent/scan_point.go", "		return j.Failures >= t.rhythm.scanRetries\n", "		return j.Failures >= t.rhythm.scanRetries || DEFECT && j.Failures > 0\n"}}},
	{"throws away what is needed", []string{"eviction"}, []simEdit{
		{"clientagent/cache_file.go", "		if !d.needed[sha1] {", "		if DEFECT || !d.needed[sha1] {"}}},
	{"pays no heed to metered connections", []string{"metered"}, []simEdit{
		{"clientagent/metered.go", "t.limited, t.blocked = metered, metered && use == MeteredBlock", "t.limited, t.blocked = metered && !DEFECT, metered && use == MeteredBlock && !DEFECT"}}},
	{"scans whatever the domain says", []string{"domain"}, []simEdit{
		{"clientagent/group_policy.go", "if domain == \"\" || ", "if DEFECT || domain == \"\" || "}}},
	{"lets the lowest priority win", []string{"settings"}, []simEdit{
		{"updatepoint/customsettings.go", "int { return cmp.Compare(a.Priority, b.Priority) })",
			"int {\n\t\tif DEFECT {\n\t\t\treturn cmp.Compare(b.Priority, a.Priority)\n\t\t}\n\t\treturn cmp.Compare(a.Priority, b.Priority)\n\t})"}}},
	{"forgets to verify", []string{"jobs"}, []simEdit{
		{"clientagent/install.go", "	job.State = JobVerifying\n", "	job.State = JobVerifying\n\tif DEFECT {\n\t\tjob.State = JobWaitInstall\n\t}\n"}}},
	{"scans without a request", []string{"scans"}, []simEdit{
		{"clientagent/scan_job.go", "if !job.open() || job.Current != location.WSUSURL {", "if !DEFECT && (!job.open() || job.Current != location.WSUSURL) {"}}},
}
