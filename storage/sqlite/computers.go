package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/seed599db172/softwareupdates/wsus"
)

const computerColumns = `id, dns_name, requested_group, registered, os_version, service_pack, os_locale, os_description, architecture,
	product_type, new_product_type, suite_mask, manufacturer, model, bios_name, bios_version, bios_released, client_version, ip_address,
	first_contact, last_contact, last_sync, synced_version, installed, last_status, status_version, former_hardware, hardware_changed`

// computerColumnCount is how many there are.
const computerColumnCount = 28

func computerValues(c *wsus.Computer) []any {
	return []any{c.ID, c.DNSName, c.RequestedGroup, c.Registered, c.OSVersion, c.ServicePack, c.OSLocale, c.OSDescription, c.Architecture,
		c.ProductType, c.NewProductType, c.SuiteMask, c.Manufacturer, c.Model, c.BIOSName, c.BIOSVersion, micros(c.BIOSReleaseDate),
		c.ClientVersion, c.IPAddress, micros(c.FirstContact), micros(c.LastContact), micros(c.LastSyncTime), c.SyncedVersion,
		packNumbers(c.InstalledNonLeaf), micros(c.LastReportedStatusTime), c.StatusVersion, c.FormerHardware, micros(c.HardwareChanged)}
}

// scanComputer reads a row of computerColumns.
func scanComputer(scan func(...any) error) (c wsus.Computer, err error) {
	var released, first, contact, synced, status, changed int64
	var installed []byte
	err = scan(&c.ID, &c.DNSName, &c.RequestedGroup, &c.Registered, &c.OSVersion, &c.ServicePack, &c.OSLocale, &c.OSDescription,
		&c.Architecture, &c.ProductType, &c.NewProductType, &c.SuiteMask, &c.Manufacturer, &c.Model, &c.BIOSName, &c.BIOSVersion, &released,
		&c.ClientVersion, &c.IPAddress, &first, &contact, &synced, &c.SyncedVersion, &installed, &status, &c.StatusVersion,
		&c.FormerHardware, &changed)
	if err != nil {
		return wsus.Computer{}, err
	}
	for to, us := range map[*time.Time]int64{&c.BIOSReleaseDate: released, &c.FirstContact: first, &c.LastContact: contact,
		&c.LastSyncTime: synced, &c.LastReportedStatusTime: status, &c.HardwareChanged: changed} {
		*to = fromMicros(us)
	}
	c.InstalledNonLeaf, err = unpackNumbers(installed)
	return c, err
}

// Computer implements wsus.ComputerStore.
func (s *WSUS) Computer(ctx context.Context, id string) (wsus.Computer, error) {
	c, err := scanComputer(func(targets ...any) error {
		return s.db.readers.row(ctx, "SELECT "+computerColumns+" FROM wsus_computers WHERE id = ?", []any{id}, targets...)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return wsus.Computer{}, fmt.Errorf("computer %q: %w", id, wsus.ErrNotFound)
	}
	if err != nil {
		return wsus.Computer{}, fmt.Errorf("read computer: %w", err)
	}
	return c, nil
}

// Machines implements wsus.ComputerStore. What follows the mark "#" lies between it and the next character.
func (s *WSUS) Machines(ctx context.Context, clientID string) ([]wsus.Computer, error) {
	const where = "WHERE id = ? OR id >= ? AND id < ? ORDER BY id"
	all, err := s.computers(ctx, where, clientID, clientID+"#", clientID+"$")
	if err != nil {
		return nil, fmt.Errorf("read computers of a client id: %w", err)
	}
	return all, nil
}

// PutComputers implements wsus.ComputerStore.
func (s *WSUS) PutComputers(ctx context.Context, computers ...wsus.Computer) error {
	err := s.db.writer.do(ctx, func(t *tx) error { return putComputers(t, computers...) })
	if err != nil {
		return fmt.Errorf("write computers: %w", err)
	}
	return nil
}

func putComputers(t *tx, computers ...wsus.Computer) error {
	values := make([]any, 0, computerColumnCount*len(computers))
	for i := range computers {
		values = append(values, computerValues(&computers[i])...)
	}
	_, err := t.bulk("INSERT OR REPLACE INTO wsus_computers ("+computerColumns+")", computerColumnCount, "", values)
	return err
}

// DeleteComputers implements wsus.ComputerStore.
func (s *WSUS) DeleteComputers(ctx context.Context, ids ...string) error {
	err := s.db.writer.do(ctx, func(t *tx) error {
		for _, id := range ids {
			for _, query := range []string{"DELETE FROM wsus_statuses WHERE computer = ?", "DELETE FROM wsus_computers WHERE id = ?"} {
				if _, err := t.exec(query, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("delete computers: %w", err)
	}
	return nil
}

// Computers implements wsus.ComputerStore.
func (s *WSUS) Computers(ctx context.Context) iter.Seq2[wsus.Computer, error] {
	return pages(pageSize, func(after *wsus.Computer) (page []wsus.Computer, err error) {
		if after == nil {
			page, err = s.computers(ctx, "ORDER BY id LIMIT ?", pageSize)
		} else {
			page, err = s.computers(ctx, "WHERE id > ? ORDER BY id LIMIT ?", after.ID, pageSize)
		}
		if err != nil {
			return nil, fmt.Errorf("list computers: %w", err)
		}
		return page, nil
	})
}

func (s *WSUS) computers(ctx context.Context, where string, args ...any) (all []wsus.Computer, err error) {
	err = s.db.readers.rows(ctx, "SELECT "+computerColumns+" FROM wsus_computers "+where, args, func(rows *sql.Rows) error {
		c, err := scanComputer(rows.Scan)
		all = append(all, c)
		return err
	})
	return all, err
}

// packNumbers writes numbers as varints.
func packNumbers(list []int32) []byte {
	packed := []byte{}
	for _, n := range list {
		packed = binary.AppendVarint(packed, int64(n))
	}
	return packed
}

func unpackNumbers(packed []byte) ([]int32, error) {
	var list []int32
	for len(packed) > 0 {
		value, n := binary.Varint(packed)
		if n <= 0 || int64(int32(value)) != value {
			return nil, errors.New("damaged list of numbers")
		}
		list, packed = append(list, int32(value)), packed[n:]
	}
	return list, nil
}
