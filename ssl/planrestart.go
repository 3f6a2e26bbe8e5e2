package ssl

// restartWSUS works whether the service runs or not, which net stop does not.
const restartWSUS = "Restart-Service -Name WsusService -Force -ErrorAction Stop"

// powerShell runs a script without double quotes, which need no quoting of quoting.
func powerShell(script string) Command {
	return Command{Name: "powershell.exe", Args: []string{"-NoProfile", "-NonInteractive", "-Command", script}}
}

// afterChanges is a command without a state of its own.
type afterChanges struct {
	command Command
	text    string
}

func (afterChanges) read() []Command                    { return nil }
func (afterChanges) parse([]Output) (string, error)     { return "", nil }
func (afterChanges) holds(string, string) bool          { return true }
func (a afterChanges) change(string, string) []Command  { return []Command{a.command} }
func (a afterChanges) restore(string, string) []Command { return []Command{a.command} }
func (afterChanges) accept([]Output) error              { return nil }
func (afterChanges) test(string) string                 { return "" }
func (a afterChanges) script(string) string             { return a.text }
