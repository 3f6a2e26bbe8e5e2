package wsus

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// ContactInterval is how far the contact times in a store may be behind those that a Server tells. They are written with whatever else a
// computer causes to be written, and at least so often.
const ContactInterval = 15 * time.Minute

// authorize keeps who introduced itself and returns the groups it names. A group that a client asks for counts only when it exists; a
// client in no created group is among the unassigned. Another name than before is another computer; another group is taken over, since
// nothing tells a computer from who speaks in its name, but never without a line in the log.
func (s *Server) authorize(ctx context.Context, id, dnsName, group string) ([]uuid.UUID, error) {
	c, err := s.lock(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("authorize: %w", err)
	}
	defer c.mu.Unlock()
	m := c.named(dnsName)
	switch {
	case m == nil:
		_, err = s.introduce(ctx, id, c, Computer{DNSName: dnsName, RequestedGroup: group}, "")
	case m.RequestedGroup != group:
		s.log.WarnContext(ctx, "a computer asks for another target group", "computer", m.ID, "name", dnsName,
			"before", m.RequestedGroup, "now", group)
		computer := m.Computer
		computer.RequestedGroup, computer.LastContact = group, s.now().UTC()
		m.drivers = driverNote{} // of another group's drivers
		err = s.keep(ctx, m, computer)
	default:
		m.LastContact = s.now().UTC()
	}
	if err != nil {
		return nil, fmt.Errorf("authorize %s: %w", id, err)
	}
	groups := append([]uuid.UUID{AllComputers}, s.view.Load().tree.namedGroups(group)...)
	if len(groups) == 1 {
		groups = append(groups, UnassignedComputers)
	}
	return groups, nil
}

// isRegistered goes by the name too, so that a second computer with a client id is asked to register as well.
func (s *Server) isRegistered(ctx context.Context, b clientsync.Bearer) (bool, error) {
	c, err := s.lock(ctx, b.ID)
	if err != nil {
		return false, err
	}
	defer c.mu.Unlock()
	if b.Unsealed {
		return slices.ContainsFunc(c.machines, func(m *machine) bool { return m.Registered }), nil
	}
	m := c.of(b)
	return m != nil && m.Registered, nil
}

// register keeps what a computer says of itself. The name is the one that its cookie was made for.
func (s *Server) register(ctx context.Context, b clientsync.Bearer, info clientsync.ComputerInfo) error {
	c, err := s.lock(ctx, b.ID)
	if err != nil {
		return fmt.Errorf("register: %w", err)
	}
	defer c.mu.Unlock()
	said := Computer{DNSName: strings.Clone(b.DNSName)}
	said.describe(info)
	m, err := s.registering(ctx, b.ID, c, said)
	if err != nil {
		return fmt.Errorf("register %s: %w", b.ID, err)
	}
	computer := m.Computer
	computer.describe(info)
	computer.Registered, computer.LastContact = true, s.now().UTC()
	computer.cameFrom(b.RemoteAddr)
	if err := s.keep(ctx, m, computer); err != nil {
		return fmt.Errorf("register %s: %w", b.ID, err)
	}
	return nil
}

func (c *Computer) describe(info clientsync.ComputerInfo) {
	c.OSVersion = fmt.Sprintf("%d.%d.%d", info.OSMajorVersion, info.OSMinorVersion, info.OSBuildNumber)
	c.ServicePack = ""
	if info.OSServicePackMajorNumber != 0 || info.OSServicePackMinorNumber != 0 {
		c.ServicePack = fmt.Sprintf("%d.%d", info.OSServicePackMajorNumber, info.OSServicePackMinorNumber)
	}
	c.OSLocale, c.OSDescription, c.Architecture = info.OSLocale, info.OSDescription, info.ProcessorArchitecture
	c.ProductType, c.NewProductType, c.SuiteMask = info.OldProductType, info.NewProductType, info.SuiteMask
	c.Manufacturer, c.Model = info.ComputerManufacturer, info.ComputerModel
	c.BIOSName, c.BIOSVersion, c.BIOSReleaseDate = info.BiosName, info.BiosVersion, info.BiosReleaseDate.UTC()
	c.ClientVersion = fmt.Sprintf("%d.%d.%d.%d", info.ClientVersionMajorNumber, info.ClientVersionMinorNumber,
		info.ClientVersionBuildNumber, info.ClientVersionQfeNumber)
}

// cameFrom keeps the address of a request, without its port.
func (c *Computer) cameFrom(address string) {
	if address == "" {
		return // it came without a network
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == c.IPAddress || net.ParseIP(host) == nil {
		return
	}
	c.IPAddress = strings.Clone(host)
}

// synced notes a SyncUpdates: when, against which catalogue, and what the computer has. It writes no more often than ContactInterval;
// a write that fails costs the agent nothing.
func (s *Server) synced(ctx context.Context, v *view, b clientsync.Bearer, p *clientsync.SyncParameters) {
	c, err := s.lock(ctx, b.ID)
	if err != nil {
		return // the request itself has read the same a moment ago
	}
	defer c.mu.Unlock()
	m := c.of(b)
	if m == nil {
		return
	}
	now := s.now().UTC()
	m.LastContact, m.LastSyncTime, m.SyncedVersion = now, now, v.generation.Number()
	m.cameFrom(b.RemoteAddr)
	if !p.SkipSoftwareSync {
		m.InstalledNonLeaf = append(m.InstalledNonLeaf[:0], p.InstalledNonLeafUpdateIDs...)
	}
	if now.Sub(m.saved) < ContactInterval {
		return
	}
	computer := m.Computer
	computer.InstalledNonLeaf = slices.Clone(computer.InstalledNonLeaf)
	if err := s.keep(ctx, m, computer); err != nil {
		s.log.WarnContext(ctx, "contact of a computer not kept", "computer", m.ID, "error", err)
	}
}
