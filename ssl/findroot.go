package ssl

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ErrPath says that a path is written so that two readers could understand it differently. A server answers 400.
var ErrPath = errors.New("ambiguous path")

// FindRoot returns the virtual root that the first segment of a request's path names, without regard to case, and the rest of
// the path, decoded once, with its leading slash; the rest of "/Content" is empty. ok is false for a path of no root.
//
// Paths that could be read in two ways are refused with an error wrapping [ErrPath], before any matching, so that nothing gets
// past the rule of a root by another spelling: encoded slashes and percent signs, backslashes, dot and empty segments, control
// characters, and what is no valid UTF-8 encoding. An encoded letter is decoded: /%43ontent is Content.
func FindRoot(u *url.URL) (root Root, rest string, ok bool, err error) {
	path, err := decodeOnce(u.EscapedPath())
	if err != nil {
		return Root{}, "", false, err
	}
	segment, _, _ := strings.Cut(path[1:], "/")
	root, ok = rootNamed(segment)
	if !ok {
		return Root{}, "", false, nil
	}
	return root, path[1+len(segment):], true, nil
}

func decodeOnce(escaped string) (string, error) {
	if !strings.HasPrefix(escaped, "/") {
		return "", fmt.Errorf("%w: it does not begin with a slash", ErrPath)
	}
	if strings.Contains(escaped, "%2f") || strings.Contains(escaped, "%2F") {
		return "", fmt.Errorf("%w: encoded slash", ErrPath)
	}
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrPath, err)
	}
	if path != strings.ToValidUTF8(path, "") {
		return "", fmt.Errorf("%w: not UTF-8", ErrPath)
	}
	for _, r := range path {
		switch {
		case r == '%':
			return "", fmt.Errorf("%w: encoded percent sign", ErrPath)
		case r == '\\':
			return "", fmt.Errorf("%w: backslash", ErrPath)
		case r < ' ' || r == 0x7f:
			return "", fmt.Errorf("%w: control character", ErrPath)
		}
	}
	return path, checkSegments(path)
}

// checkSegments allows one empty segment, at the end: /Content/.
func checkSegments(path string) error {
	for rest, more := path[1:], true; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		switch {
		case segment == "." || segment == "..":
			return fmt.Errorf("%w: dot segment", ErrPath)
		case segment == "" && more:
			return fmt.Errorf("%w: empty segment", ErrPath)
		}
	}
	return nil
}
