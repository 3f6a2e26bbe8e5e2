package metadata

import "strings"

// readLocalized reads the texts. An element that lists several languages, as vendor packages do, gives one entry for each.
func (u *Update) readLocalized(e *element) error {
	seen := map[string]bool{}
	for _, c := range e.children {
		if c.local != "LocalizedProperties" {
			if c.local != "EulaFile" {
				u.Other = append(u.Other, c.node())
			}
			continue
		}
		texts, languages, err := c.localized()
		if err != nil {
			return err
		}
		for _, language := range languages {
			if key := strings.ToLower(language); seen[key] {
				return faultf(c.line, "a second LocalizedProperties for language %s", language)
			} else {
				seen[key] = true
			}
			texts.Language = language
			u.Localized = append(u.Localized, texts)
		}
	}
	return u.readEulaFiles(e)
}

func (e *element) localized() (l Localized, languages []string, err error) {
	for _, c := range e.children {
		switch c.local {
		case "Language":
			languages = append(languages, c.content())
		case "Title":
			l.Title = c.text
		case "Description":
			l.Description = c.text
		case "MoreInfoUrl":
			l.MoreInfoURL = append(l.MoreInfoURL, c.content())
		case "SupportUrl":
			l.SupportURL = c.content()
		case "UninstallNotes":
			l.UninstallNotes = c.text
		default:
			l.Other = append(l.Other, c.node())
		}
	}
	if len(languages) == 0 || languages[0] == "" {
		return l, nil, faultf(e.line, "LocalizedProperties has no Language")
	}
	if l.Title == "" {
		return l, nil, faultf(e.line, "LocalizedProperties for language %s has no Title", languages[0])
	}
	l.Language = languages[0]
	return l, languages, nil
}
