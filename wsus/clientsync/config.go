package clientsync

import "github.com/seed599db172/softwareupdates/internal/soap"

func writeConfig(w *soap.Writer, name string, c ConfigResult) {
	w.Open(name)
	w.Time("LastChange", c.LastChange)
	w.Bool("IsRegistrationRequired", c.IsRegistrationRequired)
	w.Open("AuthInfo")
	w.Open("AuthPlugInInfo")
	w.String("PlugInID", c.PlugInID)
	w.String("ServiceUrl", c.ServiceURL)
	w.Empty("Parameter") // not in the specification, yet real servers write it
	w.Close("AuthPlugInInfo")
	w.Close("AuthInfo")
	w.Open("Properties")
	for _, p := range c.Properties {
		w.Open("ConfigurationProperty")
		w.String("Name", p.Name)
		w.String("Value", p.Value)
		w.Close("ConfigurationProperty")
	}
	w.Close("Properties")
	w.Close(name)
}

func readConfig(s *soap.Scanner) ConfigResult {
	var c ConfigResult
	for s.Child() {
		switch string(s.Name()) {
		case "LastChange":
			c.LastChange = s.Time()
		case "IsRegistrationRequired":
			c.IsRegistrationRequired = s.Bool()
		case "AuthInfo":
			s.List("AuthPlugInInfo", maxConfigItems, func() { readAuthPlugIn(s, &c) })
		case "Properties":
			s.List("ConfigurationProperty", maxConfigItems, func() { c.Properties = append(c.Properties, readProperty(s)) })
		default:
			s.Skip()
		}
	}
	return c
}

func readAuthPlugIn(s *soap.Scanner, c *ConfigResult) {
	for s.Child() {
		switch string(s.Name()) {
		case "PlugInID":
			c.PlugInID = s.String()
		case "ServiceUrl":
			c.ServiceURL = s.String()
		default:
			s.Skip()
		}
	}
}

func readProperty(s *soap.Scanner) Property {
	var p Property
	for s.Child() {
		switch string(s.Name()) {
		case "Name":
			p.Name = s.String()
		case "Value":
			p.Value = s.String()
		default:
			s.Skip()
		}
	}
	return p
}
