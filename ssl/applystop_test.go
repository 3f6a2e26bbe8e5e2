package ssl_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/wsusutil"
)

// answering replaces the answers to some commands.
type answering struct {
	*fakeIIS
	answer func(ssl.Command) (ssl.Output, bool)
}

func (a *answering) Run(ctx context.Context, c ssl.Command) (ssl.Output, error) {
	if out, ok := a.answer(c); ok {
		return out, nil
	}
	return a.fakeIIS.Run(ctx, c)
}

func TestApplyStops(t *testing.T) {
	t.Run("by hand", func(t *testing.T) {
		f := untouched()
		f.store = nil
		_, err := ssl.Apply(t.Context(), f, f.planned(t), ssl.ApplyOptions{Journal: t.TempDir() + "/journal"})
		require.ErrorIs(t, err, ssl.ErrByHand)
		require.Zero(t, f.changes)
	})
	t.Run("a command fails", func(t *testing.T) {
		f := untouched()
		refuses := &answering{f, func(c ssl.Command) (ssl.Output, bool) {
			return ssl.Output{ExitCode: 5, Stdout: []byte("Zugriff verweigert")}, c.Name == ssl.DefaultAppcmdPath && c.Args[0] == "set"
		}}
		_, err := ssl.Apply(t.Context(), refuses, f.planned(t), ssl.ApplyOptions{Journal: t.TempDir() + "/journal"})
		var failed *ssl.CommandError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, 5, failed.Output.ExitCode)
		require.ErrorContains(t, err, `step "require-ssl ApiRemoting30"`)
	})
	t.Run("a command lies", func(t *testing.T) {
		f := untouched()
		lies := &answering{f, func(c ssl.Command) (ssl.Output, bool) {
			return ssl.Output{}, c.Name == ssl.DefaultAppcmdPath && c.Args[0] == "set"
		}}
		_, err := ssl.Apply(t.Context(), lies, f.planned(t), ssl.ApplyOptions{Journal: t.TempDir() + "/journal"})
		require.ErrorIs(t, err, ssl.ErrNotEffective)
	})
	for printed, want := range map[string]error{
		"URL: http://wsus01.lab.example:8530":   wsusutil.ErrNotSecure,
		"URL: https://other.lab.example:8531":   wsusutil.ErrOtherAddress,
		"https://wsus01.lab.example:443":        wsusutil.ErrOtherAddress,
		"Der Vorgang wurde erfolgreich beendet": wsusutil.ErrNoURL,
	} {
		t.Run(printed, func(t *testing.T) {
			f := untouched()
			prints := &answering{f, func(c ssl.Command) (ssl.Output, bool) {
				return ssl.Output{Stdout: []byte(printed)}, c.Name == toolPath && c.Args[0] == "configuressl"
			}}
			_, err := ssl.Apply(t.Context(), prints, f.planned(t), ssl.ApplyOptions{Journal: t.TempDir() + "/journal"})
			require.ErrorIs(t, err, want)
			require.NotContains(t, f.service, "0x1", "nothing is restarted with an address that is wrong")
		})
	}
	t.Run("context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f, path := untouched(), t.TempDir()+"/journal"
		o := ssl.ApplyOptions{Journal: path, Progress: func(r ssl.StepResult) {
			if r.ID == "require-ssl ClientWebService" && r.Outcome == ssl.Changed {
				cancel()
			}
		}}
		applied, err := ssl.Apply(ctx, f, f.planned(t), o)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, "require-ssl ClientWebService", applied.Steps[len(applied.Steps)-1].ID)
		_, err = ssl.Rollback(t.Context(), f, o)
		require.NoError(t, err)
		require.Equal(t, untouched().state(), f.state())
	})
}

func TestNothingRunsOfAPlanThatIsWrong(t *testing.T) {
	f := untouched()
	for _, spoil := range []func(*ssl.Plan){
		func(p *ssl.Plan) { p.Site = `a"b` },
		func(p *ssl.Plan) { p.Tools.Appcmd = "appcmd" },
		func(p *ssl.Plan) { p.Steps[0].Setting = &ssl.Setting{Kind: "other"} },
		func(p *ssl.Plan) { p.Steps = append(p.Steps, ssl.Step{ID: "x"}) },
	} {
		plan := f.planned(t)
		spoil(&plan)
		_, err := ssl.Apply(t.Context(), f, plan, ssl.ApplyOptions{Journal: t.TempDir() + "/journal"})
		require.Error(t, err)
	}
	require.Empty(t, f.commands)
}
