package ssl_test

import (
	"context"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

// script needs a shell to be a command with chosen behaviour.
func script(t *testing.T, text string) ssl.Command {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh on this machine")
	}
	return ssl.Command{Name: sh, Args: []string{"-c", text}}
}

func TestLocal(t *testing.T) {
	out, err := ssl.Local{}.Run(t.Context(), script(t, "echo out; echo err >&2; exit 3"))
	require.NoError(t, err, "a command that fails has run")
	require.Equal(t, ssl.Output{Stdout: []byte("out\n"), Stderr: []byte("err\n"), ExitCode: 3}, out)

	_, err = ssl.Local{}.Run(t.Context(), ssl.Command{Name: "/no/such/tool"})
	require.ErrorContains(t, err, "run /no/such/tool")
}

func TestLocalStopsWhatWritesTooMuch(t *testing.T) {
	out, err := ssl.Local{OutputLimit: 1000}.Run(t.Context(), script(t, "while :; do echo line; done"))
	require.ErrorIs(t, err, ssl.ErrOutputLimit)
	require.LessOrEqual(t, len(out.Stdout), 1000)
}

func TestLocalEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := ssl.Local{}.Run(ctx, script(t, "sleep 60"))
	require.ErrorIs(t, err, context.Canceled)
}

func TestRecordedHoldsTheOrder(t *testing.T) {
	r := &ssl.Recorded{Transcript: []ssl.Exchange{
		{Command: ssl.Command{Name: "a", Args: []string{"1"}}, Output: ssl.Output{ExitCode: 7}},
		{Command: ssl.Command{Name: "b"}},
	}}
	_, err := r.Run(t.Context(), ssl.Command{Name: "b"})
	require.ErrorContains(t, err, `has {"a" ["1"]} next`)
	out, err := r.Run(t.Context(), ssl.Command{Name: "a", Args: []string{"1"}})
	require.NoError(t, err)
	require.Equal(t, 7, out.ExitCode)
	require.Len(t, r.Left(), 1)
	_, err = r.Run(t.Context(), ssl.Command{Name: "b"})
	require.NoError(t, err)
	_, err = r.Run(t.Context(), ssl.Command{Name: "b"})
	require.ErrorContains(t, err, "the transcript has ended")
}
