package snapshot

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// The shapes of the file. Maps come out sorted.
type (
	fileForm struct {
		Folder   bool       `json:"folder,omitempty"`
		Version  string     `json:"version,omitempty"`
		Size     int64      `json:"size,omitempty"`
		Created  *time.Time `json:"created,omitempty"`
		Modified *time.Time `json:"modified,omitempty"`
		Language int        `json:"language,omitempty"`
	}
	productForm struct {
		Name        string            `json:"name,omitempty"`
		Version     string            `json:"version"`
		Language    int               `json:"language"`
		Features    []string          `json:"features,omitempty"`
		Components  []string          `json:"components,omitempty"`
		Patches     []string          `json:"patches,omitempty"`
		Superseded  []string          `json:"superseded,omitempty"`
		Sequences   map[string]string `json:"sequences,omitempty"`
		UpgradeCode string            `json:"upgradeCode,omitempty"`
	}
	valueForm struct {
		Type string          `json:"type"`
		Data json.RawMessage `json:"data"`
	}
)

func (v value) form() (valueForm, error) {
	var data any = v.Text
	switch v.Type {
	case "REG_DWORD", "REG_QWORD":
		data = v.Number
	case "REG_MULTI_SZ":
		lines := []string{}
		if v.Text != "" {
			lines = strings.Split(v.Text, "\n")
		}
		data = lines
	}
	raw, err := json.Marshal(data)
	return valueForm{v.Type, raw}, err
}

func (f file) form() fileForm {
	form := fileForm{Folder: f.folder, Size: f.size, Language: f.language}
	if f.version != nil {
		form.Version = f.version.String()
	}
	if !f.created.IsZero() {
		form.Created = &f.created
	}
	if !f.modified.IsZero() {
		form.Modified = &f.modified
	}
	return form
}

// kinds are the registry types that a snapshot can hold.
var kinds = []string{"REG_SZ", "REG_EXPAND_SZ", "REG_DWORD", "REG_QWORD", "REG_MULTI_SZ", "REG_BINARY"}

// value reads the data as its type wants it.
func (form valueForm) value() (applicability.Value, error) {
	v := applicability.Value{Type: form.Type}
	if form.Data == nil {
		return v, fmt.Errorf("data is missing")
	}
	var err error
	switch form.Type {
	case "REG_SZ", "REG_EXPAND_SZ":
		err = json.Unmarshal(form.Data, &v.Text)
	case "REG_BINARY":
		if err = json.Unmarshal(form.Data, &v.Text); err == nil && !isHex(v.Text) {
			err = fmt.Errorf("%q are no hexadecimal digits in pairs", v.Text)
		}
	case "REG_DWORD":
		var n uint32
		err = json.Unmarshal(form.Data, &n)
		v.Number = uint64(n)
	case "REG_QWORD":
		err = json.Unmarshal(form.Data, &v.Number)
	case "REG_MULTI_SZ":
		var lines []string
		err = json.Unmarshal(form.Data, &lines)
		v.Text = strings.Join(lines, "\n")
	default:
		err = fmt.Errorf("type %q is not one of %s", form.Type, strings.Join(kinds, ", "))
	}
	return v, err
}

func isHex(s string) bool {
	return len(s)%2 == 0 && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}
