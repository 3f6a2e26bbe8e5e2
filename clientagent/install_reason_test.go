package clientagent_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// What the installer said is told once, with its code, in the error of Install and in the list.
func TestReasonOfAFailureIsToldOnce(t *testing.T) {
	for name, row := range map[string]struct {
		answer       error
		code         int32
		text, reason string
	}{
		"its own": {&clientagent.InstallError{Code: -2147023293, Reason: "setup.exe ended with 1603"}, -2147023293,
			"install failed with 0x80070643: update %s: setup.exe ended with 1603", "setup.exe ended with 1603"},
		"wrapped": {fmt.Errorf("run setup: %w", &clientagent.InstallError{Code: clientagent.CodeDiskFull, Reason: "drive C"}), clientagent.CodeDiskFull,
			"install failed with 0x80070070 (disk is full): update %s: run setup: drive C", "run setup: drive C"},
		"only a code": {&clientagent.InstallError{Code: clientagent.CodeInstallerFailure}, clientagent.CodeInstallerFailure,
			"install failed with 0x8024200B (installer failed): update %s", ""},
		"no code": {fmt.Errorf("cannot start"), clientagent.CodeInternal,
			"install failed with 0x87D00656 (updates handler failed: generic internal error): update %s: cannot start", "cannot start"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, leaf("a"))
			l.site.deploy("d", l.now, time.Time{}, "a")
			l.step()
			l.machine.fail["a"] = row.answer
			err := l.agent.Install(t.Context(), updateID("a"))
			var failed *clientagent.InstallError
			require.ErrorAs(t, err, &failed)
			require.Equal(t, fmt.Sprintf(row.text, updateID("a")), failed.Error())
			all, err := l.agent.Updates(t.Context())
			require.NoError(t, err)
			require.Equal(t, row.code, all[0].ErrorCode)
			require.Equal(t, row.reason, all[0].ErrorReason)
		})
	}
}

// The list tells why content did not come.
func TestReasonOfADownloadIsListed(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.deploy("d", l.now, time.Time{}, "a")
	l.step()
	l.config.HTTPClient.Transport = &sources{server: l.server, only: "empty.test"}
	require.Error(t, l.agent.Install(t.Context(), updateID("a")))
	all, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Equal(t, clientagent.CodeNotDownloaded, all[0].ErrorCode)
	require.Equal(t, 1, strings.Count(all[0].ErrorReason, "404"), all[0].ErrorReason)
}
