package metadata

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// readFiles reads the payload list.
func (x *Extended) readFiles(e *element) error {
	for _, c := range e.children {
		if c.local != "File" {
			return faultf(c.line, "Files has an unknown child, %s", c.label())
		}
		f, err := c.file()
		if err != nil {
			return err
		}
		x.Files = append(x.Files, f)
	}
	return nil
}

func (e *element) file() (f File, err error) {
	f.Name = e.value("FileName")
	if f.Name == "" {
		return f, faultf(e.line, "File has no FileName")
	}
	if strings.ContainsAny(f.Name, `/\:`) || f.Name == "." || f.Name == ".." {
		return f, faultf(e.line, "FileName %q is not a plain name", f.Name)
	}
	if algorithm, ok := e.attr("DigestAlgorithm"); ok && !strings.EqualFold(algorithm, "SHA1") {
		return f, faultf(e.line, "DigestAlgorithm of %s is %q, want SHA1", f.Name, algorithm)
	}
	digest, err := e.digest(f.Name, "Digest", e.value("Digest"), sha1.Size)
	if err != nil {
		return f, err
	}
	f.SHA1 = [sha1.Size]byte(digest)
	if _, ok := e.attr("Size"); !ok {
		return f, faultf(e.line, "File %s has no Size", f.Name)
	}
	if f.Size, err = e.size("Size"); err != nil {
		return f, err
	}
	if f.Modified, err = e.time("Modified"); err != nil {
		return f, err
	}
	f.PatchingType, f.PatchingTypePreferred = e.value("PatchingType"), e.value("PatchingTypePreferred")
	for _, a := range e.attrs {
		if !isDeclaration(a) && !fileAttributes[a.Name.Local] {
			f.OtherAttrs = append(f.OtherAttrs, Attr{Name: a.Name.Local, Value: a.Value})
		}
	}
	for _, c := range e.children {
		if c.local != "AdditionalDigest" || !strings.EqualFold(c.value("Algorithm"), "SHA256") {
			f.Other = append(f.Other, c.node())
			continue
		}
		digest, err := c.digest(f.Name, "SHA256 digest", c.content(), sha256.Size)
		if err != nil {
			return f, err
		}
		f.SHA256 = [sha256.Size]byte(digest)
	}
	return f, nil
}

// fileAttributes are those of File, of EulaFile, which is a file with a language and a country, and of OriginFile of packages.
var fileAttributes = map[string]bool{
	"Digest": true, "DigestAlgorithm": true, "FileName": true, "Size": true, "Modified": true, "PatchingType": true,
	"PatchingTypePreferred": true, "Language": true, "GeoId": true, "OriginUri": true,
}

func (e *element) digest(file, what, text string, size int) ([]byte, error) {
	digest, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, faultf(e.line, "%s of %s is not base64", what, file)
	}
	if len(digest) != size {
		return nil, faultf(e.line, "%s of %s has %d bytes, want %d", what, file, len(digest), size)
	}
	return digest, nil
}
