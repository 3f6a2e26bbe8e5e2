package ports_test

import (
	"errors"
	"testing"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/ports"
)

// The table is written by hand from the four rows of the rule and the bounds of a port.
func TestValidate(t *testing.T) {
	for _, c := range []struct {
		pair   ports.Pair
		faults []error
		says   []string
	}{
		{pair: ports.Pair{HTTP: 80, HTTPS: 443}},
		{pair: ports.Pair{HTTP: 8530, HTTPS: 8531}},
		{pair: ports.Pair{HTTP: 1, HTTPS: 2}},
		{pair: ports.Pair{HTTP: 65534, HTTPS: 65535}},
		{pair: ports.Pair{}, faults: []error{ports.ErrMissing, ports.ErrMissing},
			says: []string{"the HTTP port must be given", "the HTTPS port must be given", "8530/8531 or 80/443"}},
		{pair: ports.Pair{HTTP: 8530}, faults: []error{ports.ErrMissing}, says: []string{"the HTTPS port", "8530/8531"}},
		{pair: ports.Pair{HTTPS: 443}, faults: []error{ports.ErrMissing}, says: []string{"the HTTP port", "80/443"}},
		{pair: ports.Pair{HTTP: -1}, faults: []error{ports.ErrRange, ports.ErrMissing}, says: []string{"HTTP port -1"}},
		{pair: ports.Pair{HTTP: 65536, HTTPS: 70000}, faults: []error{ports.ErrRange, ports.ErrRange},
			says: []string{"65536", "70000"}},
		{pair: ports.Pair{HTTP: 8530, HTTPS: 8530}, faults: []error{ports.ErrEqual, ports.ErrPairing}},
		{pair: ports.Pair{HTTP: 8531, HTTPS: 8530}, faults: []error{ports.ErrPairing},
			says: []string{"8531/8532 or 8529/8530"}},
		{pair: ports.Pair{HTTP: 80, HTTPS: 81}, faults: []error{ports.ErrPairing}, says: []string{"80/443"}},
		{pair: ports.Pair{HTTP: 442, HTTPS: 443}, faults: []error{ports.ErrPairing}, says: []string{"80/443"}},
		{pair: ports.Pair{HTTP: 80, HTTPS: 8531}, faults: []error{ports.ErrPairing}, says: []string{"80/443 or 8530/8531"}},
		{pair: ports.Pair{HTTP: 65535, HTTPS: 1}, faults: []error{ports.ErrPairing}, says: []string{"8530/8531 or 80/443"}},
	} {
		t.Run(c.pair.String(), func(t *testing.T) {
			err := c.pair.Validate()
			if c.faults == nil {
				require.NoError(t, err)
				return
			}
			var all *multierror.Error
			require.ErrorAs(t, err, &all)
			require.Len(t, all.Errors, len(c.faults))
			for i, fault := range c.faults {
				require.ErrorIs(t, all.Errors[i], fault)
			}
			for _, words := range c.says {
				require.ErrorContains(t, err, words)
			}
		})
	}
}

func TestCounterpart(t *testing.T) {
	for _, https := range []int{1, 81} {
		_, err := ports.ForHTTPS(https)
		require.ErrorIs(t, err, ports.ErrPairing, "HTTPS %d", https)
	}
	for _, http := range []int{442, 65535} {
		_, err := ports.ForHTTP(http)
		require.ErrorIs(t, err, ports.ErrPairing, "HTTP %d", http)
	}
	for _, none := range []int{-1, 0, 65536} {
		_, err := ports.ForHTTP(none)
		require.ErrorIs(t, err, ports.ErrRange)
		_, err = ports.ForHTTPS(none)
		require.ErrorIs(t, err, ports.ErrRange)
	}
}

// A port has a counterpart exactly when some pair with it is valid, and then that pair is found from both sides.
func TestCounterpartIsTheOnlyValidPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pair := ports.Pair{HTTP: rapid.IntRange(-2, 65540).Draw(t, "http")}
		pair.HTTPS = rapid.OneOf(rapid.Just(pair.HTTP+1), rapid.Just(443), rapid.IntRange(-2, 65540)).Draw(t, "https")

		fromHTTP, errHTTP := ports.ForHTTP(pair.HTTP)
		fromHTTPS, errHTTPS := ports.ForHTTPS(pair.HTTPS)
		valid := pair.Validate() == nil
		require.Equal(t, valid, errHTTP == nil && fromHTTP == pair)
		require.Equal(t, valid, errHTTPS == nil && fromHTTPS == pair)
		if errHTTP == nil {
			require.NoError(t, fromHTTP.Validate())
		}
		if errHTTPS == nil {
			require.NoError(t, fromHTTPS.Validate())
		}
		require.False(t, errors.Is(pair.Validate(), ports.ErrEqual) != (pair.HTTP == pair.HTTPS && pair.HTTP > 0 && pair.HTTP < 65536))
	})
}
