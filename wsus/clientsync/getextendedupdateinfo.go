package clientsync

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// maxLocales and maxInfoTypes bound the short lists of a query.
const (
	maxLocales   = 1000
	maxInfoTypes = 100
)

// getExtendedUpdateInfo answers fragments and file locations (MS-WUSP §2.2.2.2.6).
func getExtendedUpdateInfo(x *exchange) error {
	state, err := x.authenticateRegistered()
	if err != nil {
		return err
	}
	q, err := readExtendedQuery(x.in, x.limits, x.config.maxExtendedUpdates())
	if err != nil {
		return err
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	info, err := x.backend.Extended(x.ctx, state.Bearer, q)
	if err != nil {
		return fmt.Errorf("extended update info: %w", err)
	}
	x.answer(func(w *soap.Writer) { writeExtendedInfo(w, "GetExtendedUpdateInfoResult", info) })
	return nil
}

// readExtendedQuery reads what follows the cookie and checks it. As many revisions as the maximum are allowed, although the
// text says fewer: agents ask for 50 of 50.
func readExtendedQuery(s *soap.Scanner, limits Limits, maxRevisions int) (ExtendedQuery, error) {
	var q ExtendedQuery
	hasTypes := false
	for s.Child() {
		switch string(s.Name()) {
		case "revisionIDs":
			q.RevisionIDs = s.Int32s(q.RevisionIDs, limits.IDs)
		case "infoTypes":
			hasTypes = true
			q.InfoTypes = readInfoTypes(s, limits, q.InfoTypes)
		case "locales":
			q.Locales = append(q.Locales, s.Strings(maxLocales, limits.Text)...)
		case "GeoId":
			q.GeoID = s.StringUpTo(limits.Text)
		default:
			s.Skip()
		}
	}
	switch {
	case s.Err() != nil:
		return q, s.Err()
	case !hasTypes:
		return q, invalid("infoTypes")
	case len(q.RevisionIDs) > maxRevisions:
		return q, invalid("revisionIDs")
	case areLocalized(q.InfoTypes) && len(q.Locales) == 0:
		return q, invalid("locales")
	default:
		return q, nil
	}
}

func readInfoTypes(s *soap.Scanner, limits Limits, types []FragmentType) []FragmentType {
	s.List("XmlUpdateFragmentType", maxInfoTypes, func() {
		types = append(types, FragmentType(strings.TrimSpace(s.StringUpTo(limits.Text))))
	})
	return types
}

// areLocalized says that fragments of these types cannot be chosen without locales.
func areLocalized(types []FragmentType) bool {
	return slices.Contains(types, LocalizedPropertiesFragment) || slices.Contains(types, EulaFragment)
}

// GetExtendedUpdateInfo asks for fragments and where the files are (MS-WUSP §2.2.2.2.6). The server takes no more revisions in
// one call than its property MaxExtendedUpdatesPerRequest says.
func (c *Client) GetExtendedUpdateInfo(ctx context.Context, cookie Cookie, q ExtendedQuery) (ExtendedInfo, error) {
	var info ExtendedInfo
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "GetExtendedUpdateInfo"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.Int32s("revisionIDs", q.RevisionIDs)
			w.Open("infoTypes")
			for _, kind := range q.InfoTypes {
				w.String("XmlUpdateFragmentType", string(kind))
			}
			w.Close("infoTypes")
			w.Strings("locales", q.Locales)
			if q.GeoID != "" {
				w.String("GeoId", q.GeoID)
			}
		},
		func(s *soap.Scanner) {
			for s.Child() {
				info = readExtendedInfo(s)
			}
		})
	return info, err
}

func writeExtendedInfo(w *soap.Writer, name string, info ExtendedInfo) {
	w.Open(name)
	writeFragments(w, info.Updates)
	writeFileLocations(w, info.FileLocations)
	w.Int32s("OutOfScopeRevisionIDs", info.OutOfScopeRevisionIDs)
	w.Close(name)
}

func writeFragments(w *soap.Writer, fragments []Fragment) {
	if len(fragments) == 0 {
		return
	}
	w.Open("Updates")
	for _, f := range fragments {
		w.Open("Update")
		w.Int("ID", int64(f.ID))
		w.String("Xml", f.XML)
		w.Close("Update")
	}
	w.Close("Updates")
}

func readExtendedInfo(s *soap.Scanner) ExtendedInfo {
	var info ExtendedInfo
	for s.Child() {
		switch string(s.Name()) {
		case "Updates":
			s.List("Update", maxAnswerItems, func() { info.Updates = append(info.Updates, readFragment(s)) })
		case "FileLocations":
			info.FileLocations = readFileLocations(s)
		case "OutOfScopeRevisionIDs":
			info.OutOfScopeRevisionIDs = s.Int32s(nil, maxAnswerItems)
		default:
			s.Skip()
		}
	}
	return info
}

func readFragment(s *soap.Scanner) Fragment {
	var f Fragment
	for s.Child() {
		switch string(s.Name()) {
		case "ID":
			f.ID = s.Int32()
		case "Xml":
			f.XML = s.String()
		default:
			s.Skip()
		}
	}
	return f
}
