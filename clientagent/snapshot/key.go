package snapshot

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// key is a registry key. Below it are its subkeys, by lower-case name.
type key struct {
	name   string
	values map[string]value
	below  map[string]*key
}

type value struct {
	name string
	applicability.Value
}

// find returns the key at a path; nil when there is none.
func (k *key) find(path string) *key {
	for part := range strings.SplitSeq(path, `\`) {
		if k = k.below[fold(part)]; k == nil {
			return nil
		}
	}
	return k
}

// make returns the key at a path, made with its parents where it is missing.
func (k *key) make(path string) *key {
	for part := range strings.SplitSeq(path, `\`) {
		next := k.below[fold(part)]
		if next == nil {
			next = &key{name: part}
			if k.below == nil {
				k.below = map[string]*key{}
			}
			k.below[fold(part)] = next
		}
		k = next
	}
	return k
}

// remove takes away the key at a path with everything below it.
func (k *key) remove(path string) {
	parent := k
	if i := strings.LastIndexByte(path, '\\'); i >= 0 {
		parent, path = k.find(path[:i]), path[i+1:]
	}
	if parent != nil {
		delete(parent.below, fold(path))
	}
}

func (k *key) set(name string, v applicability.Value) {
	if k.values == nil {
		k.values = map[string]value{}
	}
	k.values[fold(name)] = value{name, v}
}

func (k *key) clone() *key {
	c := &key{name: k.name, values: maps.Clone(k.values)}
	if k.below != nil {
		c.below = make(map[string]*key, len(k.below))
	}
	for name, b := range k.below {
		c.below[name] = b.clone()
	}
	return c
}

// all yields the keys below k that a file must name, with their paths, in order: those with values and those without subkeys.
func (k *key) all(path string) iter.Seq2[string, *key] {
	return func(yield func(string, *key) bool) {
		for _, name := range slices.Sorted(maps.Keys(k.below)) {
			b := k.below[name]
			below := path + `\` + b.name
			if (len(b.values) > 0 || len(b.below) == 0) && !yield(below, b) {
				return
			}
			for p, deeper := range b.all(below) {
				if !yield(p, deeper) {
					return
				}
			}
		}
	}
}
