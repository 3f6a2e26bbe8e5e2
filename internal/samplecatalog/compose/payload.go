package compose

import (
	"crypto/sha1" //nolint:gosec // the key of a file in the protocol; SHA-256 proves it
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"

	"github.com/beevik/etree"
)

// Payload is a file of an update. Its bytes follow from name and size alone, so that digests never change.
type Payload struct {
	Name     string
	Size     int
	Modified string // the day
	Patching string // PatchingType; empty: a plain file
}

// Content is numbered lines of text: no payload of the sample can be mistaken for a program.
func (p Payload) Content() []byte {
	b := make([]byte, 0, p.Size+128)
	for line := 1; len(b) < p.Size; line++ {
		b = fmt.Appendf(b, "%s, line %06d: this text stands in for an installer and does nothing.\n", p.Name, line)
	}
	return b[:p.Size]
}

func totalSize(payloads []Payload) int {
	sum := 0
	for _, p := range payloads {
		sum += p.Size
	}
	return sum
}

func files(payloads []Payload) *etree.Element {
	all := element("upd", "Files")
	for _, p := range payloads {
		content := p.Content()
		short, long := sha1.Sum(content), sha256.Sum256(content) //nolint:gosec // see above
		file := element("upd", "File",
			"Digest", base64.StdEncoding.EncodeToString(short[:]),
			"DigestAlgorithm", "SHA1",
			"FileName", p.Name,
			"Size", strconv.Itoa(p.Size),
			"Modified", p.Modified+"T09:30:00Z",
			"PatchingType", p.Patching)
		digest := text("upd", "AdditionalDigest", base64.StdEncoding.EncodeToString(long[:]))
		digest.CreateAttr("Algorithm", "SHA256")
		file.AddChild(digest)
		all.AddChild(file)
	}
	return all
}
