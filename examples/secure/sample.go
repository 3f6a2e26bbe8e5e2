package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
)

// sample is composed: a WSUS server whose channel somebody began to secure.
//
//go:embed sample/applicationHost.config
var sample []byte

// sampleName is the name of the server of the sample.
const sampleName = "wsus01.lab.example"

// copySample writes the sample into a folder of its own, where it stays for the next try.
func copySample() (path string, err error) {
	folder, err := os.MkdirTemp("", "secure-sample-")
	if err != nil {
		return "", fmt.Errorf("copy the sample: %w", err)
	}
	path = filepath.Join(folder, "applicationHost.config")
	if err := os.WriteFile(path, sample, 0o600); err != nil {
		return "", fmt.Errorf("copy the sample: %w", err)
	}
	return path, nil
}
