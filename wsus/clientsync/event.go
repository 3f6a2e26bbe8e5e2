package clientsync

import (
	"cmp"
	"strings"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// unknownArchitecture is the value of the required ProcessorArchitecture of an event that has none.
const unknownArchitecture = "Unknown"

// writeEvent writes a ReportingEvent in the order of MS-WUSP §2.2.2.3.1. Its private data must be empty.
func writeEvent(w *soap.Writer, e ReportingEvent) {
	w.Open("ReportingEvent")
	w.Element("BasicData", func() { writeBasicData(w, e) })
	w.Element("ExtendedData", func() { writeExtendedData(w, e) })
	w.Empty("PrivateData")
	w.Close("ReportingEvent")
}

func writeBasicData(w *soap.Writer, e ReportingEvent) {
	w.Open("TargetID")
	w.String("Sid", e.TargetID)
	w.Close("TargetID")
	w.Int("SequenceNumber", int64(e.SequenceNumber))
	w.Time("TimeAtTarget", e.TimeAtTarget)
	w.GUID("EventInstanceID", e.EventInstanceID)
	w.Int("NamespaceID", int64(e.NamespaceID))
	w.Int("EventID", int64(e.EventID))
	w.Int("SourceID", int64(e.SourceID))
	writeIdentity(w, "UpdateID", e.UpdateID)
	w.Int("Win32HResult", int64(e.Win32HResult))
	w.StringIf("AppName", e.AppName)
}

func writeExtendedData(w *soap.Writer, e ReportingEvent) {
	w.Strings("ReplacementStrings", e.ReplacementStrings)
	w.Strings("MiscData", e.MiscData)
	w.StringIf("ComputerBrand", e.ComputerBrand)
	w.StringIf("ComputerModel", e.ComputerModel)
	w.StringIf("BiosRevision", e.BiosRevision)
	w.String("ProcessorArchitecture", cmp.Or(e.Architecture, unknownArchitecture))
	w.Open("OSVersion")
	w.Int("Major", int64(e.OSVersion.Major))
	w.Int("Minor", int64(e.OSVersion.Minor))
	w.Int("Build", int64(e.OSVersion.Build))
	w.Int("Revision", int64(e.OSVersion.Revision))
	w.Int("ServicePackMajor", int64(e.OSVersion.ServicePackMajor))
	w.Int("ServicePackMinor", int64(e.OSVersion.ServicePackMinor))
	w.Close("OSVersion")
	w.Int("OSLocaleID", int64(e.OSLocaleID))
	w.StringIf("DeviceID", e.DeviceID)
}

func readEvent(s *soap.Scanner, limits Limits) ReportingEvent {
	var e ReportingEvent
	for s.Child() {
		switch string(s.Name()) {
		case "BasicData":
			readBasicData(s, limits, &e)
		case "ExtendedData":
			readExtendedData(s, limits, &e)
		default:
			s.Skip()
		}
	}
	return e
}

func readBasicData(s *soap.Scanner, limits Limits, e *ReportingEvent) {
	for s.Child() {
		switch name := string(s.Name()); name {
		case "TargetID":
			e.TargetID = readTarget(s, limits)
		case "SequenceNumber":
			e.SequenceNumber = s.Int()
		case "TimeAtTarget":
			e.TimeAtTarget = s.Time()
		case "EventInstanceID":
			e.EventInstanceID = s.GUID()
		case "NamespaceID":
			e.NamespaceID = s.Int()
		case "EventID":
			e.EventID = s.Int()
		case "SourceID":
			e.SourceID = s.Int()
		case "UpdateID":
			e.UpdateID = readIdentity(s)
		case "AppName":
			e.AppName = s.StringUpTo(limits.Text)
		default:
			if strings.EqualFold(name, "Win32HResult") { // the prose and the schema spell it differently
				e.Win32HResult = s.Int32()
			} else {
				s.Skip()
			}
		}
	}
}

func readTarget(s *soap.Scanner, limits Limits) (sid string) {
	for s.Child() {
		if string(s.Name()) == "Sid" {
			sid = s.StringUpTo(limits.Text)
		} else {
			s.Skip()
		}
	}
	return sid
}

func readExtendedData(s *soap.Scanner, limits Limits, e *ReportingEvent) {
	for s.Child() {
		switch string(s.Name()) {
		case "ReplacementStrings":
			e.ReplacementStrings = s.Strings(limits.EventStrings, limits.Text)
		case "MiscData":
			e.MiscData = s.Strings(limits.EventStrings, limits.Text)
		case "ComputerBrand":
			e.ComputerBrand = s.StringUpTo(limits.Text)
		case "ComputerModel":
			e.ComputerModel = s.StringUpTo(limits.Text)
		case "BiosRevision":
			e.BiosRevision = s.StringUpTo(limits.Text)
		case "ProcessorArchitecture":
			e.Architecture = s.StringUpTo(limits.Text)
		case "OSVersion":
			e.OSVersion = readOSVersion(s)
		case "OSLocaleID":
			e.OSLocaleID = s.Int()
		case "DeviceID":
			e.DeviceID = s.StringUpTo(limits.Text)
		default:
			s.Skip()
		}
	}
}

func readOSVersion(s *soap.Scanner) OSVersion {
	var v OSVersion
	for s.Child() {
		switch string(s.Name()) {
		case "Major":
			v.Major = s.Int()
		case "Minor":
			v.Minor = s.Int()
		case "Build":
			v.Build = s.Int()
		case "Revision":
			v.Revision = s.Int()
		case "ServicePackMajor":
			v.ServicePackMajor = s.Int()
		case "ServicePackMinor":
			v.ServicePackMinor = s.Int()
		default:
			s.Skip()
		}
	}
	return v
}
