package metadata

import "strings"

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
