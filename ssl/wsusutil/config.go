package wsusutil

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
)

// DefaultToolPath is where set-up puts the tool on a server whose system drive is C. It is a value to write down, never a
// fallback.
const DefaultToolPath = `C:\Program Files\Update Services\Tools\WsusUtil.exe`

// Config says where the tool is and what the server should become.
type Config struct {
	// ToolPath is the full path of WsusUtil.exe on the server; see DefaultToolPath.
	ToolPath string
	// Name is the name in the server's certificate, by which clients reach it: the full DNS name.
	Name string
	// Ports, when given, are compared with what the tool answers.
	Ports ports.Pair
}

func (c Config) validate() error {
	var faults *multierror.Error
	if c.ToolPath == "" {
		faults = multierror.Append(faults, errors.New("the path of WsusUtil.exe is missing"))
	}
	switch {
	case c.Name == "":
		faults = multierror.Append(faults, errors.New("the name in the server's certificate is missing"))
	case strings.HasPrefix(c.Name, "-") || strings.ContainsAny(c.Name, " \t\r\n\"'/\\:&|<>^%;"):
		faults = multierror.Append(faults, fmt.Errorf("%q is not a DNS name", c.Name))
	}
	if !c.Ports.IsZero() {
		if err := c.Ports.Validate(); err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	return faults.ErrorOrNil()
}
