package wsus

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxMachines is how many computers of one client id are told apart. The next one takes the place of one that never registered or, when all
// have, of the one that has been silent for longest.
const MaxMachines = 64

// DuplicateWindow is the time within which computers with the same client id that show up by turns are taken for several. What shows up
// once and replaces another for good has been renamed or rebuilt.
const DuplicateWindow = 7 * 24 * time.Hour

// introduce adds a computer to a client id. Nothing of the others with that id changes: who introduces itself has proved nothing.
func (s *Server) introduce(ctx context.Context, clientID string, c *client, computer Computer, distinction string) (*machine, error) {
	if err := s.makeRoom(ctx, c); err != nil {
		return nil, err
	}
	now := s.now().UTC()
	computer.ID, computer.FirstContact, computer.LastContact = clientID, now, now
	if len(c.machines) > 0 {
		computer.ID = clientID + machineMark + mark(strings.ToLower(computer.DNSName), distinction)
		s.log.WarnContext(ctx, "another computer sends a client id that is in use", "client", clientID, "name", computer.DNSName,
			"before", c.machines[0].DNSName, "kept as", computer.ID)
	}
	m := &machine{}
	if err := s.keep(ctx, m, computer); err != nil {
		return nil, err
	}
	c.machines = append(c.machines, m)
	return m, nil
}

func (s *Server) makeRoom(ctx context.Context, c *client) error {
	if len(c.machines) < MaxMachines {
		return nil
	}
	least := slices.MinFunc(c.machines, func(a, b *machine) int {
		if a.Registered != b.Registered {
			return cmp.Compare(strconv.FormatBool(a.Registered), strconv.FormatBool(b.Registered)) // false first
		}
		return a.LastContact.Compare(b.LastContact)
	})
	s.log.WarnContext(ctx, "too many computers send one client id: one is forgotten", "computer", least.ID, "name", least.DNSName)
	return s.forget(ctx, c, least.ID)
}

// forget deletes a computer, and takes it out of the groups into which an administrator has put it.
func (s *Server) forget(ctx context.Context, c *client, id string) error {
	if len(s.members.of(id).Groups) > 0 {
		s.mu.Lock()
		err := s.putMembership(ctx, Membership{ComputerID: id})
		s.mu.Unlock()
		if err != nil {
			return err
		}
	}
	if err := s.store.DeleteComputers(ctx, id); err != nil {
		return err
	}
	c.machines = slices.DeleteFunc(c.machines, func(m *machine) bool { return m.ID == id })
	s.states.computerDeleted(id)
	return nil
}

// registering finds whose registration this is. A name with other hardware than before has been rebuilt, unless what it had before comes back
// within DuplicateWindow: then two computers have both the id and the name, and get a record each.
func (s *Server) registering(ctx context.Context, clientID string, c *client, said Computer) (*machine, error) {
	hardware := said.hardware()
	for _, m := range c.machines {
		if strings.EqualFold(m.DNSName, said.DNSName) && m.Registered && m.hardware() == hardware {
			return m, nil
		}
	}
	m := c.named(said.DNSName)
	switch {
	case m == nil:
		return s.introduce(ctx, clientID, c, Computer{DNSName: said.DNSName}, "")
	case !m.Registered:
		return m, nil
	case m.FormerHardware == hardware && s.now().Sub(m.HardwareChanged) < DuplicateWindow:
		return s.introduce(ctx, clientID, c, Computer{DNSName: m.DNSName, RequestedGroup: m.RequestedGroup}, hardware)
	}
	m.FormerHardware, m.HardwareChanged = m.hardware(), s.now().UTC()
	return m, nil
}

// hardware is a mark of what stays the same for as long as a computer is the same and its BIOS is not renewed.
func (c Computer) hardware() string {
	return mark(c.Manufacturer, c.Model, c.BIOSName, c.BIOSVersion, c.BIOSReleaseDate.UTC().Format(time.DateOnly))
}

// mark makes a short text of many that differs when any of them does.
func mark(texts ...string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", texts))
	return hex.EncodeToString(sum[:6])
}
