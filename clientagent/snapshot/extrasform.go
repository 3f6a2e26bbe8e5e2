package snapshot

import (
	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// extrasForm is the shape of the optional sections in the file.
type extrasForm struct {
	Equipment *applicability.Equipment `json:"equipment,omitempty"`
	Devices   *applicability.Devices   `json:"devices,omitempty"`
	History   map[uuid.UUID]bool       `json:"history,omitzero"`
	Licenses  map[string]valueForm     `json:"licenses,omitempty"`
	Cluster   *cluster                 `json:"cluster,omitempty"`
}

func (x extras) form() (extrasForm, error) {
	f := extrasForm{Equipment: x.equipment, Devices: x.devices, History: x.history, Cluster: x.cluster}
	for _, l := range x.licenses {
		form, err := value{name: l.name, Value: l.value}.form()
		if err != nil {
			return extrasForm{}, err
		}
		if f.Licenses == nil {
			f.Licenses = map[string]valueForm{}
		}
		f.Licenses[l.name] = form
	}
	return f, nil
}

func (d *decoder) license(name string) error {
	var form valueForm
	if err := d.leaf(&form); err != nil {
		return err
	}
	v, err := form.value()
	if err != nil {
		return err
	}
	if d.state.licenses == nil {
		d.state.licenses = map[string]license{}
	}
	d.state.licenses[fold(name)] = license{name, v}
	return nil
}
