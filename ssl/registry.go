package ssl

import (
	"errors"
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/regfile"
)

// The keys below HKEY_LOCAL_MACHINE.
const (
	setupKey      = `SOFTWARE\Microsoft\Update Services\Server\Setup`
	policyKey     = `SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate`
	autoUpdateKey = policyKey + `\AU`
)

// ErrKeyMissing says that a file of the registry does not have the key that was looked for.
var ErrKeyMissing = errors.New("the file does not have the registry key")

// ParseSetup reads the values of a WSUS server from an export (regedit or reg export; UTF-16 with byte order mark, UTF-8 or a code
// page) or from the output of reg query. The key material beside them is never read. Without the key the error wraps
// [ErrKeyMissing]; a value of another type is an error with its line, and so is a file of more than 4 MiB or 20 000 values.
func ParseSetup(data []byte) (SetupValues, error) {
	file, err := regfile.Read(data, regfile.Want{setupKey: {
		"UsingSSL", "ServerCertificateName", "PortNumber", "IISTargetWebSiteIndex", "TargetDir", "ContentDir", "VersionString",
	}})
	if err == nil && !file.Has(setupKey) {
		err = fmt.Errorf(`%w HKLM\%s; on the server run: reg export "HKLM\%s" setup.reg`, ErrKeyMissing, setupKey, setupKey)
	}
	if err != nil {
		return SetupValues{}, fmt.Errorf("read registry of the server: %w", err)
	}
	values := registryValues{file: file, key: setupKey}
	setup := SetupValues{
		ServerCertificateName: values.text("ServerCertificateName"),
		IISTargetWebSiteIndex: values.number("IISTargetWebSiteIndex"),
		TargetDir:             values.text("TargetDir"),
		ContentDir:            values.text("ContentDir"),
		VersionString:         values.text("VersionString"),
	}
	if _, ok := file.Value(setupKey, "UsingSSL"); ok {
		using := values.number("UsingSSL") != 0
		setup.UsingSSL = &using
	}
	port := values.number("PortNumber")
	if values.err == nil && port > maxPort {
		values.err = fmt.Errorf("PortNumber %d is no port", port)
	}
	setup.PortNumber = int(port)
	if values.err != nil {
		return SetupValues{}, fmt.Errorf("read registry of the server: %w", values.err)
	}
	return setup, nil
}

const maxPort = 65535

// ParsePolicy reads the policy of a client from the same kinds of files, within the same limits. Without the key, which means that
// no policy is set, the error wraps [ErrKeyMissing]. Computer stays empty.
func ParsePolicy(data []byte) (ClientPolicy, error) {
	file, err := regfile.Read(data, regfile.Want{policyKey: {"WUServer", "WUStatusServer"}, autoUpdateKey: {"UseWUServer"}})
	if err == nil && !file.Has(policyKey) && !file.Has(autoUpdateKey) {
		err = fmt.Errorf(`%w HKLM\%s`, ErrKeyMissing, policyKey)
	}
	if err != nil {
		return ClientPolicy{}, fmt.Errorf("read policy of a client: %w", err)
	}
	policy, switches := registryValues{file: file, key: policyKey}, registryValues{file: file, key: autoUpdateKey}
	found := ClientPolicy{
		WUServer:       policy.text("WUServer"),
		WUStatusServer: policy.text("WUStatusServer"),
		UseWUServer:    switches.number("UseWUServer") == 1,
	}
	if err := errors.Join(policy.err, switches.err); err != nil {
		return ClientPolicy{}, fmt.Errorf("read policy of a client: %w", err)
	}
	return found, nil
}

// registryValues reads values of one key and keeps the first error.
type registryValues struct {
	file regfile.File
	key  string
	err  error
}

func (v *registryValues) text(name string) string {
	value, _ := v.file.Value(v.key, name)
	if value.IsNumber && v.err == nil {
		v.err = fmt.Errorf("%s is a number and should be text", name)
	}
	return value.Text
}

func (v *registryValues) number(name string) uint32 {
	value, ok := v.file.Value(v.key, name)
	if ok && !value.IsNumber && v.err == nil {
		v.err = fmt.Errorf("%s is text and should be a number", name)
	}
	return value.Number
}
