package wsus

import (
	"context"
	"fmt"
	"time"
)

// DuplicateClientID is a client id that several computers have sent.
type DuplicateClientID struct {
	ClientID string
	// Machines are the computers, each with its record; the first is the one that had the id first, if it is still there.
	Machines []Computer
	// InUse says that they show up by turns, within DuplicateWindow: they were made from one image. Otherwise one took the place of the
	// other for good, as happens when a computer is renamed.
	InUse bool
	// Remedy says what to do, in words for an administrator.
	Remedy string
}

// What to do about computers that share a client id. The values live below
// HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate, and the agent draws new ones.
const (
	remedyImage = `On each computer but one: stop the service wuauserv; delete the values SusClientId and SusClientIdValidation below ` +
		`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate; start the service; run "wuauclt /resetauthorization /detectnow" ` +
		`(from Windows 10 on also "usoclient StartScan"). Delete both values in the image as well, before it is sealed.`
	remedyRenamed = `The computer was probably renamed: delete the record of the old name, or let CleanupObsoleteComputers do it.`
)

// DuplicateClientIDs returns the client ids that more than one registered computer has sent, ordered.
func (s *Server) DuplicateClientIDs(ctx context.Context) ([]DuplicateClientID, error) {
	var all []DuplicateClientID
	var one DuplicateClientID
	finish := func() {
		if len(one.Machines) > 1 {
			one.InUse, one.Remedy = inUse(one.Machines, s.now()), remedyRenamed
			if one.InUse {
				one.Remedy = remedyImage
			}
			all = append(all, one)
		}
	}
	for c, err := range s.Computers(ctx) {
		if err != nil {
			return nil, fmt.Errorf("duplicate client ids: %w", err)
		}
		if !c.Registered {
			continue // anybody can introduce himself by any id and name
		}
		if c.ClientID() != one.ClientID {
			finish()
			one = DuplicateClientID{ClientID: c.ClientID()}
		}
		one.Machines = append(one.Machines, c)
	}
	finish()
	return all, nil
}

// inUse tells whether of two computers the one that came first has come again after the other, lately.
func inUse(machines []Computer, now time.Time) bool {
	for _, first := range machines {
		for _, later := range machines {
			lately := now.Sub(first.LastContact) < DuplicateWindow && now.Sub(later.LastContact) < DuplicateWindow
			if first.ID != later.ID && lately && !later.FirstContact.Before(first.FirstContact) && first.LastContact.After(later.FirstContact) {
				return true
			}
		}
	}
	return false
}
