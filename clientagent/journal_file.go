package clientagent

import "github.com/seed599db172/softwareupdates/internal/durable"

// journalFile is a journal with those who read from it. One that was replaced stays open until the last of them has ended. The store's lock
// guards the fields.
type journalFile struct {
	durable.File
	readers int
	retired bool
}

func (f *journalFile) value(at span) ([]byte, error) {
	value := make([]byte, at.size)
	if n, err := f.ReadAt(value, at.offset); n < len(value) {
		return nil, err
	}
	return value, nil
}

// retire closes the file now, or when its last reader ends.
func (f *journalFile) retire() error {
	f.retired = true
	return f.closeUnused()
}

func (f *journalFile) closeUnused() error {
	if !f.retired || f.readers > 0 {
		return nil
	}
	f.retired = false // closed once
	return f.Close()
}
