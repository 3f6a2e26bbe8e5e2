//go:build defects

package clientagent_test

// simDefect is a deliberate mistake in the agent: a text of a file that another takes the place of, and the invariants of which one must tell.
type simDefect struct {
	name       string
	file       string // from the root of the module
	old, new   string
	invariants []string
}

var simDefects = []simDefect{
	{"installs what does not have its hash", "wsus/content/verify.go",
		"return sum.compare(ref, n)", "_ = n\n	return nil", []string{"content"}},
	{"hands the installer another file", "clientagent/install.go",
		"if strings.EqualFold(file.Name, name) {", "if !strings.EqualFold(file.Name, name+\"?\") && false {", []string{"content"}},
	{"shows updates before their available time", "clientagent/software_center.go",
		"d.Available(a.config.Zone).After(a.now())", "false", []string{"available"}},
	{"does not wait for the deadline", "clientagent/deploy.go",
		"case begin.After(t.now):", "case false && begin.After(t.now):", []string{"deadline"}},
	{"forgets the grace period", "clientagent/deployment_begin.go",
		"latest := deadline.Add(max(grace, 0))", "latest := deadline.Add(max(grace, 0) * 0)", []string{"deadline"}},
	{"reads local deadlines as UTC", "clientagent/deployment.go",
		"if !d.LocalTime || zone == nil || moment.IsZero() {", "if true {", []string{"deadline", "available"}},
	{"pulls in what is due any time", "clientagent/batching.go",
		"!d.deadline.After(now.Add(period))", "period > 0", []string{"deadline"}},
	{"installs although the run time does not fit into the window", "clientagent/window_open.go",
		"return remaining > 0 && remaining >= run", "return remaining > 0 && run > 0", []string{"window"}},
	{"ignores windows", "clientagent/enforce.go",
		"if !record.Deployment.OverrideServiceWindows {", "if false {", []string{"window"}},
	{"counts windows for all deployments besides those for updates", "clientagent/window_set.go",
		"if len(updates) > 0 && !allDeployments {", "if len(updates) < 0 && !allDeployments {", []string{"window"}},
	{"restarts although it is suppressed", "clientagent/deployment_experience.go",
		"return s&SuppressWorkstations != 0", "return false", []string{"restart"}},
	{"restarts before the deadline", "clientagent/restart.go",
		"if !found || a.beginning(c, record).After(t.now) {", "if !found {", []string{"restart"}},
	{"restarts outside of windows", "clientagent/restart_plan.go",
		"!open && !wish.outside", "!open && !wish.outside && false", []string{"restart"}},
	{"installs again what a crash cut short, without asking for a pending restart", "clientagent/verify.go",
		"if !able || why != afterCrash {", "if able || why != afterCrash {", []string{"twice"}},
	{"installs the parts of a bundle again that wait for a restart", "clientagent/install.go",
		"if slices.Contains(placed, p.core.UpdateID) {", "if false {", []string{"twice"}},
	{"gives the serial of a report that was never kept", "clientagent/messages.go",
		"	c.set(keyOutbox, next)\n	if err := c.commit(ctx); err != nil {\n		return false, err\n	}\n	*box = next\n	return true, nil\n}\n\n// fillFull",
		"	if err := c.commit(ctx); err != nil {\n		return false, err\n	}\n	*box = next\n	return true, nil\n}\n\n// fillFull", []string{"serials"}},
	{"starts serials anew after an acknowledgement", "clientagent/messages.go",
		"next := outbox{Last: box.Last, Due: box.Due}", "next := outbox{Last: 0, Due: box.Due}", []string{"serials"}},
	{"forgets to send what it tells", "clientagent/messages.go",
		"	c.set(prefPending+key, true)\n	return nil", "	return nil", []string{"belief"}},
	{"takes superseded updates for required", "clientagent/evaluate.go",
		"case applicability.NotApplicable, applicability.Superseded:", "case applicability.NotApplicable:", []string{"belief"}},
	{"believes the installer instead of the scan", "clientagent/verify.go",
		"	case inPlace:\n", "	case inPlace || why == afterInstall && job.Code == 0:\n", []string{"required", "budget", "belief"}},
	{"does not try again at the re-evaluation", "clientagent/reevaluate.go",
		"record.reopen()\n", "", []string{"required"}},
	{"does not scan what has changed", "clientagent/scan_job.go",
		"young := !job.Done.IsZero()", "young := !job.Done.IsZero() || true", []string{"belief", "required", "progress"}},
	{"tries a failed scan again at once", "clientagent/pace.go",
		"const retryDelay = 30 * time.Minute", "const retryDelay = 2 * time.Second", []string{"budget"}},
	{"sleeps until the date that a wrong clock showed", "clientagent/step.go",
		"if due.After(t.now.Add(most)) {", "if false {", []string{"progress", "belief", "required"}},
	{"stays awake", "clientagent/messages.go",
		"box.Due = t.now.Add(t.rhythm.messages)", "box.Due = t.now", []string{"progress"}},
	{"works while the components are dormant", "clientagent/scan_job.go",
		"if !t.policy.Settings.Enabled {\n		return time.Time{}, nil\n	}\n", "if !t.policy.Settings.Enabled {\n		t.cycles.Scan = t.now\n	}\n", []string{"dormant"}},
}
