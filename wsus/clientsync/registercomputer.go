package clientsync

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// registerComputer keeps what a computer says of itself (MS-WUSP §2.2.2.2.3).
func registerComputer(x *exchange) error {
	state, err := x.authenticate()
	if err != nil {
		return err
	}
	var info *ComputerInfo
	for x.in.Child() {
		if string(x.in.Name()) != "computerInfo" {
			x.in.Skip()
			continue
		}
		info = new(readComputerInfo(x.in, x.limits))
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	switch {
	case info == nil:
		return invalid("computerInfo")
	case !isDNSName(info.DNSName):
		return invalid("computerInfo.DnsName")
	}
	if err := x.backend.Register(x.ctx, state.Bearer, *info); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	x.answer(func(*soap.Writer) {})
	return nil
}

// RegisterComputer tells the server what the computer is (MS-WUSP §2.2.2.2.3).
func (c *Client) RegisterComputer(ctx context.Context, cookie Cookie, info ComputerInfo) error {
	return c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "RegisterComputer"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.Element("computerInfo", func() { writeComputerInfo(w, info) })
		},
		func(s *soap.Scanner) {
			for s.Child() {
				s.Skip()
			}
		})
}
