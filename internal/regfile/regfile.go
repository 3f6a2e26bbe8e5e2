package regfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MaxValues is how many values an export or output may have, wanted or not.
const MaxValues = 20_000

// Value is one value of the registry. Text is set for REG_SZ and REG_EXPAND_SZ (variables are not expanded), Number for REG_DWORD.
type Value struct {
	Text     string
	Number   uint32
	IsNumber bool
}

// Want names the values to read, by their key below HKEY_LOCAL_MACHINE, such as SOFTWARE\Policies.
type Want map[string][]string

// File is what was wanted of one file: for each key that it has, the values by name, all in lower case.
type File map[string]map[string]Value

// Read reads an export or the output of reg query. Case does not count, and neither does Wow6432Node, because programs of both
// widths share the keys that are of interest here. Of several values of one name the last one counts; what the file takes back
// ("name"=- or [-key]) is not kept. The error names the line, and quotes wanted values only.
func Read(data []byte, want Want) (File, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	r := reader{want: want, lines: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), file: File{}}
	if err := r.read(); err != nil {
		return nil, fmt.Errorf("line %d: %w", r.number, err)
	}
	return r.file, nil
}

// Has says that the file has the key.
func (f File) Has(key string) bool { return f[strings.ToLower(key)] != nil }

// Value returns a value by its key and name.
func (f File) Value(key, name string) (Value, bool) {
	v, ok := f[strings.ToLower(key)][strings.ToLower(name)]
	return v, ok
}

// reader goes through the lines once.
type reader struct {
	want   Want
	wide   bool // texts among the bytes are UTF-16
	lines  []string
	line   string
	number int
	count  int
	key    string // in which the reader is, empty when nobody wants it
	file   File
}

func (r *reader) next() bool {
	if r.number == len(r.lines) {
		return false
	}
	r.line = r.lines[r.number]
	r.number++
	return true
}

// read finds out by the first line that says something which of the forms it is.
func (r *reader) read() error {
	for r.next() {
		switch line := strings.TrimSpace(r.line); {
		case line == "":
		case line == "Windows Registry Editor Version 5.00":
			r.wide = true
			return r.export()
		case line == "REGEDIT4":
			return r.export()
		case strings.HasPrefix(line, hivePrefix):
			return r.query()
		default:
			return errors.New("not a registry export, and not the output of reg query either")
		}
	}
	return errors.New("it is empty")
}

const hivePrefix = "HKEY_"

// enter begins a key.
func (r *reader) enter(path string) {
	r.key = ""
	key, ok := wantedForm(path)
	if !ok {
		return
	}
	for wanted := range r.want {
		if strings.ToLower(wanted) == key {
			r.key = key
			if r.file[key] == nil {
				r.file[key] = map[string]Value{}
			}
		}
	}
}

// remove takes back a key and those below it.
func (r *reader) remove(path string) {
	r.key = ""
	removed, ok := wantedForm(path)
	if !ok {
		return
	}
	for key := range r.file {
		if key == removed || strings.HasPrefix(key, removed+`\`) {
			delete(r.file, key)
		}
	}
}

// wantedForm is a key below HKEY_LOCAL_MACHINE in lower case.
func wantedForm(path string) (key string, ok bool) {
	hive, key, _ := strings.Cut(strings.ToLower(path), `\`)
	if rest, found := strings.CutPrefix(key, `software\wow6432node\`); found {
		key = `software\` + rest
	}
	return key, hive == "hkey_local_machine" || hive == "hklm"
}

// wants counts a value and says whether to read it.
func (r *reader) wants(name string) (bool, error) {
	if r.count++; r.count > MaxValues {
		return false, fmt.Errorf("more than %d values", MaxValues)
	}
	if r.key == "" {
		return false, nil
	}
	for key, names := range r.want {
		if strings.ToLower(key) == r.key {
			return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }), nil
		}
	}
	return false, nil
}

func (r *reader) keep(name string, v Value) { r.file[r.key][strings.ToLower(name)] = v }
