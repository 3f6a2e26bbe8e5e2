package updatepoint

import (
	"fmt"
	"strconv"
	"strings"
)

// version is a WSUS version of two to four numbers.
type version [4]uint32

func parseVersion(text string) (version, error) {
	var v version
	parts := strings.Split(text, ".")
	if len(parts) < 2 || len(parts) > 4 {
		return v, fmt.Errorf("version %.40q: want two to four numbers", text)
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return v, fmt.Errorf("version %.40q: want two to four numbers", text)
		}
		v[i] = uint32(n)
	}
	return v, nil
}

// tooOld tells versions before MinimumWSUSVersion.
func (v version) tooOld() bool { return v[0] < 3 }
