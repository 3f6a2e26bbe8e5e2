package iis

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// AppPool is one application pool of system.applicationHost/applicationPools with what its attributes come to: the pool's own, else
// those of applicationPoolDefaults, else those of IIS_schema.xml. Credentials are left out.
type AppPool struct {
	Name string
	// QueueLength is how many requests wait before IIS answers 503.
	QueueLength uint32
	AutoStart   bool
	StartMode   string // OnDemand or AlwaysRunning
	// ManagedRuntimeVersion is that of .NET; empty for none.
	ManagedRuntimeVersion string
	ManagedPipelineMode   string // Integrated or Classic
	Enable32BitAppOnWin64 bool

	// IdentityType is LocalSystem, LocalService, NetworkService, SpecificUser or ApplicationPoolIdentity.
	IdentityType   string
	IdleTimeout    time.Duration // 0 is never
	PingingEnabled bool

	// Memory and PrivateMemory are in KB; 0 is no limit.
	Memory, PrivateMemory uint32
	// Requests is after how many the worker is recycled; 0 is never.
	Requests uint32
	// RestartTime is after which time the worker is recycled; 0 is never.
	RestartTime time.Duration

	RapidFailProtection      bool
	LoadBalancerCapabilities string // TcpLevel or HttpLevel

	CPULimit         uint32 // in 1/1000 of a percent; 0 is no limit
	CPUAction        string // NoAction, KillW3wp, Throttle or ThrottleUnderLoad
	CPUResetInterval time.Duration

	// Line is where it stands in the file, counted from 1.
	Line int
}

// AppPools returns the application pools in the order of the file. They are the caller's own.
func (c *Config) AppPools() []AppPool { return slices.Clone(c.pools) }

// AppPool returns the application pool of a name, which is compared without regard to case.
func (c *Config) AppPool(name string) (AppPool, bool) {
	i := slices.IndexFunc(c.pools, func(p AppPool) bool { return sameName(p.Name, name) })
	if i < 0 {
		return AppPool{}, false
	}
	return c.pools[i], true
}

// pools reads system.applicationHost/applicationPools.
func (r *reading) pools() []AppPool {
	section := r.section(poolsSection...)
	if section == nil {
		return nil
	}
	var pools []AppPool
	attributes, defaults := poolAttributes(), section.child("applicationPoolDefaults")
	names := unique{}
	for _, e := range section.children {
		if e.name != "add" {
			continue
		}
		name := r.required("", e, "name")
		r.distinct(names, name, e, "name", name)
		v := poolValues{}
		for _, a := range attributes {
			v[a.path] = r.poolValue(name, defaults, e, a)
		}
		pools = append(pools, v.pool(name, e.line))
	}
	return pools
}

func (r *reading) poolValue(name string, defaults, pool *element, a poolAttribute) string {
	value, err := poolValue(defaults, pool, a)
	if err == nil {
		value, err = a.canonical(value)
	}
	if err != nil {
		r.fault(name, pool.line, "is a pool of which IIS refuses an attribute: %v", err)
		return a.deflt
	}
	return value
}

// poolValues are attributes as IIS writes them, by their way below the pool.
type poolValues map[string]string

func (v poolValues) pool(name string, line int) AppPool {
	return AppPool{
		Name:                     name,
		QueueLength:              v.number("queueLength"),
		AutoStart:                v["autoStart"] == "true",
		StartMode:                v["startMode"],
		ManagedRuntimeVersion:    v["managedRuntimeVersion"],
		ManagedPipelineMode:      v["managedPipelineMode"],
		Enable32BitAppOnWin64:    v["enable32BitAppOnWin64"] == "true",
		IdentityType:             v["processModel/identityType"],
		IdleTimeout:              v.span("processModel/idleTimeout"),
		PingingEnabled:           v["processModel/pingingEnabled"] == "true",
		Memory:                   v.number("recycling/periodicRestart/memory"),
		PrivateMemory:            v.number("recycling/periodicRestart/privateMemory"),
		Requests:                 v.number("recycling/periodicRestart/requests"),
		RestartTime:              v.span("recycling/periodicRestart/time"),
		RapidFailProtection:      v["failure/rapidFailProtection"] == "true",
		LoadBalancerCapabilities: v["failure/loadBalancerCapabilities"],
		CPULimit:                 v.number("cpu/limit"),
		CPUAction:                v["cpu/action"],
		CPUResetInterval:         v.span("cpu/resetInterval"),
		Line:                     line,
	}
}

// number reads a value that was checked.
func (v poolValues) number(path string) uint32 {
	n, _ := strconv.ParseUint(v[path], 10, 32)
	return uint32(n)
}

// span reads a time span that was checked: [days.]hours:minutes:seconds.
func (v poolValues) span(path string) time.Duration {
	days, clock, ok := strings.Cut(v[path], ".")
	if !ok {
		days, clock = "0", v[path]
	}
	var total time.Duration
	for i, part := range append([]string{days}, strings.Split(clock, ":")...) {
		n, _ := strconv.ParseUint(part, 10, 32)
		total += time.Duration(n) * [...]time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second}[i]
	}
	return total
}
