package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// Encode writes the machine as a snapshot file. The same state is always the same text.
func (m *Machine) Encode(w io.Writer) error {
	data, err := m.now.Load().encode()
	if err != nil {
		return fmt.Errorf("encode machine: %w", err)
	}
	_, err = w.Write(data)
	return err
}

// Save writes the machine to a file, which is either the old or the new one at any moment, and on disk when Save returns nil. One
// call at a time may save to a file.
func (m *Machine) Save(path string) error {
	data, err := m.now.Load().encode()
	if err != nil {
		return fmt.Errorf("save machine: %w", err)
	}
	folder, err := durable.OpenFolder(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("save machine: %w", err)
	}
	defer folder.Close()
	if err := durable.WriteFile(folder, filepath.Base(path), data, 0o644); err != nil {
		return fmt.Errorf("save machine: %w", err)
	}
	return nil
}

func (s *state) encode() ([]byte, error) {
	registry := map[string]map[string]valueForm{}
	for path, k := range s.registry.all("HKLM") {
		values := map[string]valueForm{}
		for _, v := range k.values {
			form, err := v.form()
			if err != nil {
				return nil, err
			}
			values[v.name] = form
		}
		registry[path] = values
	}
	files := map[string]fileForm{}
	for _, f := range s.files {
		files[f.path] = f.form()
	}
	products := map[string]productForm{}
	for _, p := range s.products {
		products[p.code] = productForm{p.name, p.version, p.language, p.features, p.components, p.patches, p.superseded, p.sequences, p.upgradeCode}
	}
	packages := map[string]int{}
	for _, p := range s.packages {
		packages[p.identity] = p.state
	}
	wmi := map[string]map[string]int{}
	for _, n := range s.wmi {
		wmi[n.name] = map[string]int{}
		for _, q := range n.queries {
			wmi[n.name][q.text] = q.count
		}
	}
	extras, err := s.extras.form()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(struct {
		Name           string       `json:"name"`
		RestartPending bool         `json:"restartPending,omitempty"`
		Surroundings   Surroundings `json:"surroundings,omitzero"`
		Hardware       any          `json:"hardware"`
		System         any          `json:"system"`
		Registry       any          `json:"registry"`
		Files          any          `json:"files"`
		Products       any          `json:"products"`
		Packages       any          `json:"packages"`
		WMI            any          `json:"wmi"`

		extrasForm
		Asked *askedForm `json:"asked,omitempty"`
	}{s.name, s.restartPending, s.surroundings, s.hardware, s.system, registry, files, products, packages, wmi, extras, s.asked.form()})
	return out.Bytes(), err
}
