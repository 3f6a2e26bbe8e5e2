// Package storagetest holds one conformance suite per store interface. Every backend runs them, also one of your own:
//
//	func TestWSUS(t *testing.T) {
//		storagetest.WSUS(t, func(t testing.TB, dir string) (wsus.Store, func() error) {
//			db, err := mybackend.Open(dir)
//			require.NoError(t, err)
//			return db.WSUS(), db.Close
//		}, storagetest.Features{Reopen: true})
//	}
//
// All stores keep times to the microsecond and give them back in UTC, and give an empty list back as nil. The benchmarks take the
// same functions.
package storagetest
