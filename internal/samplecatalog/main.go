// Command samplecatalog writes the sample catalogue of examples/site. It writes the same bytes each time.
//
//	go run ./internal/samplecatalog -out examples/site/catalog
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/sample"
)

func main() {
	out := flag.String("out", "", "folder to write updates/ and content/ into")
	flag.Parse()
	if *out == "" {
		fmt.Fprintln(os.Stderr, "samplecatalog: -out names no folder")
		os.Exit(2)
	}
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "samplecatalog:", err)
		os.Exit(1)
	}
}

func write(folder string) error {
	files, err := sample.Files()
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return refuseOthers(folder, files)
}

// refuseOthers names a file that the catalogue has no longer. It is left to the user to remove it: the folder may be a wrong one.
func refuseOthers(folder string, files map[string][]byte) error {
	for _, part := range []string{"updates", "content"} {
		entries, err := os.ReadDir(filepath.Join(folder, part))
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if _, ours := files[part+"/"+entry.Name()]; !ours {
				return fmt.Errorf("%s is not of the catalogue; remove it", filepath.Join(folder, part, entry.Name()))
			}
		}
	}
	return nil
}
