package ssh

import (
	"errors"
	"fmt"
	"net"
	"slices"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// What is wrong with the key of a host.
var (
	// ErrUnknownHost: the known_hosts file does not have the host. Compare the fingerprint in the error with the server's own
	// (ssh-keygen -lf on its public key), then add the line that ssh-keyscan prints.
	ErrUnknownHost = errors.New("the host is not in known_hosts")
	// ErrHostKeyChanged: the file has another key for the host. Either the server was set up anew, or somebody stands in between.
	ErrHostKeyChanged = errors.New("the key of the host is not the one in known_hosts")
)

// hostKey returns what checks the key, and the kinds of keys that can pass: a server with several would else show one that the file does
// not have.
func (c Config) hostKey() (ssh.HostKeyCallback, []string, error) {
	if c.HostKey != nil {
		return c.HostKey, nil, nil
	}
	known, err := knownhosts.New(c.KnownHosts)
	if err != nil {
		return nil, nil, err
	}
	return explained(known), algorithms(known, c.address()), nil
}

// explained says what to do about a key that is refused.
func explained(known ssh.HostKeyCallback) ssh.HostKeyCallback {
	return func(host string, remote net.Addr, key ssh.PublicKey) error {
		err := known(host, remote, key)
		var fault *knownhosts.KeyError
		if !errors.As(err, &fault) {
			return err
		}
		reason := ErrHostKeyChanged
		if len(fault.Want) == 0 {
			reason = ErrUnknownHost
		}
		return fmt.Errorf("%w: %s shows %s %s", reason, host, key.Type(), ssh.FingerprintSHA256(key))
	}
}

// algorithms asks the file for the keys of a host by showing it a key that nobody has.
func algorithms(known ssh.HostKeyCallback, address string) []string {
	var fault *knownhosts.KeyError
	if !errors.As(known(address, &net.TCPAddr{IP: net.IPv4zero}, nobodysKey{}), &fault) {
		return nil
	}
	var kinds []string
	for _, want := range fault.Want {
		kind := want.Key.Type()
		if kind == ssh.KeyAlgoRSA {
			kinds = append(kinds, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
			continue
		}
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// nobodysKey is a key of no kind.
type nobodysKey struct{}

func (nobodysKey) Type() string                        { return "none" }
func (nobodysKey) Marshal() []byte                     { return []byte("none") }
func (nobodysKey) Verify([]byte, *ssh.Signature) error { return errors.New("not a key") }
