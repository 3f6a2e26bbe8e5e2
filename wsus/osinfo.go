package wsus

import (
	"fmt"
	"strings"
)

// workstation is the ProductType of a client; everything else is a server.
const workstation = 1

// osNames are the names of Windows by version, for clients and for servers (MS-WUSP §2.2.2.2.3 derives them from the same numbers).
var osNames = map[string][2]string{
	"5.0": {"Windows 2000", "Windows 2000 Server"},
	"5.1": {"Windows XP", "Windows XP"},
	"5.2": {"Windows XP x64 Edition", "Windows Server 2003"},
	"6.0": {"Windows Vista", "Windows Server 2008"},
	"6.1": {"Windows 7", "Windows Server 2008 R2"},
	"6.2": {"Windows 8", "Windows Server 2012"},
	"6.3": {"Windows 8.1", "Windows Server 2012 R2"},
}

// osBuilds tell apart what calls itself 10.0: the first build of each release, the latest first.
var osBuilds = []struct {
	build          int
	client, server string
}{
	{26100, "Windows 11", "Windows Server 2025"},
	{22000, "Windows 11", "Windows Server 2022"},
	{20348, "Windows 10", "Windows Server 2022"},
	{17763, "Windows 10", "Windows Server 2019"},
	{0, "Windows 10", "Windows Server 2016"},
}

// OSName is the name of the operating system by its numbers. Clients describe themselves in OSDescription too, where Windows 11 says
// Windows 10.
func (c Computer) OSName() string {
	var major, minor, build int
	if n, err := fmt.Sscanf(c.OSVersion, "%d.%d.%d", &major, &minor, &build); n < 3 || err != nil || major == 0 {
		return "Windows"
	}
	server := 0
	if c.ProductType != workstation {
		server = 1
	}
	if major == 10 {
		for _, b := range osBuilds {
			if build >= b.build {
				return [...]string{b.client, b.server}[server]
			}
		}
	}
	if names, ok := osNames[fmt.Sprintf("%d.%d", major, minor)]; ok {
		return names[server]
	}
	return fmt.Sprintf("Windows %d.%d", major, minor)
}

// Platform is the processor architecture in one spelling: X86, AMD64, IA64 or ARM64; what the client said when it is none of them. The
// product looks for the names inside of the text, without regard to case.
func (c Computer) Platform() string {
	upper := strings.ToUpper(c.Architecture)
	for _, name := range []string{"ARM64", "AMD64", "IA64", "X86"} {
		if strings.Contains(upper, name) {
			return name
		}
	}
	return c.Architecture
}
