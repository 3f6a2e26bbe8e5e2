package metadata

// Result is what the end of an installation means.
type Result string

// The results of a command.
const (
	ResultFailed    Result = "Failed"
	ResultSucceeded Result = "Succeeded"
	ResultCancelled Result = "Cancelled"
)

// CommandLine installs by running a program of the payload.
type CommandLine struct {
	// Program is a path relative to the folder of the payload.
	Program, Arguments string
	// DefaultResult and RebootByDefault hold for codes that ReturnCodes does not list; Failed and false when absent.
	DefaultResult   Result
	RebootByDefault bool
	ReturnCodes     []ReturnCode
	// RepairPaths are where an installation may be repaired from.
	RepairPaths []RepairPath
}

// ReturnCode is what one exit code of the program means.
type ReturnCode struct {
	Code   int32
	Result Result
	Reboot bool
	// DefaultDescription is the text where no other language fits; it may be empty.
	DefaultDescription string
	Descriptions       []ReturnDescription
}

// ReturnDescription is the text for an exit code in one language.
type ReturnDescription struct{ Language, Text string }

// RepairPath is a place of installation files.
type RepairPath struct {
	TargetID, TargetType string
	RelativeToServer     bool
	Path                 string
}

// HandlerURI is [HandlerCommandLine].
func (c *CommandLine) HandlerURI() string { return HandlerCommandLine }

// Outcome is what an exit code means: the listed result, else the defaults.
func (c *CommandLine) Outcome(code int32) (result Result, reboot bool) {
	for _, r := range c.ReturnCodes {
		if r.Code == code {
			return r.Result, r.Reboot
		}
	}
	return c.DefaultResult, c.RebootByDefault
}

func commandLine(a *attributes, data *Node) Installer {
	c := readCommand(a)
	for _, sibling := range data.Children {
		if sibling.Name == "RepairPath" {
			c.RepairPaths = append(c.RepairPaths, readRepairPath(a, sibling))
		}
	}
	return c
}

// readCommand reads InstallCommand of a document, and CommandLineInstallerData of a package, which has the same attributes.
func readCommand(a *attributes) *CommandLine {
	c := &CommandLine{
		Program: a.required("Program"), Arguments: a.text("Arguments"), DefaultResult: readResult(a, "DefaultResult", ResultFailed),
		RebootByDefault: a.bool("RebootByDefault"),
	}
	for _, child := range a.node.Children {
		if child.Name == "ReturnCode" {
			c.ReturnCodes = append(c.ReturnCodes, readReturnCode(a.of(child)))
		}
	}
	return c
}

func readReturnCode(a *attributes) ReturnCode {
	a.required("Code")
	a.required("Result")
	r := ReturnCode{Code: int32(a.integer("Code", 32)), Result: readResult(a, "Result", ResultFailed), Reboot: a.bool("Reboot"),
		DefaultDescription: a.text("DefaultLocalizedDescription")}
	for _, child := range a.node.Children {
		if child.Name != "LocalizedDescription" {
			continue
		}
		d := ReturnDescription{Language: child.attrOr("Language", child.Child("Language").Content())}
		if d.Text = child.Child("Description").Content(); d.Text == "" {
			d.Text = child.Content()
		}
		r.Descriptions = append(r.Descriptions, d)
	}
	return r
}

func readResult(a *attributes, name string, absent Result) Result {
	return Result(a.oneOf(name, string(absent), string(ResultFailed), string(ResultSucceeded), string(ResultCancelled)))
}

func readRepairPath(a *attributes, n *Node) RepairPath {
	r := a.of(n)
	return RepairPath{TargetID: r.text("TargetId"), TargetType: r.text("TargetType"), RelativeToServer: r.bool("RelativeToServer"),
		Path: r.text("Path")}
}
