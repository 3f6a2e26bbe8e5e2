package clientagent

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// silentError says that a source of content was given up because nothing came from it.
type silentError struct {
	url   string
	after time.Duration
}

func (e *silentError) Error() string {
	return fmt.Sprintf("%s has sent nothing for %v", e.url, e.after)
}

// noSpaceError says that the disk is full although all has gone that the cache does not need.
type noSpaceError struct{ cause error }

func (e *noSpaceError) Error() string { return e.cause.Error() }

func (e *noSpaceError) Unwrap() error { return e.cause }

func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// contentCode is the HRESULT of a failed download.
func contentCode(err error) int32 {
	var (
		mismatch *content.MismatchError
		silent   *silentError
		noSpace  *noSpaceError
	)
	switch {
	case errors.Is(err, errDownloadCancelled):
		return CodeJobCancelled
	case errors.Is(err, errNoURL):
		return CodeURLNotAvailable
	case errors.As(err, &mismatch):
		return CodeIncorrectHash
	case errors.As(err, &noSpace):
		return CodeNoSpaceForContent
	case diskFull(err):
		return CodeDiskFull
	case errors.As(err, &silent), errors.Is(err, errTooLong):
		return codeTimeout
	}
	return CodeNotDownloaded
}

// onOneLine puts several answers of sources behind each other.
func onOneLine(faults []error) string {
	texts := make([]string, len(faults))
	for i, fault := range faults {
		texts[i] = fault.Error()
	}
	return strings.Join(texts, "; ")
}
