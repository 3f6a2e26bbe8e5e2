package clientsync

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// getFileLocations answers where files are (MS-WUSP §2.2.2.2.7).
func getFileLocations(x *exchange) error {
	state, err := x.authenticateRegistered()
	if err != nil {
		return err
	}
	digests, err := readDigests(x.in, x.limits)
	if err != nil {
		return err
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	locations, err := x.backend.Locations(x.ctx, state.Bearer, digests)
	if err != nil {
		return fmt.Errorf("file locations: %w", err)
	}
	cookie, err := x.renew(state)
	if err != nil {
		return err
	}
	x.answer(func(w *soap.Writer) {
		w.Open("GetFileLocationsResult")
		writeFileLocations(w, locations)
		writeCookie(w, "NewCookie", cookie)
		w.Close("GetFileLocationsResult")
	})
	return nil
}

// readDigests reads what follows the cookie: SHA-1 digests, each of 20 bytes.
func readDigests(s *soap.Scanner, limits Limits) ([][20]byte, error) {
	var digests [][20]byte
	present, wrong := false, false
	for s.Child() {
		if string(s.Name()) != "fileDigests" {
			s.Skip()
			continue
		}
		present = true
		s.List("base64Binary", limits.IDs, func() {
			digest, ok := readDigest(s)
			wrong = wrong || !ok
			digests = append(digests, digest)
		})
	}
	switch {
	case s.Err() != nil:
		return nil, s.Err()
	case !present || wrong:
		return nil, invalid("fileDigests")
	default:
		return digests, nil
	}
}

func readDigest(s *soap.Scanner) (digest [20]byte, ok bool) {
	b := s.Base64()
	return digest, copy(digest[:], b) == len(b) && len(b) == len(digest)
}

// GetFileLocations asks where files are, by their SHA-1 (MS-WUSP §2.2.2.2.7). Unknown ones are left out of the answer. The
// cookie it answers replaces the one that was given.
func (c *Client) GetFileLocations(ctx context.Context, cookie Cookie, digests [][20]byte) ([]FileLocation, Cookie, error) {
	var (
		locations []FileLocation
		renewed   Cookie
	)
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "GetFileLocations"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.Open("fileDigests")
			for _, digest := range digests {
				w.Base64("base64Binary", digest[:])
			}
			w.Close("fileDigests")
		},
		func(s *soap.Scanner) {
			for s.Child() {
				locations, renewed = readFileLocationsResult(s)
			}
		})
	return locations, renewed, err
}

func readFileLocationsResult(s *soap.Scanner) (locations []FileLocation, renewed Cookie) {
	for s.Child() {
		switch string(s.Name()) {
		case "FileLocations":
			locations = readFileLocations(s)
		case "NewCookie":
			renewed = readCookie(s)
		default:
			s.Skip()
		}
	}
	return locations, renewed
}

func writeFileLocations(w *soap.Writer, locations []FileLocation) {
	if len(locations) == 0 {
		return
	}
	w.Open("FileLocations")
	for _, l := range locations {
		w.Open("FileLocation")
		w.Base64("FileDigest", l.FileDigest[:])
		w.String("Url", l.URL)
		w.Close("FileLocation")
	}
	w.Close("FileLocations")
}

// readFileLocations leaves out what has no SHA-1: nothing could be verified by it.
func readFileLocations(s *soap.Scanner) []FileLocation {
	var locations []FileLocation
	s.List("FileLocation", maxAnswerItems, func() {
		var l FileLocation
		known := false
		for s.Child() {
			switch string(s.Name()) {
			case "FileDigest":
				l.FileDigest, known = readDigest(s)
			case "Url":
				l.URL = s.String()
			default:
				s.Skip()
			}
		}
		if known {
			locations = append(locations, l)
		}
	})
	return locations
}
