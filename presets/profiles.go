package presets

import (
	"fmt"
	"strings"
	"time"

	"sealedroom/engine"
)

// Profile is a real platform's limits, as its documents gave them in
// November 2026. What a platform does not limit, or not publish, is left out.
type Profile struct {
	Name   string // as typed: "cloudflare-free"
	Title  string
	Source string // who says so
	Note   string // what V8 or this app cannot hold as the platform does

	Memory int64 // bytes
	CPU    time.Duration
	Wall   time.Duration
	Calls  int
	Output int64 // bytes
	NoOpt  bool  // no optimizing compilers
}

const (
	mib = 1 << 20
	kib = 1 << 10
)

// Profiles lists them, the default first.
var Profiles = []Profile{
	{Name: "article", Title: "Article (default)", Source: "the article's first example", Memory: 128 * mib, Wall: time.Second},
	{Name: "isolated-vm", Title: "isolated-vm default", Source: "isolated-vm's README", Memory: 128 * mib},
	{Name: "cloudflare-free", Title: "Cloudflare Workers Free", Source: "Workers limits page", Memory: 128 * mib, CPU: 10 * time.Millisecond, Calls: 50},
	{Name: "cloudflare-paid", Title: "Cloudflare Workers Paid", Source: "Workers limits page", Memory: 128 * mib, CPU: 30 * time.Second, Calls: 10_000},
	{Name: "deno-deploy-classic", Title: "Deno Deploy classic", Source: "Subhosting limits", Memory: 512 * mib, CPU: 200 * time.Millisecond},
	{Name: "vercel-edge", Title: "Vercel Edge", Source: "Functions limits", Memory: 128 * mib, Wall: 25 * time.Second, Note: "the 25 s are to the first byte"},
	{Name: "fastly-compute", Title: "Fastly Compute", Source: "Compute limits", Memory: 128 * mib, CPU: 50 * time.Millisecond, Wall: 2 * time.Minute, Calls: 32},
	{Name: "akamai-basic", Title: "Akamai EdgeWorkers Basic", Source: "resource tiers", Memory: engine.MemoryLimit.Range().Min, CPU: 10 * time.Millisecond, Wall: 4 * time.Second, Calls: 2, Note: "1.5 MB there; V8 as it is built here cannot start in that"},
	{Name: "akamai-dynamic", Title: "Akamai EdgeWorkers Dynamic", Source: "resource tiers", Memory: engine.MemoryLimit.Range().Min, CPU: 20 * time.Millisecond, Wall: 5500 * time.Millisecond, Calls: 4, Note: "2.5 MB there; V8 as it is built here cannot start in that"},
	{Name: "bunny", Title: "bunny Edge Scripting", Source: "limits page", Memory: 128 * mib, CPU: 30 * time.Second, Calls: 50},
	{Name: "supabase", Title: "Supabase Edge", Source: "limits page", Memory: 256 * mib, CPU: 2 * time.Second, Wall: 150 * time.Second},
	{Name: "classroom", Title: "Classroom", Source: "ours", Memory: 32 * mib, CPU: 250 * time.Millisecond, Wall: 500 * time.Millisecond, Calls: 100, Output: 64 * kib},
	{Name: "no-optimizing-compilers", Title: "No optimizing compilers", Source: "ours, after Edge's enhanced security", Memory: 128 * mib, Wall: time.Second, Note: "most exploited bugs of V8 were in its optimizing compilers", NoOpt: true},
}

// FindProfile returns the profile of this name.
func FindProfile(name string) (Profile, error) {
	names := make([]string, len(Profiles))
	for i, p := range Profiles {
		if p.Name == name {
			return p, nil
		}
		names[i] = p.Name
	}
	return Profile{}, fmt.Errorf("there is no profile %q: choose one of %s", name, strings.Join(names, ", "))
}

// Apply returns limits with everything that the profile sets.
func (p Profile) Apply(limits engine.Limits) (engine.Limits, error) {
	limits = limits.WithSwitches(limits.Switches().With(engine.NoOptSwitch, p.NoOpt))
	set := map[engine.Limit]int64{
		engine.MemoryLimit: p.Memory, engine.WallLimit: int64(p.Wall), engine.CPULimit: int64(p.CPU),
		engine.CallsLimit: int64(p.Calls), engine.OutputLimit: p.Output,
	}
	for _, limit := range engine.AllLimits() {
		if set[limit] == 0 && !limit.Liftable() {
			continue // the profile does not say
		}
		var err error
		if limits, err = limits.With(limit, set[limit]); err != nil {
			return limits, err
		}
	}
	return limits, nil
}

// ProfilesAsOf is when the platforms' documents were read.
const ProfilesAsOf = "November 2026"
