package clientagent_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// Without activity the state of an update is Available (§7.4): a download whose Install was called off, or whose process was killed, is none.
func TestDownloadThatNobodyGoesOnWithIsNotShown(t *testing.T) {
	for name, killed := range map[string]bool{"called off": false, "killed": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, h := hostsLab(t, clientagent.ContentSettings{})
				l.config.HTTPClient = &http.Client{Transport: &dripping{RoundTripper: h}}
				store := l.config.Store.(*clientagent.DirStore)
				dying := &dyingStore{Store: store, left: 1 << 20}
				l.config.Cache, l.config.Store = store.Content(), dying
				l.start()
				l.site.deploy("d", time.Now(), time.Time{}, "a")
				l.step()
				ctx, cancel := context.WithCancel(t.Context())
				outcome := make(chan error, 1)
				go func() { outcome <- l.agent.Install(ctx, updateID("a")) }()
				time.Sleep(time.Minute)
				require.Equal(t, clientagent.JobDownloading, l.listed("a").Job)
				if killed {
					dying.left = 0
				}
				cancel()
				require.ErrorIs(t, <-outcome, context.Canceled)
				if killed {
					require.Equal(t, clientagent.JobDownloading, l.listed("a").Job)
					l.config.Store = store
					l.start()
					l.stepNow()
				}
				require.Equal(t, clientagent.JobAvailable, l.listed("a").Job)
			})
		})
	}
}
