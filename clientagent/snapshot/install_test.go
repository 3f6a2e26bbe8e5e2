package snapshot_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const (
	handlers = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/"
	command  = `<ExtendedProperties Handler="` + handlers + `CommandLineInstallation" /><HandlerSpecificData type="cmd:CommandLineInstallation">` +
		`<InstallCommand Program="a.exe"><ReturnCode Code="0" Result="Succeeded" /></InstallCommand></HandlerSpecificData>`
	flag = `<b.RegDword Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof" Value="Fixed" Comparison="EqualTo" Data="1"/>`
)

func coreOf(t testing.TB, installed, data string) *metadata.Core {
	t.Helper()
	core, err := metadata.ParseCore(`<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001" RevisionNumber="1" /><Properties UpdateType="Software" />` +
		`<ApplicabilityRules><IsInstalled>` + installed + `</IsInstalled><Metadata>` + data + `</Metadata></ApplicabilityRules>`)
	require.NoError(t, err)
	return core
}

func job(core *metadata.Core, extended string) clientagent.Job {
	x, err := metadata.ParseExtended(extended)
	if err != nil {
		panic(err)
	}
	return clientagent.Job{Core: core, Extended: x, Title: "an update"}
}

func truthOf(t testing.TB, m applicability.Facts, core *metadata.Core) applicability.Truth {
	t.Helper()
	r, err := applicability.Evaluate(t.Context(), m, core.Rules.IsInstalled, core.Rules.Metadata, applicability.Options{})
	require.NoError(t, err)
	return r.Truth
}

func TestInstallCommand(t *testing.T) {
	m, core := decoded(t, small), coreOf(t, flag, "")
	before := encoded(t, m)
	require.Equal(t, applicability.False, truthOf(t, m, core))
	result, err := m.Install(t.Context(), job(core, command))
	require.NoError(t, err)
	require.False(t, result.RestartRequired)
	require.Equal(t, applicability.True, truthOf(t, m, core))
	require.NoError(t, m.Remove(t.Context(), core))
	require.Equal(t, applicability.False, truthOf(t, m, core))
	require.NotEqual(t, before, encoded(t, m), "the value stays, with another number")
}

func TestInstallMsi(t *testing.T) {
	const extended = `<ExtendedProperties Handler="` + handlers + `WindowsInstaller" /><HandlerSpecificData type="msp:WindowsInstallerApp"><MsiData ProductCode="{NEW}" MsiFile="a.msi" /></HandlerSpecificData>`
	m := decoded(t, small)
	core := coreOf(t, "<m.MsiApplicationInstalled/>", `<m.MsiApplicationMetadata><m.ProductCode Version="2.5.0" UseRecacheReinstall="LowerVersion">{NEW}</m.ProductCode></m.MsiApplicationMetadata>`)
	_, err := m.Install(t.Context(), job(core, extended))
	require.NoError(t, err)
	p, err := m.Product(t.Context(), "{new}")
	require.NoError(t, err)
	require.Equal(t, "2.5.0", p.Version)
	bound := coreOf(t, `<m.MsiProductInstalled ProductCode="{NEW}" VersionMin="3.0.0"/>`, "")
	_, err = m.Install(t.Context(), job(bound, extended))
	require.NoError(t, err)
	p, err = m.Product(t.Context(), "{new}")
	require.NoError(t, err)
	require.Equal(t, "3.0.0", p.Version)
	require.NoError(t, m.Remove(t.Context(), bound))
	p, err = m.Product(t.Context(), "{new}")
	require.NoError(t, err)
	require.Equal(t, "2.9999.9999.9999", p.Version)
}

func TestInstallMsp(t *testing.T) {
	const extended = `<ExtendedProperties Handler="` + handlers + `WindowsInstaller" /><HandlerSpecificData type="msp:WindowsInstaller"><MspData PatchCode="{Q}" /></HandlerSpecificData>`
	data := func(target string) string {
		return `<m.MsiPatchMetadata><MsiPatch PatchGUID="{Q}"><TargetProduct><TargetProductCode>` + target + `</TargetProductCode></TargetProduct></MsiPatch></m.MsiPatchMetadata>`
	}
	m, core := decoded(t, small), coreOf(t, "<m.MsiPatchInstalled/>", data("{ABCD}"))
	_, err := m.Install(t.Context(), job(core, extended))
	require.NoError(t, err)
	p, err := m.Product(t.Context(), "{abcd}")
	require.NoError(t, err)
	require.Equal(t, []string{"{P}", "{Q}"}, p.Patches)
	require.NoError(t, m.Remove(t.Context(), core))
	p, err = m.Product(t.Context(), "{abcd}")
	require.NoError(t, err)
	require.Equal(t, []string{"{P}"}, p.Patches)
	_, err = m.Install(t.Context(), job(coreOf(t, "<m.MsiPatchInstalled/>", data("{GONE}")), extended))
	require.EqualError(t, err, "install failed with 0x8024200B (installer failed): none of the products that patch {Q} is for is installed")
}

func TestInstallPackage(t *testing.T) {
	const extended = `<ExtendedProperties Handler="` + handlers + `Cbs" /><HandlerSpecificData type="cbs:Cbs"><CbsData PackageIdentity="" /></HandlerSpecificData>`
	const manifest = `<CbsPackageApplicabilityMetadata><assembly xmlns="urn:schemas-microsoft-com:asm.v3"><assemblyIdentity name="New" version="2.0" language="neutral" processorArchitecture="amd64" publicKeyToken="k"/></assembly></CbsPackageApplicabilityMetadata>`
	m, core := decoded(t, small), coreOf(t, "<CbsPackageInstalled/>", manifest)
	_, err := m.Install(t.Context(), job(core, extended))
	require.NoError(t, err)
	state, err := m.Package(t.Context(), "New~k~amd64~~2.0")
	require.NoError(t, err)
	require.Equal(t, applicability.PackageInstalled, state)
	require.NoError(t, m.Remove(t.Context(), core))
	_, err = m.Package(t.Context(), "New~k~amd64~~2.0")
	require.ErrorIs(t, err, applicability.ErrNotFound)
}

// What cannot be installed answers the product's code and leaves the machine as it was.
func TestInstallRefuses(t *testing.T) {
	noCode := strings.Replace(command, "Succeeded", "Failed", 1)
	for name, c := range map[string]struct{ rule, data, extended, want string }{
		"other handler":  {flag, "", `<ExtendedProperties Handler="` + handlers + `WindowsDriver" />`, `install failed with 0x80242002 (kind of installation is not known): a snapshot does not install updates of handler "` + handlers + `WindowsDriver"`},
		"no handler":     {flag, "", `<ExtendedProperties />`, `install failed with 0x80242002 (kind of installation is not known): a snapshot does not install updates of handler ""`},
		"no program":     {flag, "", `<ExtendedProperties Handler="` + handlers + `CommandLineInstallation" />`, "install failed with 0x80242006 (metadata of the update is not valid): the handler data names no program"},
		"no success":     {flag, "", noCode, "install failed with 0x8024200B (installer failed): no return code of the command means success"},
		"no product":     {flag, "", `<ExtendedProperties Handler="` + handlers + `WindowsInstaller" />`, "install failed with 0x80242006 (metadata of the update is not valid): the handler data has neither an MSI with its product nor an MSP with its patch"},
		"no package":     {flag, "", `<ExtendedProperties Handler="` + handlers + `Cbs" />`, "install failed with 0x80242006 (metadata of the update is not valid): neither the package manifest nor the handler data names the package"},
		"rule is beyond": {`<b.Processor Architecture="12"/>`, "", command, "install failed with 0x8024200B (installer failed): no change of facts makes the IsInstalled rule true: Processor cannot be made true"},
		"rule contradicts": {`<And>` + flag + `<Not>` + flag + `</Not></And>`, "", command,
			`install failed with 0x8024200B (installer failed): the parts of the IsInstalled rule contradict each other: registry HKLM\SOFTWARE\Lindenhof value Fixed is 0, asked for EqualTo 1`},
	} {
		t.Run(name, func(t *testing.T) {
			m := decoded(t, small)
			before := encoded(t, m)
			_, err := m.Install(t.Context(), job(coreOf(t, c.rule, c.data), c.extended))
			require.EqualError(t, err, c.want)
			require.IsType(t, &clientagent.InstallError{}, err)
			require.Equal(t, before, encoded(t, m))
		})
	}
	_, err := decoded(t, small).Install(t.Context(), clientagent.Job{})
	require.EqualError(t, err, "install failed with 0x80242006 (metadata of the update is not valid): the job lacks a part of the update's metadata")
}

func TestInstallRestarts(t *testing.T) {
	const behavior = `<ExtendedProperties Handler="` + handlers + `CommandLineInstallation"><InstallationBehavior RebootBehavior="BEHAVIOR" /></ExtendedProperties>` +
		`<HandlerSpecificData type="cmd:CommandLineInstallation"><InstallCommand Program="a.exe"><ReturnCode Code="3010" Result="Succeeded" Reboot="REBOOT" /></InstallCommand></HandlerSpecificData>`
	for _, c := range []struct {
		behavior, reboot string
		want             bool
	}{
		{"AlwaysRequiresReboot", "false", true}, {"CanRequestReboot", "true", true}, {"CanRequestReboot", "false", false}, {"NeverReboots", "true", false},
	} {
		m := decoded(t, small)
		extended := strings.NewReplacer("BEHAVIOR", c.behavior, "REBOOT", c.reboot).Replace(behavior)
		result, err := m.Install(t.Context(), job(coreOf(t, flag, ""), extended))
		require.NoError(t, err)
		require.Equal(t, c.want, result.RestartRequired, c)
		pending, err := m.RestartPending(t.Context())
		require.NoError(t, err)
		require.Equal(t, c.want, pending)
		again := decoded(t, encoded(t, m))
		pending, err = again.RestartPending(t.Context())
		require.NoError(t, err)
		require.Equal(t, c.want, pending, "it survives in the file")
		require.NoError(t, again.Restart(t.Context()))
		pending, err = again.RestartPending(t.Context())
		require.NoError(t, err)
		require.False(t, pending)
	}
}

// payload counts what is read of it.
type payload struct {
	*strings.Reader
	closed *int
}

func (p payload) Close() error { *p.closed++; return nil }

func TestInstallReadsPayloads(t *testing.T) {
	const files = `<ExtendedProperties Handler="` + handlers + `CommandLineInstallation" /><Files><File FileName="a.exe" Digest="AQIDBAUGBwgJCgsMDQ4PEBESExQ=" Size="5" /></Files>` +
		`<HandlerSpecificData><InstallCommand Program="a.exe" DefaultResult="Succeeded" /></HandlerSpecificData>`
	closed := 0
	open := func(content string) func(context.Context, string) (clientagent.Payload, error) {
		return func(_ context.Context, name string) (clientagent.Payload, error) {
			require.Equal(t, "a.exe", name)
			return payload{strings.NewReader(content), &closed}, nil
		}
	}
	install := func(ctx context.Context, open func(context.Context, string) (clientagent.Payload, error)) error {
		j := job(coreOf(t, flag, ""), files)
		j.Open = open
		_, err := decoded(t, small).Install(ctx, j)
		return err
	}
	require.NoError(t, install(t.Context(), open("12345")))
	require.EqualError(t, install(t.Context(), open("1234")), "install failed with 0x8024200B (installer failed): a.exe has 4 bytes, the metadata says 5")
	require.Equal(t, 2, closed)
	require.EqualError(t, install(t.Context(), nil), "install failed with 0x80242006 (metadata of the update is not valid): the job does not open its payloads")
	gone := errors.New("cache is gone")
	require.ErrorIs(t, install(t.Context(), func(context.Context, string) (clientagent.Payload, error) { return nil, gone }), gone)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, install(ctx, open("12345")), context.Canceled)
}

func TestRemoveRefuses(t *testing.T) {
	m := decoded(t, small)
	require.ErrorContains(t, m.Remove(t.Context(), coreOf(t, "<True/>", "")), "no change of facts makes the IsInstalled rule false: True cannot be made false")
	require.ErrorContains(t, m.Remove(t.Context(), &metadata.Core{}), "the update has no IsInstalled rule")
}

var _ clientagent.Installer = (*snapshot.Machine)(nil)
