package catalog

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
)

// The file that says which generation is in force, and the one that it is written as.
const (
	currentName = "CURRENT"
	currentTemp = "CURRENT.tmp"
)

// currentFormat has the number of the generation and the CRC-32C of its whole file.
const currentFormat = "generation %d crc32c %08x\n"

// maxCurrent bounds what is read of CURRENT.
const maxCurrent = 128

// readCurrent answers fs.ErrNotExist when there is no catalogue yet.
func readCurrent(vol Volume) (number int64, crc uint32, err error) {
	data, err := readFile(vol, currentName, maxCurrent)
	if err != nil {
		return 0, 0, err
	}
	_, err = fmt.Sscanf(string(data), currentFormat, &number, &crc)
	if err != nil || number < 0 || string(data) != fmt.Sprintf(currentFormat, number, crc) {
		return 0, 0, &DamageError{File: currentName, Reason: fmt.Sprintf("it says %.60q", data)}
	}
	return number, crc, nil
}

// writeGeneration writes and syncs the index of a generation that is not in force yet.
func writeGeneration(vol Volume, number int64, index []byte) error {
	if err := writeFile(vol, indexName(number), index); err != nil {
		return err
	}
	if err := writeFile(vol, currentTemp, fmt.Appendf(nil, currentFormat, number, crc32.Checksum(index, castagnoli))); err != nil {
		return err
	}
	return vol.SyncDir()
}

// swapIn puts the generation in force that writeGeneration wrote last. After an error either may be.
func swapIn(vol Volume) error {
	if err := vol.Rename(currentTemp, currentName); err != nil {
		return err
	}
	return vol.SyncDir()
}

// loadGeneration reads the generation in force, with the sizes of its segments.
func loadGeneration(vol Volume) (*Generation, []int64, error) {
	number, crc, err := readCurrent(vol)
	if err != nil {
		return nil, nil, err
	}
	name := indexName(number)
	data, err := readFile(vol, name, MaxIndexBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, &DamageError{File: currentName, Reason: name + ", which it names, is missing"}
	}
	if err != nil {
		return nil, nil, err
	}
	g, sizes, err := decodeIndex(name, data)
	if err != nil {
		return nil, nil, err
	}
	if g.number != number || crc32.Checksum(data, castagnoli) != crc {
		return nil, nil, &DamageError{File: currentName, Reason: name + " is not the file that it names"}
	}
	return g, sizes, nil
}

func readFile(vol Volume, name string, limit int64) ([]byte, error) {
	r, err := vol.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	size := r.Size()
	if size > limit {
		return nil, &DamageError{File: name, Offset: limit, Reason: fmt.Sprintf("it has %d bytes, more than %d", size, limit)}
	}
	data := make([]byte, size)
	if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

func writeFile(vol Volume, name string, data []byte) error {
	w, err := vol.Append(name)
	if err != nil {
		return err
	}
	if w.Size() > 0 { // left by a crash
		err = w.Truncate(0)
	}
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Sync()
	}
	return errors.Join(err, w.Close())
}
