package ssl

import (
	"fmt"
	"strings"
)

// Checklist writes the plan for somebody who works in IIS Manager and with a pencil.
func (p Plan) Checklist() string {
	var b strings.Builder
	fmt.Fprintln(&b, p.heading())
	for i, step := range p.Steps {
		fmt.Fprintf(&b, "\n[ ] %d. %s\n", i+1, step.Title)
		if step.Why != "" {
			fmt.Fprintf(&b, "    Why: %s\n", step.Why)
		}
		for _, line := range step.Checklist {
			fmt.Fprintf(&b, "    - %s\n", line)
		}
	}
	return b.String()
}

// heading is the first line of every form.
func (p Plan) heading() string {
	if len(p.Steps) == 0 {
		return fmt.Sprintf("The site %s is secured as %s on ports %s: nothing has to be done.", p.Site, p.Name, p.Ports)
	}
	return fmt.Sprintf("Secure the site %s as %s on ports %s.", p.Site, p.Name, p.Ports)
}
