package metadata

// read takes the relations to other updates. The order inside of each list carries no meaning but is kept.
func (r *Relationships) read(e *element) (err error) {
	for _, c := range e.children {
		switch c.local {
		case "Prerequisites":
			r.Prerequisites, err = c.clauses(r.Prerequisites, false)
		case "BundledUpdates":
			r.Bundled, err = c.clauses(r.Bundled, true)
		case "SupersededUpdates":
			err = r.readSuperseded(c)
		default:
			r.Other = append(r.Other, c.node())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// clauses reads lone identities, each a clause of one member, and AtLeastOne groups. Members of bundles are exact revisions,
// prerequisites mean the highest. An empty AtLeastOne among the prerequisites is no clause: WSUS writes one for vendor packages
// of the class Hotfixes and takes it as satisfied.
func (e *element) clauses(to []Clause, revision bool) ([]Clause, error) {
	for _, c := range e.children {
		switch c.local {
		case "UpdateIdentity":
			id, err := c.identity(revision)
			if err != nil {
				return nil, err
			}
			to = append(to, Clause{Members: []Identity{id}})
		case "AtLeastOne":
			clause, err := c.atLeastOne(revision)
			if err != nil {
				return nil, err
			}
			if len(clause.Members) > 0 {
				to = append(to, clause)
			}
		default:
			return nil, faultf(c.line, "%s has an unknown child, %s", e.local, c.label())
		}
	}
	return to, nil
}

func (e *element) atLeastOne(revision bool) (Clause, error) {
	var clause Clause
	var err error
	if clause.IsCategory, err = e.bool("IsCategory"); err != nil {
		return Clause{}, err
	}
	for _, c := range e.children {
		if c.local != "UpdateIdentity" {
			return Clause{}, faultf(c.line, "AtLeastOne has an unknown child, %s", c.label())
		}
		id, err := c.identity(revision)
		if err != nil {
			return Clause{}, err
		}
		clause.Members = append(clause.Members, id)
	}
	if revision && len(clause.Members) == 0 {
		return Clause{}, faultf(e.line, "AtLeastOne of BundledUpdates has no member")
	}
	return clause, nil
}

func (r *Relationships) readSuperseded(e *element) error {
	for _, c := range e.children {
		if c.local != "UpdateIdentity" {
			return faultf(c.line, "SupersededUpdates has an unknown child, %s", c.label())
		}
		id, err := c.identity(false)
		if err != nil {
			return err
		}
		r.Superseded = append(r.Superseded, id.UpdateID)
	}
	return nil
}

// label names an element in an error; text between elements has no name of its own.
func (e *element) label() string {
	if e.local == "" {
		return "text"
	}
	return e.local
}
