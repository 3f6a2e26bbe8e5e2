package ssh

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/hashicorp/go-multierror"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/seed599db172/softwareupdates/ssl"
)

// DefaultTimeout is how long making a connection may take unless told otherwise.
const DefaultTimeout = 15 * time.Second

// Config says where the server is and who logs on.
type Config struct {
	// Address is a host name or address, with a port unless it is 22. The host must be spelled as it stands in KnownHosts.
	Address string
	// User logs on; on Windows a member of Administrators gets an elevated session. DOMAIN\name and name@domain both work there.
	User string

	// At least one way to log on is needed; they are tried in this order.
	Signers  []ssh.Signer
	Agent    agent.ExtendedAgent
	Password string

	// KnownHosts is a file as OpenSSH keeps it. HostKey is asked instead of it when set. One of them is needed.
	KnownHosts string
	HostKey    ssh.HostKeyCallback

	// Shell is what the server starts for a command; the zero value is cmd.exe.
	Shell Shell
	// Timeout bounds making a connection; 0 means DefaultTimeout.
	Timeout time.Duration
	// KeepAlive is how often a silent connection is tried; one that does not answer until the next time counts as lost. 0 means never.
	KeepAlive time.Duration
	// OutputLimit bounds each output stream of a command in bytes; 0 means ssl.DefaultOutputLimit.
	OutputLimit int
	// DialContext makes the connection below; nil means a net.Dialer. A jump host or a proxy goes here.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
}

// validate tells every fault at once.
func (c Config) validate() error {
	var faults *multierror.Error
	for _, check := range []struct {
		wrong bool
		text  string
	}{
		{c.Address == "", "the address of the server is missing"},
		{c.User == "", "the user is missing"},
		{len(c.Signers) == 0 && c.Agent == nil && c.Password == "", "there is no way to log on: give a key, an agent or a password"},
		{c.KnownHosts == "" && c.HostKey == nil, "the key of the host would not be checked: name a known_hosts file, or set HostKey"},
		{!c.Shell.known(), "the shell is none of Cmd, PowerShell and POSIX"},
		{c.Timeout < 0 || c.KeepAlive < 0 || c.OutputLimit < 0, "a limit is negative"},
	} {
		if check.wrong {
			faults = multierror.Append(faults, errors.New(check.text))
		}
	}
	return faults.ErrorOrNil()
}

// address has the port that was left out.
func (c Config) address() string {
	if _, _, err := net.SplitHostPort(c.Address); err == nil {
		return c.Address
	}
	return net.JoinHostPort(strings.Trim(c.Address, "[]"), "22")
}

func (c Config) timeout() time.Duration {
	if c.Timeout == 0 {
		return DefaultTimeout
	}
	return c.Timeout
}

func (c Config) outputLimit() int {
	if c.OutputLimit == 0 {
		return ssl.DefaultOutputLimit
	}
	return c.OutputLimit
}

func (c Config) methods() []ssh.AuthMethod {
	var methods []ssh.AuthMethod
	// One method for all keys: the protocol tries each name of a method once.
	if len(c.Signers) > 0 || c.Agent != nil {
		methods = append(methods, ssh.PublicKeysCallback(c.signers))
	}
	if c.Password != "" {
		methods = append(methods, ssh.Password(c.Password))
	}
	return methods
}

func (c Config) signers() ([]ssh.Signer, error) {
	if c.Agent == nil {
		return c.Signers, nil
	}
	more, err := c.Agent.Signers()
	if err != nil && len(c.Signers) == 0 {
		return nil, err
	}
	return append(c.Signers[:len(c.Signers):len(c.Signers)], more...), nil
}
