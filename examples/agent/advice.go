package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// explain is the last line that a failing program prints: what is wrong, and what to do about it.
func explain(ctx context.Context, err error) string {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return "interrupted; with -data the next start goes on from here"
	}
	return withAdvice(err)
}

func withAdvice(err error) string {
	text := flat(err.Error())
	if advice := advise(err); advice != "" {
		return text + "; " + advice
	}
	return text
}

// flat is a text without its line breaks.
func flat(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' }), "; ")
}

// advise says what a user can do about an error; it is empty where nothing better is known than the error itself.
func advise(err error) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		record    tls.RecordHeaderError
		name      *net.DNSError
		failed    *clientagent.InstallError
	)
	switch {
	case errors.As(err, &authority):
		return "give the file with the server's certificate authority with -ca (a site of examples/site keeps it in ca/ca.crt of its data folder)"
	case errors.As(err, &host):
		return "call the server by a name of its certificate"
	case errors.As(err, &record), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return "the port speaks plain HTTP: use http://, or the port for HTTPS, which is one higher"
	case errors.As(err, &name):
		return "check the name in the URL"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "check that the server runs, and its port: 8530 for http and 8531 for https unless it was set up otherwise"
	case errors.Is(err, syscall.ENOSPC):
		return "make room on the disk; nothing is lost, the same command goes on"
	case errors.Is(err, clientagent.ErrLocked):
		return "end the other agent, or name another folder with -data"
	case errors.Is(err, clientagent.ErrDamaged):
		return "name a new folder with -data; what the old one holds cannot be trusted"
	case errors.Is(err, clientagent.ErrNotAuthorized):
		return "the site knows this client by another registration: use the folder of -data that it registered with, or remove the client at the site"
	case errors.Is(err, clientagent.ErrNotReady):
		return "add the software update point at the site first"
	case errors.Is(err, clientagent.ErrDisabled):
		return "the site's operator can enable the software updates client agent"
	case errors.Is(err, clientagent.ErrRestartFirst):
		return "run with -install again after the restart"
	case strings.Contains(err.Error(), "403 Forbidden"), strings.Contains(err.Error(), "400 Bad Request"):
		return "a server that requires SSL answers so on its other port: check http or https and the port"
	case strings.Contains(err.Error(), "404 Not Found"):
		return "there is no such service at this URL: -server takes a WSUS server, -site a site of this library"
	case errors.As(err, &failed):
		return adviseCode(failed.Code)
	}
	return ""
}

// adviseCode says what to do about a code that an installation or a download ended with.
func adviseCode(code int32) string {
	switch code {
	case clientagent.StatusNoWindow:
		return "a longer maintenance window is needed, or a shorter maximum run time of the update"
	case clientagent.CodeExecutionTimeout:
		return "the maximum run time of the update may be too short"
	case clientagent.CodeStillActionable:
		return "the installer ran and changed too little: see whether a restart is pending, or the update needs another one first"
	case clientagent.CodeNoSpaceForContent, clientagent.CodeDiskFull:
		return "make room on the disk"
	case clientagent.CodeJobCancelled, clientagent.CodeOperationCancelled:
		return "run with -install again to go on"
	case clientagent.CodeUnknownHandler:
		return "this machine has no installer for such updates; a snapshot installs commands, Windows Installer packages and servicing packages"
	case clientagent.CodeInstallerFailure:
		return "see the log of the installer on the machine"
	case clientagent.CodeIncorrectHash:
		return "the server's file is not the one that its catalogue names: it must fetch the content again"
	case clientagent.CodeURLNotAvailable, clientagent.CodeNotDownloaded:
		return "the server does not hold the content yet"
	case clientagent.CodeCannotConnect, clientagent.CodeRequestTimeout, clientagent.CodeServiceUnavailable:
		return "check the server and the way to it"
	}
	return ""
}

// codeWords are a code in hexadecimal, as the product writes it, and in words.
func codeWords(code int32) string {
	text := fmt.Sprintf("0x%08X", uint32(code))
	if code == clientagent.StatusNoWindow || code == clientagent.StatusRunTimeExceeded {
		text = fmt.Sprintf("status message %d", code)
	}
	if meaning := clientagent.CodeMeaning(code); meaning != "" {
		text += " (" + meaning + ")"
	}
	return text
}
