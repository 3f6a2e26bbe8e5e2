package wsus

import (
	"context"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// backend shows the client protocol what it needs of a Server, and keeps it out of the server's own methods.
type backend struct{ s *Server }

func (b backend) Config(context.Context) clientsync.Config { return *b.s.config.Load() }

func (b backend) Authorize(ctx context.Context, id, dnsName, group string) ([]uuid.UUID, error) {
	return b.s.authorize(ctx, id, dnsName, group)
}

func (b backend) Registered(ctx context.Context, c clientsync.Bearer) (bool, error) {
	return b.s.isRegistered(ctx, c)
}

func (b backend) Register(ctx context.Context, c clientsync.Bearer, info clientsync.ComputerInfo) error {
	return b.s.register(ctx, c, info)
}

func (b backend) Sync(ctx context.Context, c clientsync.Bearer, p clientsync.SyncParameters) (clientsync.SyncInfo, int64, error) {
	return b.s.sync(ctx, c, p)
}

func (b backend) Refresh(_ context.Context, c clientsync.Bearer, ids []clientsync.UpdateIdentity) ([]clientsync.RefreshedRevision, error) {
	return b.s.refresh(c, ids), nil
}

func (b backend) Extended(ctx context.Context, c clientsync.Bearer, q clientsync.ExtendedQuery) (clientsync.ExtendedInfo, error) {
	return b.s.extended(ctx, c, q)
}

func (b backend) Extended2(ctx context.Context, c clientsync.Bearer, q clientsync.ExtendedQuery2) (clientsync.ExtendedInfo2, error) {
	return b.s.extended2(ctx, c, q)
}

func (b backend) Printers(ctx context.Context, c clientsync.Bearer, p clientsync.PrinterParameters) (clientsync.SyncInfo, error) {
	return b.s.printers(ctx, c, p)
}

func (b backend) Locations(_ context.Context, c clientsync.Bearer, digests [][20]byte) ([]clientsync.FileLocation, error) {
	return b.s.locations(originOf(c), digests), nil
}

func (b backend) CategoryScan(_ context.Context, requested []clientsync.CategoryRelationship) (clientsync.CategoryScan, error) {
	return b.s.categoryScan(requested), nil
}

func (b backend) Report(ctx context.Context, c clientsync.Bearer, events []clientsync.ReportingEvent) error {
	return b.s.report(ctx, c, events)
}
