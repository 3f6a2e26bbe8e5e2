package metadata

import "strings"

// Title is the title in the language that PickLocale chooses without a wanted one; empty when the update has no texts.
func (u *Update) Title() string {
	languages := make([]string, len(u.Localized))
	for i, l := range u.Localized {
		languages[i] = l.Language
	}
	pick := PickLocale(languages, nil, u.Extended.DefaultPropertiesLanguage)
	for _, l := range u.Localized {
		if l.Language == pick {
			return l.Title
		}
	}
	return ""
}

// PickLocale chooses among the languages that an update has texts in: the first wanted one that is there, else the first whose
// neutral language is there (en for en-US), else fallback, which is the update's DefaultPropertiesLanguage, else en, else the
// first. Case makes no difference. The answer is spelled as in available, and empty when that is.
func PickLocale(available, wanted []string, fallback string) string {
	candidates := append([]string(nil), wanted...)
	for _, w := range wanted {
		if neutral, _, regional := strings.Cut(w, "-"); regional {
			candidates = append(candidates, neutral)
		}
	}
	candidates = append(candidates, fallback, "en")
	for _, candidate := range candidates {
		for _, a := range available {
			if strings.EqualFold(a, candidate) {
				return a
			}
		}
	}
	if len(available) > 0 {
		return available[0]
	}
	return ""
}
