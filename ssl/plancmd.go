package ssl

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/seed599db172/softwareupdates/ssl/internal/quote"
)

// Appcmd writes the plan as a batch file, with the line ends that cmd.exe needs: run it elevated. It stops at the first command that
// fails and says at which step. It changes what the plan says without looking first; [Plan.PowerShell] looks. Manual steps stand in it as
// comments. A file with other characters than ASCII begins by setting the code page to UTF-8, in which it must be saved.
func (p Plan) Appcmd() string {
	lines := []string{"@echo off", "setlocal EnableExtensions DisableDelayedExpansion"}
	if !ascii(p.heading()) {
		lines = append(lines, "chcp 65001 >nul")
	}
	lines = append(lines, remark(p.heading()))
	for i, step := range p.Steps {
		title := fmt.Sprintf("%d. %s", i+1, step.Title)
		lines = append(lines, "", remark(title))
		if step.Do == nil {
			for _, line := range step.Checklist {
				lines = append(lines, remark("by hand: "+line))
			}
			continue
		}
		lines = append(lines, fmt.Sprintf("set STEP=%d", i+1))
		if step.Setting != nil && step.Setting.Kind == AttachedCertificate {
			// An entry that is there must go first; that there is none is no failure.
			gone := attachedCertificate{endpoint: step.Setting.Endpoint}.netsh("delete")
			lines = append(lines, batchLine(gone)+" >nul 2>nul")
		}
		if step.Setting != nil && step.Setting.Kind == SiteBinding && step.Setting.Protocol == "https" && step.Want == present {
			// One with other flags is in the way.
			s := step.Setting
			gone := siteBinding{p.Tools.Appcmd, s.Site, s.Protocol, s.Binding}.set("-", "")
			lines = append(lines, batchLine(gone)+" >nul 2>nul")
		}
		for _, command := range step.Do.Commands {
			lines = append(lines, batchLine(command)+" || goto failed")
		}
	}
	lines = append(lines, "", "exit /b 0", "", ":failed", "echo Step %STEP% failed. Correct the cause and run the file again. 1>&2", "exit /b 1", "")
	return strings.Join(lines, "\r\n")
}

// batchLine cannot fail for the commands of a plan: NewPlan refuses what would not go through. A plan that somebody else has put
// together gets a line that says so and stops the file.
func batchLine(c Command) string {
	line, err := quote.Batch(c.Name, c.Args)
	if err != nil {
		return remark(err.Error()) + "\r\ngoto failed & rem"
	}
	return line
}

// remark keeps a text from being anything else: signs mean nothing behind rem as long as there is no line end, and variables are put
// in even there.
func remark(text string) string {
	text = oneLine(text)
	if strings.HasSuffix(text, "^") {
		text += " ." // a caret at the end would go on with the next line
	}
	return "rem " + strings.ReplaceAll(text, "%", "%%")
}

// oneLine keeps a comment a comment.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > 0x7E })
}
