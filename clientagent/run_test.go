package clientagent_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func TestRunFollowsTheClockAndEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, leaf("a"))
		l.server.clock = time.Now
		l.config.Now = time.Now
		l.start()
		deadline := time.Now().Add(30 * time.Hour)
		l.site.deploy("d", time.Now(), deadline, "a")
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- l.agent.Run(ctx) }()

		time.Sleep(30*time.Hour - time.Second)
		synctest.Wait()
		require.False(t, l.machine.has("a"))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.True(t, l.machine.has("a"))
		cancel()
		require.ErrorIs(t, <-ended, context.Canceled)
	})
}

// A user's scan and a running agent exclude each other, and one that may not wait gives up.
func TestOneWorksAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, leaf("a"))
		slow := make(chan struct{})
		l.machine.hook = func() { <-slow }
		_, err := l.agent.Scan(t.Context())
		require.NoError(t, err)
		installed := make(chan error, 1)
		go func() { installed <- l.agent.Install(t.Context(), updateID("a")) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err = l.agent.Scan(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		updates, err := l.agent.LastScan(t.Context())
		require.NoError(t, err, "reading is free")
		require.Equal(t, clientagent.JobInstalling, updates.Updates[0].Job)
		close(slow)
		require.NoError(t, <-installed)
	})
}
