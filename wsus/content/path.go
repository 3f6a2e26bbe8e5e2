package content

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// root is the virtual root of files in a WSUS web site.
const root = "/Content/"

// maxExtension is the longest file name extension that stands in a path.
const maxExtension = 16

// Path returns where a file is served: /Content/<XX>/<SHA1>.<ext> with upper-case digits, XX the last two of them (MS-WUSP
// §2.2.2.5). The extension is that of Ref.Name, in its case, if it has letters and digits only; otherwise there is none.
func Path(ref Ref) string {
	name := ref.SHA1.String()
	p := root + folderOf(ref.SHA1) + "/" + name
	if ext := strings.TrimPrefix(path.Ext(ref.Name), "."); isExtension(ext) {
		p += "." + ext
	}
	return p
}

// ErrPath says that a path is not one that Path makes.
var ErrPath = errors.New("not the path of a file")

// ParsePath returns the digest in a path that Path has made, compared without case. Everything else, however similar, answers
// an error wrapping ErrPath: nothing is decoded, cleaned or skipped.
func ParsePath(p string) (SHA1, error) {
	if len(p) < len(root) || !strings.EqualFold(p[:len(root)], root) {
		return SHA1{}, fmt.Errorf("%w: it does not begin with %s", ErrPath, root)
	}
	folder, name, found := strings.Cut(p[len(root):], "/")
	digits, ext, dotted := strings.Cut(name, ".")
	if !found || dotted && !isExtension(ext) {
		return SHA1{}, fmt.Errorf("%w: it is not folder, digest and extension", ErrPath)
	}
	sha1, err := ParseSHA1(digits)
	if err != nil {
		return SHA1{}, fmt.Errorf("%w: %w", ErrPath, err)
	}
	if !strings.EqualFold(folder, folderOf(sha1)) {
		return SHA1{}, fmt.Errorf("%w: the folder is not that of the digest", ErrPath)
	}
	return sha1, nil
}

func folderOf(sha1 SHA1) string { return fmt.Sprintf("%02X", sha1[len(sha1)-1]) }

func isExtension(ext string) bool {
	if ext == "" || len(ext) > maxExtension {
		return false
	}
	for _, c := range []byte(ext) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
			return false
		}
	}
	return true
}
