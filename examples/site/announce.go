package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// announce waits until the listeners answer and says where everything is.
func (h *house) announce(ctx context.Context) error {
	for h.point.LastChannel().State != updatepoint.ConfigSuccess {
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			c := h.point.LastChannel()
			return fmt.Errorf("the channel is not ready (%v): %s", c.State, c.Reason)
		}
	}
	h.progress.say("site %s, %v, %s on %s", h.site.Code(), h.site.Mode(), updatepoint.RoleName, h.point.Server())
	h.progress.say("WSUS %s", h.point.URL())
	h.progress.say("console %s", ports.AddressURL(h.console.Addr().String(), false))
	h.progress.say("data folder %s", h.folder)
	h.progress.say("examine it from another terminal: go run ./examples/site -doctor %s -data %s", h.point.URL(), h.folder)
	authority := ""
	if h.site.Mode() == updatepoint.NativeMode {
		authority = " -ca " + filepath.Join(h.folder, "ca", "ca.crt")
	}
	h.progress.say("add a machine from there: go run ./examples/agent -site %s%s -facts server2022.json", h.point.URL(), authority)
	return nil
}
