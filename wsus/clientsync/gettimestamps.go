package clientsync

import (
	"context"
	"time"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// maxTimestamps bounds the times of one request.
const maxTimestamps = 1000

// getTimestamps refuses: the operation is in the contract of Microsoft's own service, which signs times, and a WSUS server has
// nothing to sign them with. The request is read, so that what is malformed is told as such.
func getTimestamps(x *exchange) error {
	for x.in.Child() {
		if string(x.in.Name()) != "timestamps" {
			x.in.Skip()
			continue
		}
		x.in.List("dateTime", maxTimestamps, func() { x.in.Time() })
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	return invalid("timestamps: this server signs no timestamps")
}

// GetTimestamps asks for signed timestamps, one for each time. Only Microsoft's own service issues them; a WSUS server answers a
// *Fault with [InvalidParameters].
func (c *Client) GetTimestamps(ctx context.Context, times []time.Time) ([][]byte, error) {
	var stamps [][]byte
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "GetTimestamps"},
		func(w *soap.Writer) {
			w.Element("timestamps", func() {
				for _, t := range times {
					w.Time("dateTime", t)
				}
			})
		},
		func(s *soap.Scanner) {
			for s.Child() {
				s.List("base64Binary", maxTimestamps, func() { stamps = append(stamps, s.Base64()) })
			}
		})
	return stamps, err
}
