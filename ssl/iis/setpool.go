package iis

import (
	"fmt"
	"strings"
)

// SetPool makes one attribute of an application pool come to a value, by stating it at the pool. A value that the defaults of the
// pools, or of IIS, give already is not stated again.
type SetPool struct {
	Pool string `json:"pool"`
	// Attribute is the way below the pool, for example "queueLength" or "recycling/periodicRestart/privateMemory".
	Attribute string `json:"attribute"`
	// Value is checked against the type and the range of the attribute in IIS_schema.xml: memory is in KB, time spans are written
	// [days.]hours:minutes:seconds.
	Value string `json:"value"`
}

// String says what is done.
func (e SetPool) String() string {
	return fmt.Sprintf("set %s of the application pool %s to %s", e.Attribute, e.Pool, e.Value)
}

var poolsSection = []string{"system.applicationHost", "applicationPools"}

func (e SetPool) apply(c *Config) ([]splice, error) {
	attribute, value, err := e.wish()
	if err != nil {
		return nil, err
	}
	pool, err := e.pool(c)
	if err != nil {
		return nil, err
	}
	if now, err := poolValue(pool.parent.child("applicationPoolDefaults"), pool, attribute); err != nil || now == value {
		return nil, err
	}
	way := strings.Split(attribute.path, "/")
	name := way[len(way)-1]
	at := pool
	for i, step := range way[:len(way)-1] {
		next, err := onlyChild(at, step)
		if err != nil {
			return nil, err
		}
		if next == nil {
			return []splice{c.insert(at, nested(way[i:len(way)-1], newAttribute{name, value}))}, nil
		}
		at = next
	}
	return c.set(at, name, value), nil
}

func (e SetPool) holds(c *Config) error {
	attribute, value, err := e.wish()
	if err != nil {
		return err
	}
	pool, err := e.pool(c)
	if err != nil {
		return err
	}
	now, err := poolValue(pool.parent.child("applicationPoolDefaults"), pool, attribute)
	if err == nil && now != value {
		err = fmt.Errorf("%s comes to %q", e.Attribute, now)
	}
	return err
}

// wish checks the edit by itself.
func (e SetPool) wish() (poolAttribute, string, error) {
	for _, a := range poolAttributes() {
		if a.path == e.Attribute {
			value, err := a.canonical(e.Value)
			return a, value, err
		}
	}
	return poolAttribute{}, "", fmt.Errorf(
		"%q is no attribute of an application pool that can be set here; they are spelled as in IIS_schema.xml", e.Attribute)
}

func (e SetPool) pool(c *Config) (*element, error) {
	pool, names, err := c.named(poolsSection, "add", e.Pool)
	if err == nil && pool == nil {
		err = fmt.Errorf("application pool %q: %w, which has %s", e.Pool, ErrNotFound, names)
	}
	return pool, err
}

// poolValue is what an attribute of a pool comes to: the pool's own, else that of applicationPoolDefaults, which may be nil, else
// the schema's. What is not of its type is given back as it stands.
func poolValue(defaults, pool *element, a poolAttribute) (string, error) {
	way := strings.Split(a.path, "/")
	value := a.deflt
	for _, from := range []*element{defaults, pool} {
		for _, step := range way[:len(way)-1] {
			if from == nil {
				break
			}
			var err error
			if from, err = onlyChild(from, step); err != nil {
				return "", err
			}
		}
		if from == nil {
			continue
		}
		if stated, ok := from.attr(way[len(way)-1]); ok {
			value = stated.value
		}
	}
	if canonical, err := a.canonical(value); err == nil {
		return canonical, nil
	}
	return value, nil
}

// onlyChild returns the child of a name, or nil. Two are an error, since either could be meant.
func onlyChild(e *element, name string) (*element, error) {
	all := e.below([]string{name})
	switch len(all) {
	case 0:
		return nil, nil
	case 1:
		return all[0], nil
	}
	place, _ := e.attr("name")
	return nil, &ConflictError{Place: place.value, Line: all[1].line,
		Problem: fmt.Sprintf("has a second %s element, after line %d: put them into one", name, all[0].line)}
}

// nested is one element within the other, the innermost with an attribute.
func nested(names []string, a newAttribute) newElement {
	e := newElement{name: names[len(names)-1], attrs: []newAttribute{a}}
	for i := len(names) - 2; i >= 0; i-- {
		e = newElement{name: names[i], children: []newElement{e}}
	}
	return e
}
