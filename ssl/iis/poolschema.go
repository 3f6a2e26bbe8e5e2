package iis

import (
	"fmt"
	"strconv"
	"strings"
)

// poolAttribute is one attribute of an application pool (IIS_schema.xml). Credentials, programs to run and collections are left
// out: those are no business of an edit of one value.
type poolAttribute struct {
	path  string // below the pool's element
	deflt string
	kind  valueKind
	// min and max bound a number, or a time span in seconds of which step is the unit.
	min, max, step uint64
	// names are those of an enumeration or of flags, with their numbers.
	names []string
}

type valueKind int

const (
	kindString valueKind = iota
	kindBool
	kindUint
	kindEnum
	kindFlags
	kindTimeSpan
)

const maxUint32, maxInt32 = 1<<32 - 1, 1<<31 - 1

// poolAttributes returns the table.
func poolAttributes() []poolAttribute {
	text := func(path, deflt string) poolAttribute { return poolAttribute{path: path, deflt: deflt} }
	yesNo := func(path, deflt string) poolAttribute { return poolAttribute{path: path, deflt: deflt, kind: kindBool} }
	number := func(path, deflt string, min, max uint64) poolAttribute {
		return poolAttribute{path: path, deflt: deflt, kind: kindUint, min: min, max: max}
	}
	span := func(path, deflt string, min, max, step uint64) poolAttribute {
		return poolAttribute{path: path, deflt: deflt, kind: kindTimeSpan, min: min, max: max, step: step}
	}
	enum := func(path, deflt string, names ...string) poolAttribute {
		return poolAttribute{path: path, deflt: deflt, kind: kindEnum, names: names}
	}
	flags := func(path, deflt string, names ...string) poolAttribute {
		return poolAttribute{path: path, deflt: deflt, kind: kindFlags, names: names}
	}
	return []poolAttribute{
		number("queueLength", "1000", 10, 65535),
		yesNo("autoStart", "true"),
		yesNo("enable32BitAppOnWin64", "false"),
		text("managedRuntimeVersion", ""),
		enum("managedPipelineMode", "Integrated", "Integrated=0", "Classic=1"),
		enum("startMode", "OnDemand", "OnDemand=0", "AlwaysRunning=1"),
		enum("processModel/identityType", "ApplicationPoolIdentity",
			"LocalSystem=0", "LocalService=1", "NetworkService=2", "SpecificUser=3", "ApplicationPoolIdentity=4"),
		yesNo("processModel/loadUserProfile", "false"),
		yesNo("processModel/setProfileEnvironment", "true"),
		enum("processModel/logonType", "LogonBatch", "LogonBatch=0", "LogonService=1"),
		span("processModel/idleTimeout", "00:20:00", 0, 2592000, 60),
		enum("processModel/idleTimeoutAction", "Terminate", "Terminate=0", "Suspend=1"),
		number("processModel/maxProcesses", "1", 0, maxInt32),
		span("processModel/shutdownTimeLimit", "00:01:30", 1, 4294967, 1),
		span("processModel/startupTimeLimit", "00:01:30", 1, 4294967, 1),
		yesNo("processModel/pingingEnabled", "true"),
		span("processModel/pingInterval", "00:00:30", 1, 4294967, 1),
		span("processModel/pingResponseTime", "00:01:30", 1, 4294967, 1),
		yesNo("recycling/disallowOverlappingRotation", "false"),
		yesNo("recycling/disallowRotationOnConfigChange", "false"),
		flags("recycling/logEventOnRecycle", "Time, Memory, PrivateMemory", "Time=1", "Requests=2", "Schedule=4", "Memory=8",
			"IsapiUnhealthy=16", "OnDemand=32", "ConfigChange=64", "PrivateMemory=128"),
		number("recycling/periodicRestart/memory", "0", 0, maxUint32),
		number("recycling/periodicRestart/privateMemory", "0", 0, maxUint32),
		number("recycling/periodicRestart/requests", "0", 0, maxUint32),
		span("recycling/periodicRestart/time", "29:00:00", 0, 25920000, 60),
		enum("failure/loadBalancerCapabilities", "HttpLevel", "TcpLevel=1", "HttpLevel=2"),
		yesNo("failure/rapidFailProtection", "true"),
		span("failure/rapidFailProtectionInterval", "00:05:00", 60, 8640000, 60),
		number("failure/rapidFailProtectionMaxCrashes", "5", 1, maxInt32),
		number("cpu/limit", "0", 0, 100000),
		enum("cpu/action", "NoAction", "NoAction=0", "KillW3wp=1", "Throttle=2", "ThrottleUnderLoad=3"),
		span("cpu/resetInterval", "00:05:00", 0, 86400, 60),
	}
}

// canonical checks a value and returns it as IIS writes it.
func (a poolAttribute) canonical(value string) (string, error) {
	switch a.kind {
	case kindBool:
		if lower := strings.ToLower(value); lower == "true" || lower == "false" {
			return lower, nil
		}
		return "", fmt.Errorf("%s is true or false, not %q", a.path, value)
	case kindUint:
		n, err := strconv.ParseUint(value, 10, 32)
		if err != nil || n < a.min || n > a.max {
			return "", fmt.Errorf("%s is a number from %d to %d, not %q", a.path, a.min, a.max, value)
		}
		return strconv.FormatUint(n, 10), nil
	case kindTimeSpan:
		return a.canonicalSpan(value)
	case kindEnum:
		return a.named(value)
	case kindFlags:
		return a.canonicalFlags(value)
	}
	return value, writable(a.path, value)
}

// named finds a name, or the name of a number.
func (a poolAttribute) named(value string) (string, error) {
	var all []string
	for _, n := range a.names {
		name, number, _ := strings.Cut(n, "=")
		if strings.EqualFold(name, value) || number == value {
			return name, nil
		}
		all = append(all, name)
	}
	return "", fmt.Errorf("%s is made of %s, not of %q", a.path, strings.Join(all, ", "), value)
}

// canonicalFlags puts names into the order of their numbers; the number of none is 0.
func (a poolAttribute) canonicalFlags(value string) (string, error) {
	given := map[string]bool{}
	for _, name := range strings.Split(value, ",") {
		if name = strings.TrimSpace(name); name == "" || name == "0" {
			continue
		}
		known, err := a.named(name)
		if err != nil {
			return "", err
		}
		given[known] = true
	}
	var out []string
	for _, n := range a.names {
		if name, _, _ := strings.Cut(n, "="); given[name] {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", "), nil
}

// canonicalSpan reads [days.]hours:minutes:seconds.
func (a poolAttribute) canonicalSpan(value string) (string, error) {
	days, clock, ok := strings.Cut(value, ".")
	if !ok {
		days, clock = "0", value
	}
	parts := strings.Split(clock, ":")
	seconds, err := strconv.ParseUint(days, 10, 16)
	for i, part := range parts {
		n, partErr := strconv.ParseUint(part, 10, 16)
		if partErr != nil || i > 0 && n > 59 || ok && i == 0 && n > 23 {
			err = strconv.ErrSyntax
		}
		seconds = seconds*[]uint64{24, 60, 60}[min(i, 2)] + n
	}
	if err != nil || len(parts) != 3 || seconds < a.min || seconds > a.max || seconds%a.step != 0 {
		return "", fmt.Errorf("%s is a time span like 1.05:00:00 from %d to %d seconds in steps of %d, not %q",
			a.path, a.min, a.max, a.step, value)
	}
	rest := seconds % 86400
	out := fmt.Sprintf("%02d:%02d:%02d", rest/3600, rest/60%60, rest%60)
	if seconds >= 86400 {
		out = fmt.Sprintf("%d.%s", seconds/86400, out)
	}
	return out, nil
}
