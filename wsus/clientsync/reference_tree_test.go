package clientsync_test

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// tree is a message as encoding/xml reads it, without namespaces: what the hand-written readers are held to. It is slow and has
// no limits.
type tree struct {
	name     string
	text     strings.Builder
	children []*tree
}

// parseTree answers the child of the body.
func parseTree(body []byte) (*tree, error) {
	root := new(tree)
	path := []*tree{root}
	for d := xml.NewDecoder(strings.NewReader(string(body))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		top := path[len(path)-1]
		switch token := token.(type) {
		case xml.StartElement:
			child := &tree{name: token.Name.Local}
			top.children = append(top.children, child)
			path = append(path, child)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			top.text.Write(token)
		}
	}
	for _, name := range []string{"Envelope", "Body"} {
		if root = root.last(name); root == nil {
			return nil, errors.New("no " + name)
		}
	}
	if len(root.children) != 1 {
		return nil, errors.New("not one operation")
	}
	return root.children[0], nil
}

// all are the children of a name, of all elements of another name when two are given: what lists are made of.
func (t *tree) all(path ...string) []*tree {
	found := []*tree{t}
	for _, name := range path {
		var next []*tree
		for _, parent := range found {
			for _, child := range parent.children {
				if child.name == name {
					next = append(next, child)
				}
			}
		}
		found = next
	}
	return found
}

// last is the child of a name that counts when there are several.
func (t *tree) last(path ...string) *tree {
	for _, name := range path {
		all := t.all(name)
		if len(all) == 0 {
			return nil
		}
		t = all[len(all)-1]
	}
	return t
}

func (t *tree) string(path ...string) string {
	if t = t.last(path...); t == nil {
		return ""
	}
	return t.text.String()
}

func (t *tree) trimmed(path ...string) string { return strings.Trim(t.string(path...), " \t\r\n") }

func (t *tree) int(path ...string) int64 {
	n, _ := strconv.ParseInt(t.trimmed(path...), 10, 64)
	return n
}

func (t *tree) bool(path ...string) bool {
	text := t.trimmed(path...)
	return text == "true" || text == "1"
}

func (t *tree) guid(path ...string) uuid.UUID {
	id, _ := uuid.Parse(t.trimmed(path...))
	return id
}

func (t *tree) bytes(path ...string) []byte {
	b, _ := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(t.string(path...)), ""))
	if len(b) == 0 {
		return nil
	}
	return b
}

func (t *tree) time(path ...string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if at, err := time.Parse(layout, t.trimmed(path...)); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// texts are the items of the last list of a name, ints and guids those of all.
func (t *tree) texts(name string) (list []string) {
	if t = t.last(name); t == nil {
		return nil
	}
	for _, item := range t.all("string") {
		list = append(list, item.text.String())
	}
	return list
}

func (t *tree) ints(name string) (list []int32) {
	for _, item := range t.all(name, "int") {
		list = append(list, int32(item.int()))
	}
	return list
}

func (t *tree) identity() clientsync.UpdateIdentity {
	return clientsync.UpdateIdentity{UpdateID: t.guid("UpdateID"), RevisionNumber: int32(t.int("RevisionNumber"))}
}

func (t *tree) cookie() clientsync.Cookie {
	return clientsync.Cookie{Expiration: t.time("Expiration"), EncryptedData: t.bytes("EncryptedData")}
}
