package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// Load reads a machine from a file. A missing file answers fs.ErrNotExist, a damaged one a [*SyntaxError].
func Load(path string) (*Machine, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for somebody to write
		err = fmt.Errorf("%s is no regular file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("load machine: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("load machine: %w", err)
	}
	defer f.Close()
	m, err := Decode(f)
	if err != nil {
		return nil, fmt.Errorf("load machine %s: %w", path, err)
	}
	return m, nil
}

// Decode reads a machine. Fields that are not known, names that stand twice and data that does not fit its type are refused; the
// error is a [*SyntaxError] unless r fails.
func Decode(r io.Reader) (*Machine, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read machine: %w", err)
	}
	if len(text) > MaxBytes {
		return nil, &SyntaxError{Reason: fmt.Sprintf("more than %d bytes", MaxBytes)}
	}
	d := &decoder{text: text, json: json.NewDecoder(bytes.NewReader(text)), state: newState()}
	if err := d.document(); err != nil {
		return nil, d.placed(err)
	}
	return machineOf(d.state), nil
}

// decoder reads objects key by key, so that every error has its line.
type decoder struct {
	text    []byte
	json    *json.Decoder
	state   *state
	entries int
	// start is where the thing begins that is being read.
	start int64
}

func (d *decoder) document() error {
	sections := map[string]func() error{
		"name":           func() error { return d.leaf(&d.state.name) },
		"restartPending": func() error { return d.leaf(&d.state.restartPending) },
		"surroundings":   func() error { return d.leaf(&d.state.surroundings) },
		"hardware":       func() error { return d.leaf(&d.state.hardware) },
		"system":         func() error { return d.leaf(&d.state.system) },
		"registry":       func() error { return d.object(d.registryKey) },
		"files":          func() error { return d.object(d.file) },
		"products":       func() error { return d.object(d.product) },
		"packages":       func() error { return d.object(d.pack) },
		"wmi":            func() error { return d.object(d.namespace) },
		"equipment":      func() error { return d.leaf(&d.state.equipment) },
		"devices":        func() error { return d.leaf(&d.state.devices) },
		"history":        func() error { return d.leaf(&d.state.history) },
		"licenses":       func() error { return d.object(d.license) },
		"cluster":        func() error { return d.leaf(&d.state.cluster) },
		"asked":          d.asked,
	}
	err := d.object(func(name string) error {
		read, ok := sections[name]
		if !ok {
			return fmt.Errorf("field %q is not known", name)
		}
		return read()
	})
	if err != nil {
		return err
	}
	d.start = d.json.InputOffset()
	if _, err := d.json.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the end of the machine")
	}
	d.start = 0
	if d.state.name == "" {
		return errors.New("name is missing")
	}
	if d.state.system.Version[0] == 0 {
		return errors.New("system.version is missing")
	}
	return nil
}

// object reads the keys of an object, each of them once.
func (d *decoder) object(read func(name string) error) error {
	if err := d.delimiter('{'); err != nil {
		return err
	}
	seen := map[string]bool{}
	for d.json.More() {
		token, err := d.json.Token()
		if err != nil {
			return err
		}
		d.start = d.json.InputOffset()
		name := token.(string) // the decoder lets nothing else be a key
		if seen[fold(name)] {
			return fmt.Errorf("%q stands twice", name)
		}
		seen[fold(name)] = true
		if d.entries++; d.entries > MaxEntries {
			return fmt.Errorf("more than %d entries", MaxEntries)
		}
		if err := read(name); err != nil {
			return err
		}
	}
	return d.delimiter('}')
}

func (d *decoder) delimiter(want json.Delim) error {
	token, err := d.json.Token()
	if err != nil {
		return err
	}
	if token != want {
		return fmt.Errorf("%v where %v should be", token, want)
	}
	return nil
}

// leaf reads one value into v, strictly.
func (d *decoder) leaf(v any) error {
	d.json.DisallowUnknownFields()
	return d.json.Decode(v)
}

func (d *decoder) registryKey(path string) error {
	name, below, _ := strings.Cut(path, `\`)
	if name != "HKLM" || below == "" || slices.Contains(strings.Split(below, `\`), "") {
		return fmt.Errorf(`registry key %q is not of the form HKLM\SOFTWARE\…`, path)
	}
	k := d.state.registry.make(below)
	return d.object(func(name string) error {
		var form valueForm
		if err := d.leaf(&form); err != nil {
			return err
		}
		v, err := form.value()
		if err != nil {
			return fmt.Errorf("value %q: %w", name, err)
		}
		k.set(name, v)
		return nil
	})
}

func (d *decoder) file(path string) error {
	var form fileForm
	if err := d.leaf(&form); err != nil {
		return err
	}
	f := file{path: path, folder: form.Folder, size: form.Size, language: form.Language}
	if form.Size < 0 {
		return fmt.Errorf("size of %s is negative", path)
	}
	if form.Created != nil {
		f.created = *form.Created
	}
	if form.Modified != nil {
		f.modified = *form.Modified
	}
	if form.Version != "" {
		v, err := applicability.ParseVersion(form.Version)
		if err != nil {
			return err
		}
		f.version = &v
	}
	d.state.files[fold(path)] = f
	return nil
}

func (d *decoder) product(code string) error {
	var form productForm
	if err := d.leaf(&form); err != nil {
		return err
	}
	if _, err := applicability.ParseVersion(form.Version); err != nil {
		return fmt.Errorf("product %s: %w", code, err)
	}
	for family, sequence := range form.Sequences {
		if _, err := applicability.ParseVersion(sequence); err != nil {
			return fmt.Errorf("product %s: sequence of patch family %s: %w", code, family, err)
		}
	}
	d.state.products[fold(code)] = product{code, form.Name, form.Version, form.Language, form.Features, form.Components, form.Patches,
		form.Superseded, form.UpgradeCode, form.Sequences}
	return nil
}

func (d *decoder) pack(identity string) error {
	p := pack{identity: identity}
	if err := d.leaf(&p.state); err != nil {
		return err
	}
	d.state.packages[fold(identity)] = p
	return nil
}

func (d *decoder) namespace(name string) error {
	n := namespace{name, map[string]query{}}
	d.state.wmi[fold(name)] = n
	return d.object(func(wql string) error {
		q := query{text: wql}
		if err := d.leaf(&q.count); err != nil {
			return err
		}
		n.queries[normal(wql)] = q
		return nil
	})
}

func (d *decoder) asked() error {
	var form askedForm
	if err := d.leaf(&form); err != nil {
		return err
	}
	d.entries += len(form.Registry) + len(form.Files) + len(form.Products) + len(form.Packages) + len(form.Licenses) + len(form.Resources)
	if d.entries > MaxEntries {
		return fmt.Errorf("more than %d entries", MaxEntries)
	}
	var err error
	d.state.asked, err = form.asked()
	return err
}

// placed gives an error its line.
func (d *decoder) placed(err error) error {
	line := lineAt(d.text, d.start)
	reason := strings.TrimPrefix(err.Error(), "json: ")
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line = lineAt(d.text, syntax.Offset)
	} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		line, reason = lineAt(d.text, int64(len(d.text))), "the file ends too early"
	}
	return &SyntaxError{Line: line, Reason: reason}
}
