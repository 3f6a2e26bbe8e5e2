package wsusutil

import (
	"context"
	"fmt"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl"
)

// maxExcerpt is how much of an output stands in an error.
const maxExcerpt = 512

// ToolError says that the tool ran and failed.
type ToolError struct {
	Command ssl.Command
	Output  ssl.Output
}

// Error has the exit code and the beginning of what the tool printed.
func (e *ToolError) Error() string {
	said := excerpt(e.Output.Stderr)
	if said == "" {
		said = excerpt(e.Output.Stdout)
	}
	return fmt.Sprintf("%s %s ends with exit code %d: %s",
		e.Command.Name, strings.Join(e.Command.Args, " "), e.Output.ExitCode, said)
}

func run(ctx context.Context, runner ssl.Runner, c ssl.Command) (ssl.Output, error) {
	out, err := runner.Run(ctx, c)
	if err != nil {
		return ssl.Output{}, err
	}
	if out.ExitCode != 0 {
		return ssl.Output{}, &ToolError{Command: c, Output: out}
	}
	return out, nil
}

func excerpt(output []byte) string {
	text := strings.TrimSpace(string(output[:min(len(output), maxExcerpt)]))
	return strings.ToValidUTF8(text, "?")
}
