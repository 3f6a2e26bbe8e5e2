package sample

import (
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

// Files returns the whole catalogue by path, slashes in it: updates/NNN-name.xml and content/FileName. It is the same each time.
func Files() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, part := range parts() {
		for i, document := range part.documents {
			text, err := document.XML()
			if err != nil {
				return nil, err
			}
			name := fmt.Sprintf("updates/%03d-%s.xml", part.first+i, document.Name)
			if err := add(files, name, text); err != nil {
				return nil, err
			}
			for _, payload := range document.Payloads {
				if err := add(files, "content/"+payload.Name, payload.Content()); err != nil {
					return nil, err
				}
			}
		}
	}
	return files, nil
}

// add refuses a name that is taken: two payloads of one name would overwrite each other.
func add(files map[string][]byte, name string, content []byte) error {
	if _, taken := files[name]; taken {
		return fmt.Errorf("two files are named %s", name)
	}
	files[name] = content
	return nil
}

// part is a run of documents; numbers leave room, so that a new document renames few files.
type part struct {
	first     int
	documents []compose.Document
}

func parts() []part {
	return []part{
		{1, classifications()},
		{21, microsoft()},
		{31, vendors()},
		{101, detectoids()},
		{201, windows10()},
		{231, windows11()},
		{251, server2022()},
		{271, hardening()},
		{281, protection()},
		{301, machines()},
		{331, optional()},
		{401, lindenhof()},
		{501, tannwald()},
		{601, birkensee()},
		{701, falkenried()},
	}
}
