package ssl

import (
	"encoding/asn1"
	"errors"
	"fmt"
)

// Limits of what a PFX file may ask of its reader before its password is known to be right.
const (
	maxPFXDepth    = 32
	maxPFXElements = 10_000
	// maxPFXRounds bounds all key derivations of a file together. Files in use ask for some thousands each, careful ones for 600,000.
	maxPFXRounds = 2_000_000
	// maxSalt is the length of the longest salt or digest in use, that of SHA-512.
	maxSalt = 64
)

// pfxScan walks the DER of a file without understanding it.
type pfxScan struct {
	elements, rounds int
}

// checkPFX bounds the work that a decoder is made to do. Every key derivation of PKCS #12 has its number of rounds as the INTEGER
// right behind the OCTET STRING of its salt (RFC 7292 appendix B and MacData, RFC 8018 appendix A), and the decoder obeys whatever
// stands there. What is encrypted cannot be seen here: only who knows the password can have put it there.
func checkPFX(data []byte) error {
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal(data, &outer)
	switch {
	case err != nil || outer.Class != asn1.ClassUniversal || outer.Tag != asn1.TagSequence:
		return errors.New("not a PFX file (PKCS #12 in DER), or it is cut off")
	case len(rest) > 0:
		return fmt.Errorf("%d bytes follow its end", len(rest))
	}
	var parts []asn1.RawValue
	if _, err := asn1.Unmarshal(data, &parts); err != nil {
		return errors.New("not a PFX file: its parts cannot be told apart")
	}
	if len(parts) < 3 {
		return errors.New("it has no check sum, so that nobody can tell whether it is whole")
	}
	var scan pfxScan
	return scan.walk(outer.Bytes, 0)
}

// walk looks at a row of elements.
func (s *pfxScan) walk(row []byte, depth int) error {
	if depth > maxPFXDepth {
		return fmt.Errorf("it is nested deeper than %d levels", maxPFXDepth)
	}
	for salt := false; len(row) > 0; {
		var element asn1.RawValue
		rest, err := asn1.Unmarshal(row, &element)
		if err != nil {
			return fmt.Errorf("damaged: %w", err)
		}
		row = rest
		if s.elements++; s.elements > maxPFXElements {
			return fmt.Errorf("it has more than %d elements", maxPFXElements)
		}
		universal := element.Class == asn1.ClassUniversal
		if universal && element.Tag == asn1.TagInteger && salt {
			if err := s.count(element); err != nil {
				return err
			}
		}
		salt = universal && element.Tag == asn1.TagOctetString
		if element.IsCompound || salt && holdsDER(element.Bytes) {
			if err := s.walk(element.Bytes, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// count adds the rounds of one derivation.
func (s *pfxScan) count(element asn1.RawValue) error {
	var rounds int32
	if _, err := asn1.Unmarshal(element.FullBytes, &rounds); err != nil || rounds < 1 || int(rounds) > maxPFXRounds-s.rounds {
		return fmt.Errorf("it asks for more than %d rounds of key derivation", maxPFXRounds)
	}
	s.rounds += int(rounds)
	return nil
}

// holdsDER says that an octet string wraps one sequence, as PKCS #7 wraps the content of a file. Salts and digests are short, and
// must not be taken for one when they happen to begin so.
func holdsDER(data []byte) bool {
	if len(data) <= maxSalt {
		return false
	}
	var inner asn1.RawValue
	rest, err := asn1.Unmarshal(data, &inner)
	return err == nil && len(rest) == 0 && inner.IsCompound && inner.Tag == asn1.TagSequence
}
