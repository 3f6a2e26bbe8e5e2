package ssl_test

import (
	"context"
	"errors"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable"
	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/ssl"
)

// servers are the servers that plans are applied to.
var servers = map[string]func() *fakeIIS{
	"untouched": untouched, "half-configured": halfConfigured, "inherited": inherited, "moved": moved,
}

// requireSecured holds a server to what it must look like in the end, by the list of the product and not by the plan.
func requireSecured(t *testing.T, f *fakeIIS) {
	t.Helper()
	state := f.state()
	for _, root := range []string{"ApiRemoting30", "ClientWebService", "DssAuthWebService", "ServerSyncWebService", "SimpleAuthWebService"} {
		require.Contains(t, []string{"Ssl", "Ssl,Ssl128"}, state[root], root)
	}
	for _, root := range []string{"Content", "Inventory", "ReportingWebService", "SelfUpdate", "site"} {
		require.Equal(t, "None", state[root], root)
	}
	require.Contains(t, f.bindings, "http/*:8530:")
	require.Contains(t, f.bindings, "https/*:8531:")
	require.Equal(t, thumbprint+" {4dc3e181-e14b-4a21-b022-59fc669b0914} MY", state["attached 0.0.0.0:8531"])
	address := "REG_DWORD 0x1,REG_DWORD 0x2153,REG_SZ " + fakeName
	require.Equal(t, address, f.address())
	require.Equal(t, address, f.iis, "IIS runs with the new address")
	require.Equal(t, address, f.service, "the WSUS service runs with the new address")
}

func TestApply(t *testing.T) {
	for name, server := range servers {
		t.Run(name, func(t *testing.T) {
			f := server()
			found := f.state()
			plan := f.planned(t)
			o := ssl.ApplyOptions{Journal: t.TempDir() + "/journal.json"}

			applied, err := ssl.Apply(t.Context(), f, plan, o)
			require.NoError(t, err)
			require.True(t, applied.Changed())
			require.Len(t, applied.ByHand(), 3, "software update point, downstream servers, clients")
			requireSecured(t, f)
			require.Equal(t, 1, f.health)

			// Once more, and with a plan of the server as it is now: no command changes anything.
			f.changes, f.health = 0, 0
			for _, again := range []ssl.Plan{plan, f.planned(t)} {
				applied, err = ssl.Apply(t.Context(), f, again, o)
				require.NoError(t, err)
				require.False(t, applied.Changed())
			}
			require.Zero(t, f.changes)
			require.Zero(t, f.health)

			back, err := ssl.Rollback(t.Context(), f, o)
			require.NoError(t, err)
			require.True(t, back.Changed())
			require.Equal(t, found, f.state())

			f.commands = nil
			back, err = ssl.Rollback(t.Context(), f, o)
			require.NoError(t, err)
			require.False(t, back.Changed())
			require.Empty(t, f.commands)

			// After a rollback the way forward is open again.
			_, err = ssl.Apply(t.Context(), f, plan, o)
			require.NoError(t, err)
			requireSecured(t, f)
		})
	}
}

func TestOnlyWhatWasChangedIsPutBack(t *testing.T) {
	f := untouched()
	o := ssl.ApplyOptions{Journal: t.TempDir() + "/journal.json"}
	_, err := ssl.Apply(t.Context(), f, f.planned(t), o)
	require.NoError(t, err)
	// The administrator attaches another certificate and touches a site that no plan knows.
	f.attached["0.0.0.0:8531"] = oldThumb + " {4dc3e181-e14b-4a21-b022-59fc669b0914} MY"
	f.bindings = append(f.bindings, "http/*:8080:")

	back, err := ssl.Rollback(t.Context(), f, o)
	require.ErrorIs(t, err, ssl.ErrChangedSince)
	require.ErrorContains(t, err, "attach-certificate")
	require.True(t, back.Changed())
	require.Equal(t, oldThumb+" {4dc3e181-e14b-4a21-b022-59fc669b0914} MY", f.attached["0.0.0.0:8531"])
	require.Contains(t, f.bindings, "http/*:8080:")
	require.Equal(t, "None", f.effective(wsusSite+"/ClientWebService"))
	require.Equal(t, "REG_DWORD 0x0", f.registry["UsingSSL"])
	require.NotContains(t, f.registry, "ServerCertificateName")
}

var errLine = errors.New("the line is dead")

// faulty fails at one command: before it runs, after it ran, or with an exit code instead of running.
type faulty struct {
	*fakeIIS
	at, count int
	how       string
}

func (f *faulty) Run(ctx context.Context, c ssl.Command) (ssl.Output, error) {
	f.count++
	if f.count != f.at {
		return f.fakeIIS.Run(ctx, c)
	}
	switch f.how {
	case "before":
		return ssl.Output{}, errLine
	case "after":
		f.fakeIIS.Run(ctx, c)
		return ssl.Output{}, errLine
	}
	return ssl.Output{ExitCode: 5, Stdout: []byte("Zugriff verweigert\r\n")}, nil
}

// Every command of an application fails in every way. Resumed, the server ends as after an application that nothing disturbed; rolled
// back instead, it is as it was found.
func TestInterruptedAtEveryCommand(t *testing.T) {
	for name, hows := range map[string][]string{
		"half-configured": {"before", "after", "refused"}, "inherited": {"after"}, "moved": {"after"}, "untouched": {"before"},
	} {
		for _, how := range hows {
			t.Run(name+" "+how, func(t *testing.T) {
				server := servers[name]
				plan := server().planned(t)
				cases := 0
				for at := 1; ; at++ {
					f, disk := server(), durabletest.New()
					found := f.state()
					o := ssl.ApplyOptions{Journal: "journal"}.On(disk)
					broken := &faulty{fakeIIS: f, at: at, how: how}
					_, err := ssl.Apply(t.Context(), broken, plan, o)
					if broken.count < at {
						require.NoError(t, err)
						break
					}
					cases++
					// An exit code in answer to a question may mean "not there"; what is wrong then shows at the next command or never.
					if how != "refused" {
						require.ErrorIs(t, err, errLine, "command %d", at)
					}
					o = ssl.ApplyOptions{Journal: "journal"}.On(disk.Crash())

					_, err = ssl.Apply(t.Context(), f, plan, o)
					require.NoError(t, err, "command %d", at)
					requireSecured(t, f)
					require.GreaterOrEqual(t, f.health, 1)
					_, err = ssl.Rollback(t.Context(), f, o)
					require.NoError(t, err, "command %d", at)
					require.Equal(t, found, f.state(), "command %d, resumed and rolled back", at)

					requireRolledBack(t, &faulty{fakeIIS: server(), at: at, how: how}, plan)
				}
				require.Greater(t, cases, 25)
				t.Logf("%d commands", cases)
			})
		}
	}
}

// requireRolledBack interrupts an application and rolls it back at once.
func requireRolledBack(t *testing.T, f *faulty, plan ssl.Plan) {
	t.Helper()
	found, disk := f.state(), durabletest.New()
	ssl.Apply(t.Context(), f, plan, ssl.ApplyOptions{Journal: "journal"}.On(disk))
	o := ssl.ApplyOptions{Journal: "journal"}.On(disk.Crash())
	if _, err := o.Read(); errors.Is(err, fs.ErrNotExist) {
		require.Equal(t, found, f.state(), "without a journal nothing was changed")
		return
	}
	_, err := ssl.Rollback(t.Context(), f, o)
	require.NoError(t, err, "command %d", f.at)
	require.Equal(t, found, f.state(), "command %d, rolled back at once", f.at)
}

// The machine that keeps the journal crashes around every write of it.
func TestJournalInterruptedAtEveryWrite(t *testing.T) {
	for _, name := range []string{"half-configured", "inherited"} {
		t.Run(name, func(t *testing.T) {
			server := servers[name]
			plan := server().planned(t)
			cases := 0
			for at := 1; ; at++ {
				f, disk := server(), durabletest.New()
				found := f.state()
				disk.FailAt(at)
				_, err := ssl.Apply(t.Context(), f, plan, ssl.ApplyOptions{Journal: "journal"}.On(disk))
				if err == nil {
					break
				}
				require.ErrorIs(t, err, durabletest.ErrCrash)
				cases++
				o := ssl.ApplyOptions{Journal: "journal"}.On(disk.Crash())
				if at%2 == 0 {
					if _, err := o.Read(); errors.Is(err, fs.ErrNotExist) {
						require.Equal(t, found, f.state(), "without a journal nothing was changed")
						continue
					}
				} else {
					_, err = ssl.Apply(t.Context(), f, plan, o)
					require.NoError(t, err, "point %d", at)
					requireSecured(t, f)
				}
				_, err = ssl.Rollback(t.Context(), f, o)
				require.NoError(t, err, "point %d", at)
				require.Equal(t, found, f.state(), "point %d", at)
			}
			require.Greater(t, cases, 100)
			t.Logf("%d points", cases)
		})
	}
}

// Rollback itself is interrupted at every command and every write.
func TestRollbackInterrupted(t *testing.T) {
	for _, name := range []string{"half-configured", "inherited"} {
		t.Run(name, func(t *testing.T) {
			server := servers[name]
			f, disk := server(), durabletest.New()
			found := f.state()
			_, err := ssl.Apply(t.Context(), f, f.planned(t), ssl.ApplyOptions{Journal: "journal"}.On(disk))
			require.NoError(t, err)
			journal, err := durable.ReadFile(disk, "journal", 1<<20)
			require.NoError(t, err)

			for _, how := range []string{"before", "after", "refused", "crash"} {
				at := 1
				for ; ; at++ {
					f, disk := f.clone(), durabletest.New()
					require.NoError(t, durable.WriteFile(disk, "journal", journal, 0o600))
					broken := &faulty{fakeIIS: f, at: at, how: how}
					if how == "crash" {
						broken.at = 0
						disk.FailAt(at)
					}
					_, err = ssl.Rollback(t.Context(), broken, ssl.ApplyOptions{Journal: "journal"}.On(disk))
					if err == nil && (how == "crash" || broken.count < at) {
						break
					}
					_, err = ssl.Rollback(t.Context(), f, ssl.ApplyOptions{Journal: "journal"}.On(disk.Crash()))
					require.NoError(t, err, "%s %d", how, at)
					require.Equal(t, found, f.state(), "%s %d", how, at)
				}
				require.Greater(t, at, 20, how)
			}
		})
	}
}
