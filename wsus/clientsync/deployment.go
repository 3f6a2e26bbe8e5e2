package clientsync

import (
	"strings"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// writeDeployment writes a Deployment in the order of MS-WUSP §2.2.2.2.4. AutoSelect, AutoDownload and SupersedenceBehavior
// must be 0 from version 1.8 on and do not exist before. A client that does not know OptionalInstall is told the same in older words: Install,
// and not assigned, which is offered and never installed by itself.
func writeDeployment(w *soap.Writer, d Deployment, client Version) {
	if d.Action == OptionalInstall && !client.knowsOptionalInstall() {
		d.Action, d.IsAssigned = Install, false
	}
	w.Open("Deployment")
	w.Int("ID", int64(d.ID))
	w.String("Action", string(d.Action))
	if !d.Deadline.IsZero() {
		w.Time("Deadline", d.Deadline)
	}
	w.Bool("IsAssigned", d.IsAssigned)
	w.Date("LastChangeTime", d.LastChangeTime)
	if client.knowsHardwareIDs() {
		w.Strings("HardwareIds", d.HardwareIDs)
	}
	if client.knowsAutoSelect() {
		w.String("AutoSelect", "0")
		w.String("AutoDownload", "0")
		w.String("SupersedenceBehavior", "0")
	}
	w.Close("Deployment")
}

func readDeployment(s *soap.Scanner) Deployment {
	var d Deployment
	for s.Child() {
		switch string(s.Name()) {
		case "ID":
			d.ID = s.Int32()
		case "Action":
			d.Action = Action(strings.TrimSpace(s.String()))
		case "Deadline":
			d.Deadline = s.Time()
		case "IsAssigned":
			d.IsAssigned = s.Bool()
		case "LastChangeTime":
			d.LastChangeTime = s.Date()
		case "HardwareIds":
			d.HardwareIDs = s.Strings(maxDeviceIDs, DefaultMaxText)
		default:
			s.Skip()
		}
	}
	return d
}
