package metadata

import (
	"encoding/base64"
	"strconv"
)

func (f *File) element() *element {
	e := makeElement(UpdateNamespace, "File", "Digest", base64.StdEncoding.EncodeToString(f.SHA1[:]), "DigestAlgorithm", "SHA1",
		"FileName", f.Name, "Size", strconv.FormatInt(f.Size, 10))
	if !f.Modified.IsZero() {
		e.set("Modified", timeText(f.Modified))
	}
	e.setIf("PatchingType", f.PatchingType)
	e.setIf("PatchingTypePreferred", f.PatchingTypePreferred)
	return e.add(f.digestElement(UpdateNamespace))
}

func (f *OriginFile) element() *element {
	e := makeElement(PackageNamespace, "OriginFile", "Digest", base64.StdEncoding.EncodeToString(f.SHA1[:]), "FileName", f.Name,
		"Size", strconv.FormatInt(f.Size, 10))
	if !f.Modified.IsZero() {
		e.set("Modified", timeText(f.Modified))
	}
	e.setIf("OriginUri", f.URI)
	e.add(f.digestElement(PackageNamespace))
	return e
}

// digestElement carries the SHA-256; nil when it is not known.
func (f *File) digestElement(space string) *element {
	if f.SHA256 == ([32]byte{}) {
		return nil
	}
	e := makeElement(space, "AdditionalDigest", "Algorithm", "SHA256")
	e.text = base64.StdEncoding.EncodeToString(f.SHA256[:])
	return e
}
