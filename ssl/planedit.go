package ssl

import (
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// editOf returns the wish about applicationHost.config that a setting comes to, nil for what does not stand there.
func editOf(s Setting, want string) iis.Edit {
	switch s.Kind {
	case SiteBinding:
		if want == absent {
			return iis.RemoveBinding{Site: s.Site, Protocol: s.Protocol, Information: s.Binding}
		}
		return iis.AddBinding{Site: s.Site, Binding: iis.Binding{Protocol: s.Protocol, Information: s.Binding}}
	case AccessFlags:
		var flags iis.SSLFlags
		for name := range strings.SplitSeq(want, ",") {
			if i := slices.Index(flagOrder, name); i >= 0 {
				flags |= iis.SSLFlags(flagNumbers[i])
			}
		}
		return iis.SetSSLFlags{Path: accessFlags{site: s.Site, path: s.Path}.place(), Flags: flags}
	}
	return nil
}
