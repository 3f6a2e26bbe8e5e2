package applicability

import "strings"

// The folder numbers (CSIDL) that metadata uses.
const (
	csidlFonts           = 20
	csidlCommonStartMenu = 22
	csidlCommonPrograms  = 23
	csidlCommonStartup   = 24
	csidlCommonDesktop   = 25
	csidlAppData         = 26
	csidlLocalAppData    = 28
	csidlCommonAppData   = 35
	csidlWindows         = 36
	csidlSystem          = 37
	csidlProgramFiles    = 38
	csidlProfile         = 40
	csidlSystemX86       = 41
	csidlProgramFilesX86 = 42
	csidlCommonFiles     = 43
	csidlCommonFilesX86  = 44
	csidlPublicDocuments = 46
)

// Folder returns the folder of a CSIDL number: what Folders says, else that of a standard installation on drive C, where the
// evaluating account is SYSTEM. Numbers that no metadata uses are not known.
func (s System) Folder(csidl int) (string, bool) {
	if folder, ok := s.Folders[csidl]; ok {
		return folder, true
	}
	below := func(base int, path string) (string, bool) {
		folder, ok := s.Folder(base)
		return folder + path, ok
	}
	const startMenu = `\Microsoft\Windows\Start Menu`
	switch csidl {
	case csidlCommonAppData:
		return `C:\ProgramData`, true
	case csidlWindows:
		return `C:\Windows`, true
	case csidlProgramFiles:
		return `C:\Program Files`, true
	case csidlProgramFilesX86:
		if s.Architecture == x86 {
			return s.Folder(csidlProgramFiles)
		}
		return `C:\Program Files (x86)`, true
	case csidlProfile:
		return below(csidlSystem, `\config\systemprofile`)
	case csidlPublicDocuments:
		return `C:\Users\Public\Documents`, true
	case csidlFonts:
		return below(csidlWindows, `\Fonts`)
	case csidlCommonStartMenu:
		return below(csidlCommonAppData, startMenu)
	case csidlCommonPrograms:
		return below(csidlCommonAppData, startMenu+`\Programs`)
	case csidlCommonStartup:
		return below(csidlCommonAppData, startMenu+`\Programs\Startup`)
	case csidlCommonDesktop:
		return `C:\Users\Public\Desktop`, true
	case csidlAppData:
		return below(csidlProfile, `\AppData\Roaming`)
	case csidlLocalAppData:
		return below(csidlProfile, `\AppData\Local`)
	case csidlSystem:
		return below(csidlWindows, `\System32`)
	case csidlSystemX86:
		if s.Architecture == x86 {
			return s.Folder(csidlSystem)
		}
		return below(csidlWindows, `\SysWOW64`)
	case csidlCommonFiles:
		return below(csidlProgramFiles, `\Common Files`)
	case csidlCommonFilesX86:
		return below(csidlProgramFilesX86, `\Common Files`)
	}
	return "", false
}

// variable returns an environment variable that follows from the folders.
func (s System) variable(name string) (string, bool) {
	switch strings.ToLower(name) {
	case "systemroot", "windir":
		return s.Folder(csidlWindows)
	case "systemdrive":
		windows, ok := s.Folder(csidlWindows)
		drive, _, _ := strings.Cut(windows, `\`)
		return drive, ok
	case "programfiles", "programw6432":
		return s.Folder(csidlProgramFiles)
	case "programfiles(x86)":
		return s.Folder(csidlProgramFilesX86)
	case "commonprogramfiles", "commonprogramw6432":
		return s.Folder(csidlCommonFiles)
	case "commonprogramfiles(x86)":
		return s.Folder(csidlCommonFilesX86)
	case "programdata", "allusersprofile":
		return s.Folder(csidlCommonAppData)
	case "userprofile":
		return s.Folder(csidlProfile)
	case "appdata":
		return s.Folder(csidlAppData)
	case "localappdata":
		return s.Folder(csidlLocalAppData)
	case "public":
		return `C:\Users\Public`, true
	}
	return "", false
}
