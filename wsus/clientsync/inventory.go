package clientsync

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// getRequiredInventoryType answers 0: no inventory is wanted, as the property IsInventoryRequired says already.
func getRequiredInventoryType(x *exchange) error {
	if _, err := x.authenticateRegistered(); err != nil {
		return err
	}
	for x.in.Child() {
		if string(x.in.Name()) == "rulesId" {
			x.in.GUID()
		} else {
			x.in.Skip()
		}
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	x.answer(func(w *soap.Writer) { w.Int("GetRequiredInventoryTypeResult", 0) })
	return nil
}

// reportInventory acknowledges what nobody asked for and keeps nothing of it: neither of its two forms is ever unpacked.
func reportInventory(x *exchange) error {
	if _, err := x.authenticateRegistered(); err != nil {
		return err
	}
	for x.in.Child() {
		x.in.Skip()
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	x.answer(func(w *soap.Writer) { w.Bool("ReportInventoryResult", true) })
	return nil
}

// GetRequiredInventoryType asks which inventory the server wants of these rules; 0 is none.
func (c *Client) GetRequiredInventoryType(ctx context.Context, cookie Cookie, rulesID uuid.UUID, rulesVersion string) (int, error) {
	var kind int
	err := c.call(ctx, ReportingPath, soap.Operation{Space: ReportingNamespace, Name: "GetRequiredInventoryType"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.GUID("rulesId", rulesID)
			w.StringIf("rulesVersion", rulesVersion)
		},
		func(s *soap.Scanner) {
			for s.Child() {
				kind = s.Int()
			}
		})
	return kind, err
}

// ReportInventory hands over an inventory as XML text.
func (c *Client) ReportInventory(ctx context.Context, cookie Cookie, clientTime time.Time, xml string) (received bool, err error) {
	err = c.call(ctx, ReportingPath, soap.Operation{Space: ReportingNamespace, Name: "ReportInventory"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.Time("clientTime", clientTime)
			w.Element("inventory", func() {
				w.Bool("IsCompressed", false)
				w.String("RawXml", xml)
			})
		},
		func(s *soap.Scanner) {
			for s.Child() {
				received = s.Bool()
			}
		})
	return received, err
}
