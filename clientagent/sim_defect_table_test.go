//go:build defects

package clientagent_test

// simDefect is a deliberate mistake in the agent, and the invariants of which one must tell.
type simDefect struct {
	name       string
	invariants []string
	edits      []simEdit
}

// simEdit is a text of a file that another takes the place of. DEFECT in it is true while the defect is switched on.
type simEdit struct {
	file     string // from the root of the module
	old, new string
}

var simDefects = []simDefect{
	{"installs what does not have its hash", []string{"content"}, []simEdit{
		{"wsus/content/verify.go", "return sum.compare(ref, n)", "if DEFECT {\n\t\treturn nil\n\t}\n\treturn sum.compare(ref, n)"}}},
	{"hands the installer no file", []string{"content"}, []simEdit{
		{"clientagent/content_open.go", "f != nil && strings.EqualFold(file.Name, name) {", "f != nil && strings.EqualFold(file.Name, name) && !DEFECT {"}}},
	{"lets users have updates before their available time", []string{"available"}, []simEdit{
		{"clientagent/software_center.go", "|| d.Available(a.config.Zone).After(a.now())", "|| !DEFECT && d.Available(a.config.Zone).After(a.now())"},
		{"clientagent/install_now.go", "if !d.Available(a.config.Zone).After(t.now) {", "if DEFECT || !d.Available(a.config.Zone).After(t.now) {"}}},
	{"does not wait for the deadline", []string{"deadline"}, []simEdit{
		{"clientagent/advance.go", "case begin.After(t.now):", "case !DEFECT && begin.After(t.now):"}}},
	{"forgets the grace period", []string{"deadline", "restart"}, []simEdit{
		{"clientagent/deployment_begin.go", "if !r.Deployment.SoftDeadlineEnabled {", "if DEFECT || !r.Deployment.SoftDeadlineEnabled {"}}},
	{"reads local times as UTC", []string{"deadline", "available", "restart", "reason"}, []simEdit{
		{"clientagent/deployment.go", "if !d.LocalTime || zone == nil", "if DEFECT || !d.LocalTime || zone == nil"}}},
	{"pulls in what is due any time", []string{"deadline", "restart"}, []simEdit{
		{"clientagent/batching.go", "!d.deadline.After(now.Add(period))", "(DEFECT || !d.deadline.After(now.Add(period)))"},
		{"clientagent/deploy.go", "if record.Pulled.Add(", "if !DEFECT && record.Pulled.Add("}}},
	{"installs what does not fit into the window", []string{"window"}, []simEdit{
		{"clientagent/window_open.go", "if union.End.Sub(start) >= run {", "if DEFECT || union.End.Sub(start) >= run {"}}},
	{"ignores windows", []string{"window"}, []simEdit{
		{"clientagent/enforce.go", "if !record.Deployment.OverrideServiceWindows {", "if !DEFECT && !record.Deployment.OverrideServiceWindows {"}}},
	{"counts windows for all deployments besides those for updates", []string{"window", "restart"}, []simEdit{
		{"clientagent/window_set.go", "if len(updates) > 0 && !allDeployments {", "if len(updates) > 0 && !allDeployments && !DEFECT {"}}},
	{"restarts although it is suppressed", []string{"restart"}, []simEdit{
		{"clientagent/deployment_experience.go", "return s&SuppressWorkstations != 0", "return s&SuppressWorkstations != 0 && !DEFECT"}}},
	{"restarts before the deadline", []string{"restart"}, []simEdit{
		{"clientagent/restart.go", "if !found || a.beginning(c, record).After(t.now) {", "if !found || !DEFECT && a.beginning(c, record).After(t.now) {"}}},
	{"restarts outside of windows", []string{"restart"}, []simEdit{
		{"clientagent/restart_plan.go", "!open && !wish.outside", "!open && !wish.outside && !DEFECT"}}},
	{"does not ask for a pending restart after a crash", []string{"twice"}, []simEdit{
		{"clientagent/verify.go", "if !able || why != afterCrash {", "if DEFECT || !able || why != afterCrash {"}}},
	{"installs parts again that wait for a restart", []string{"twice"}, []simEdit{
		{"clientagent/install.go", "if slices.Contains(placed, p.core.UpdateID) {", "if !DEFECT && slices.Contains(placed, p.core.UpdateID) {"}}},
	{"starts serials anew after an acknowledgement", []string{"serials"}, []simEdit{
		{"clientagent/messages.go", "next := outbox{Last: box.Last, Due: box.Due}",
			"next := outbox{Last: box.Last, Due: box.Due}\n\tif DEFECT {\n\t\tnext.Last = 0\n\t}"}}},
	{"leaves gaps between serials", []string{"serials"}, []simEdit{
		{"clientagent/messages.go", "	b.Last++\n", "	b.Last++\n\tif DEFECT && len(b.Messages) == 2 {\n\t\tb.Last++\n\t}\n"}}},
	{"forgets to send what it tells", []string{"belief", "required"}, []simEdit{
		{"clientagent/messages.go", "	c.set(prefPending+key, true)\n	return nil", "	if !DEFECT {\n\t\tc.set(prefPending+key, true)\n\t}\n	return nil"}}},
	{"takes superseded updates for required", []string{"belief", "required"}, []simEdit{
		{"clientagent/evaluate.go", "	switch s {\n	case applicability.NotApplicable,",
			"	if DEFECT && s == applicability.Superseded {\n\t\treturn compliance.Required\n\t}\n	switch s {\n	case applicability.NotApplicable,"}}},
	{"keeps an update required that the scan found installed", []string{"belief", "twice", "required"}, []simEdit{
		{"clientagent/evaluate.go", "	case applicability.Installed:\n", "	case applicability.Installed:\n\t\tif DEFECT {\n\t\t\treturn compliance.Required\n\t\t}\n"}}},
	{"does not try again at the re-evaluation", []string{"required"}, []simEdit{
		{"clientagent/reevaluate.go", "record.reopen()\n", "if !DEFECT {\n\t\t\trecord.reopen()\n\t\t}\n"}}},
	{"lets windows go by", []string{"reason", "required"}, []simEdit{
		{"clientagent/window_hold.go", "		w.Until = earliest(w.Until, why.until)\n",
			"		w.Until = earliest(w.Until, why.until)\n\t\tif DEFECT && !why.until.IsZero() {\n\t\t\tw.Until = why.until.Add(20 * time.Hour)\n\t\t}\n"}}},
	{"keeps the end of a deployment to itself", []string{"belief"}, []simEdit{
		{"clientagent/deployment_record.go", "		if ended {", "		if ended && !DEFECT {"}}},
	{"never scans again", []string{"belief", "required", "progress"}, []simEdit{
		{"clientagent/scan_job.go", "	young := ", "	if DEFECT && !job.Done.IsZero() {\n\t\treturn true\n\t}\n	young := "}}},
	{"stays awake", []string{"progress"}, []simEdit{
		{"clientagent/messages.go", "	box.Due = t.now.Add(t.rhythm.messages)\n",
			"	box.Due = t.now.Add(t.rhythm.messages)\n\tif DEFECT {\n\t\tbox.Due = t.now\n\t}\n"}}},
	{"sleeps until the date of a wrong clock", []string{"progress", "belief", "required"}, []simEdit{
		{"clientagent/step.go", "if due.After(t.now.Add(most)) {", "if !DEFECT && due.After(t.now.Add(most)) {"}}},
	{"asks the site every ten seconds", []string{"budget"}, []simEdit{
		{"clientagent/policy.go", "		t.cycles.Policy, err = t.now.Add(t.rhythm.policy), nil\n",
			"		t.cycles.Policy, err = t.now.Add(t.rhythm.policy), nil\n\t\tif DEFECT {\n\t\t\tt.cycles.Policy = t.now.Add(10 * time.Second)\n\t\t}\n"}}},
	{"acknowledges what is not synced", []string{"durable"}, []simEdit{
		{"clientagent/journal_store.go", "		err = j.journal.Sync()\n", "		if !DEFECT {\n\t\t\terr = j.journal.Sync()\n\t\t}\n"}}},
}
