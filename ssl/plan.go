package ssl

import (
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// Plan is what has to be done to a WSUS server on IIS, in order. It can be read as a checklist for IIS Manager
// ([Plan.Checklist]), as appcmd lines ([Plan.Appcmd]), as a PowerShell script ([Plan.PowerShell]) and as data (JSON), and be applied
// by [Apply] through a [Runner] or, as far as it is configuration, by [Plan.Edits] on a file.
type Plan struct {
	// Site is the web site and Name the name that clients use.
	Site string `json:"site"`
	Name string `json:"name"`
	// Ports are those that the site has in the end.
	Ports ports.Pair `json:"ports"`
	// Tools are the programs of the server that the commands name.
	Tools Tools `json:"tools"`
	// Steps are empty when nothing has to be done.
	Steps []Step `json:"steps"`
}

// Tools are full paths of programs on the server.
type Tools struct {
	Appcmd   string `json:"appcmd"`
	WSUSUtil string `json:"wsusutil"`
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
	// OnChange says that the step is also done, though its state may hold, when a step before it has changed something.
	OnChange bool `json:"onChange,omitempty"`
	// Setting is what the step changes and Want what it should be; nil for a manual step that cannot be checked.
	Setting *Setting `json:"setting,omitempty"`
	Want    string   `json:"want,omitempty"`
	// Check tells whether the step holds and Do makes it hold. How it is taken back depends on what Check finds: the journal of
	// Apply has that.
	Check *Action `json:"check,omitempty"`
	Do    *Action `json:"do,omitempty"`
	// Edit is the same on a configuration file, nil for what does not stand there.
	Edit iis.Edit `json:"edit,omitempty"`
}

// Action is what a step runs, in two spellings.
type Action struct {
	// Commands run programs, one after the other: appcmd, netsh, reg, WsusUtil.
	Commands []Command `json:"commands"`
	// PowerShell does the same in Windows PowerShell 5.1; of a check it is an expression that is true when the step holds.
	PowerShell string `json:"powershell,omitempty"`
}

// Edits returns what of the plan stands in applicationHost.config, for iis.Config.Apply: what an offline image needs, or a look
// at the difference before anything is changed.
func (p Plan) Edits() []iis.Edit {
	var edits []iis.Edit
	for _, step := range p.Steps {
		if step.Edit != nil {
			edits = append(edits, step.Edit)
		}
	}
	return edits
}
