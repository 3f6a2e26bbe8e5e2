// Command samplecatalog writes the sample catalogue of examples/site. It writes the same bytes each time; a file that the
// catalogue no longer has is removed.
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
	for _, part := range []string{"updates", "content"} {
		if err := os.RemoveAll(filepath.Join(folder, part)); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(folder, part), 0o755); err != nil {
			return err
		}
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
