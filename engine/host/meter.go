package host

import "time"

// Footprint is a process's memory in bytes.
type Footprint struct {
	Resident int64 // all of it, the program's own pages too
	Private  int64 // resident without what is backed by files or shared
	data     int64 // private and writable, touched or not
}

// Processor is what a guest had of the processor so far.
type Processor struct {
	Used   time.Duration
	NoCore time.Duration // it was ready to run, and no core was free

	Known, NoCoreKnown bool
}

// Since is what was added after an earlier reading.
func (p Processor) Since(earlier Processor) Processor {
	p.Known = p.Known && earlier.Known
	p.NoCoreKnown = p.NoCoreKnown && earlier.NoCoreKnown
	p.Used, p.NoCore = max(0, p.Used-earlier.Used), max(0, p.NoCore-earlier.NoCore)
	return p
}
