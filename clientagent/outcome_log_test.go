package clientagent_test

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func TestLogTellsWhatCameOfInstallations(t *testing.T) {
	for level, traced := range map[slog.Level]bool{slog.LevelInfo: false, slog.LevelDebug: true} {
		l := newLab(t, leaf("good"), leaf("bad"), leaf("slow"))
		var log bytes.Buffer
		l.config.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level}))
		l.machine.fail["bad"] = &clientagent.InstallError{Code: -2147023293, Reason: "the package is damaged"} // 0x80070643
		l.machine.restarts["slow"] = true
		l.start()
		id := l.site.deploy("d", l.now, l.now, "good", "bad", "slow")
		for range 20 {
			next, err := l.agent.Step(t.Context(), l.now)
			if err != nil {
				require.ErrorContains(t, err, "the package is damaged")
			}
			l.now = next
		}
		lines := log.String()
		require.Contains(t, lines, `level=INFO msg="update verified" update=`+updateID("good").String()+" state=installed\n")
		require.Contains(t, lines, `level=WARN msg="update failed to install" update=`+updateID("bad").String()+" code=0x80070643")
		require.Contains(t, lines, `reason="the package is damaged"`)
		require.Contains(t, lines, `level=INFO msg="update waits for a restart" update=`+updateID("slow").String()+"\n")
		require.Equal(t, traced, bytes.Contains(log.Bytes(), []byte(`level=DEBUG msg="state changed" topic=301 id=`+id.String()+" state=7 code=0x00000000\n")))
		require.NotContains(t, lines, "token of "+l.clientID())
	}
}
