package ssl

import (
	"context"
	"fmt"
)

// behaviour binds a setting to the server of this call.
func (a *application) behaviour(s Setting) (behaviour, error) { return behaviourOf(s, a.plan) }

// read returns the value of a setting, "" for one without a state. The commands of a check may fail: that is an answer.
func (a *application) read(ctx context.Context, s Setting) (string, error) {
	b, err := a.behaviour(s)
	if err != nil {
		return "", err
	}
	commands := b.read()
	outputs := make([]Output, len(commands))
	for i, command := range commands {
		if outputs[i], err = a.runner.Run(ctx, command); err != nil {
			return "", fmt.Errorf("read: %w", err)
		}
	}
	return b.parse(outputs)
}

// run wants every command to end well.
func (a *application) run(ctx context.Context, commands []Command) ([]Output, error) {
	var outputs []Output
	for _, command := range commands {
		output, err := a.runner.Run(ctx, command)
		if err != nil {
			return outputs, err
		}
		if output.ExitCode != 0 {
			return outputs, &CommandError{Command: command, Output: output}
		}
		outputs = append(outputs, output)
	}
	return outputs, nil
}
