package clientagent

import (
	"fmt"
	"time"
)

// Advice says when the countdown of a restart is not shorter than the shortest of the windows that a client of these settings restarts in;
// it is empty otherwise. The final countdown is a part of it. Such a restart misses the window that its installation was in. Sites and
// agents warn of it, and go on.
func (s Settings) Advice(windows ServiceWindows) string {
	countdown := s.Effective().ComputerRestart.Countdown
	shortest := windows.ForRestarts(s.UseAllDeploymentsWindows).Shortest()
	if shortest == 0 || countdown < shortest {
		return ""
	}
	return fmt.Sprintf("the shortest maintenance window lasts %v, and a device gets restarted %v after the deadline: make the window longer or "+
		"the countdown shorter", shortest.Round(time.Minute), countdown)
}
