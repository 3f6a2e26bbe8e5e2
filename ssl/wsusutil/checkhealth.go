package wsusutil

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed599db172/softwareupdates/ssl"
)

// CheckHealth runs `WsusUtil checkhealth`, which starts the checks at once. What they find is only in the application event
// log of the server (source Windows Server Update Services); nil means that they were started. Config.Name is not used.
func CheckHealth(ctx context.Context, runner ssl.Runner, c Config) error {
	if c.ToolPath == "" {
		return errors.New("check health: the path of WsusUtil.exe is missing")
	}
	if _, err := run(ctx, runner, ssl.Command{Name: c.ToolPath, Args: []string{"checkhealth"}}); err != nil {
		return fmt.Errorf("check health: %w", err)
	}
	return nil
}
