package ssl

import "github.com/seed599db172/softwareupdates/ssl/iis"

// Plan is what has to be done to a WSUS server on IIS, in order. It can be read as a checklist for IIS Manager, as appcmd lines,
// as a PowerShell script and as data, and be applied by [Apply] through a [Runner] or, as far as it is configuration, by
// [Plan.Edits] on a file.
type Plan struct {
	// Site is the web site and Name the name that clients use.
	Site  string `json:"site"`
	Name  string `json:"name"`
	Steps []Step `json:"steps"`
}

// Step is one step of a plan. A step whose state already holds is not done again.
type Step struct {
	// ID is stable and unique within the plan, for example "require-ssl ClientWebService".
	ID string `json:"id"`
	// Title says what is done and Why for what.
	Title string `json:"title"`
	Why   string `json:"why"`
	// Checklist is the way through IIS Manager, one line a click.
	Checklist []string `json:"checklist"`
	// Manual says that no command does it, for example getting a certificate; Apply checks only whether it holds.
	Manual bool `json:"manual,omitempty"`
	// Check tells whether the step holds, Do makes it hold, Undo takes it back to what Check found.
	Check *Action `json:"check,omitempty"`
	Do    *Action `json:"do,omitempty"`
	Undo  *Action `json:"undo,omitempty"`
	// Edit is the same on a configuration file, nil for what does not stand there.
	Edit iis.Edit `json:"edit,omitempty"`
}

// Action is a command in two spellings.
type Action struct {
	// Command runs a program: appcmd, netsh, reg, WsusUtil.
	Command Command `json:"command"`
	// PowerShell does the same in Windows PowerShell 5.1.
	PowerShell string `json:"powershell,omitempty"`
}
