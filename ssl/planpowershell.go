package ssl

import (
	"fmt"
	"slices"
	"strings"
)

// byteOrderMark tells Windows PowerShell that a script is UTF-8.
const byteOrderMark = "\uFEFF"

// PowerShell writes the plan as one script for Windows PowerShell 5.1, elevated and of 64 bits, with the module WebAdministration,
// which PowerShell 7 does not have. It looks before it changes something, so that it can be run again, and stops at the first
// error; then it says so when the next run needs -Changed, which stands for the journal of [Apply]. It must be saved as it stands: one with other characters than ASCII begins with a byte order mark.
func (p Plan) PowerShell() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n%s", p.heading(), scriptHead)
	for i, step := range p.Steps {
		fmt.Fprintf(&b, "\n# %d. %s\n", i+1, oneLine(step.Title))
		writeScript(&b, i+1, step)
	}
	fmt.Fprintf(&b, "\nWrite-Host 'All steps are done.'\n")
	if !ascii(b.String()) {
		return byteOrderMark + b.String()
	}
	return b.String()
}

const scriptHead = `#Requires -Version 5.1
#Requires -PSEdition Desktop
#Requires -RunAsAdministrator
# -Changed says that an earlier run, which failed, has changed something already.
param([switch] $Changed)
$ErrorActionPreference = 'Stop'
if (-not [Environment]::Is64BitProcess) { throw 'Start the 64-bit Windows PowerShell: a 32-bit one sees another configuration.' }
Import-Module WebAdministration

# A program that fails is no error of PowerShell's.
function Assert-ExitCode([string] $Step) {
    if ($LASTEXITCODE -ne 0) { throw "Step ${Step}: the program ends with exit code $LASTEXITCODE." }
}
trap {
    if ($Changed) { Write-Warning 'Something was changed. Correct the cause and run the script again with -Changed.' }
    break
}
`

// writeScript writes one step. A manual one that can be checked stops the script where it does not hold, as Apply does.
func writeScript(b *strings.Builder, n int, step Step) {
	check := ""
	if step.Check != nil {
		check = step.Check.PowerShell
	}
	if step.Manual {
		for _, line := range step.Checklist {
			fmt.Fprintf(b, "# by hand: %s\n", oneLine(line))
		}
		if check != "" {
			fmt.Fprintf(b, "if (-not (%s)) { throw 'Step %d has to be done by hand first.' }\n", check, n)
		}
		return
	}
	condition := fmt.Sprintf("-not (%s)", check)
	switch {
	case check == "":
		condition = "$Changed"
	case step.OnChange:
		condition = "$Changed -or " + condition
	}
	fmt.Fprintf(b, "if (%s) {\n", condition)
	for line := range strings.SplitSeq(step.Do.PowerShell, "\n") {
		fmt.Fprintf(b, "    %s\n", line)
	}
	if runsProgram(step) {
		fmt.Fprintf(b, "    Assert-ExitCode '%d'\n", n)
	}
	if check != "" {
		fmt.Fprintf(b, "    if (-not (%s)) { throw 'Step %d did not take effect.' }\n", check, n)
		b.WriteString("    $Changed = $true\n")
	}
	b.WriteString("}\n")
}

// runsProgram says that the last line of a step's script starts a program.
func runsProgram(step Step) bool {
	return step.Setting != nil &&
		slices.Contains([]SettingKind{AttachedCertificate, ServerSetup, RestartIIS, Health}, step.Setting.Kind)
}
