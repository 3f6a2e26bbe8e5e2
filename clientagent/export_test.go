package clientagent

import (
	"io"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// OpenJournal opens a DirStore's records on any folder, such as a disk that forgets what was not synced.
func OpenJournal(folder durable.FS) (Store, error) { return openJournal(folder) }

// ReadJournal counts the records of the good batches.
func ReadJournal(r io.ReaderAt, size int64) (records int, end int64, err error) {
	end, err = readJournal(r, size, func(string, span) { records++ })
	return records, end, err
}

// AppendFrame makes a batch as a journal holds it.
func AppendFrame(b []byte, keys []string, records map[string][]byte) []byte {
	b, _ = appendFrame(b, keys, records)
	return b
}
