package engine

import (
	"fmt"
	"time"

	"sealedroom/engine/host"
	"sealedroom/engine/wire"
)

// Memory that V8 and Go need for themselves, on top of the guest's limit.
const (
	// How far the process may grow past the limit before the run is stopped, and
	// before the worker is killed. The kernel refuses more at host.KernelGrowth.
	ownGrowth  = 8 << 20
	killGrowth = 12 << 20
	// The same for the whole process, with the program's own pages.
	stopResident, killResident = 54 << 20, 58 << 20
	// From this size past the limit the worker is asked to free unused pages.
	trimResident, trimEvery = 36 << 20, 25 * time.Millisecond
)

// memory is what the host reads of the worker's memory from outside.
type memory struct {
	baseline host.Footprint // of the worker without a guest
	now      host.Footprint
	peaks    Peaks
	trimmed  time.Time // when the worker was last asked to free pages
}

func (m *memory) begin(baseline host.Footprint) {
	m.baseline, m.now, m.peaks.Process = baseline, baseline, baseline.Resident
}

// read takes a new reading. It reports whether there was one.
func (m *memory) read(from *host.Process) bool {
	now, ok := from.Memory()
	if ok && now.Resident > 0 {
		m.now = now
		m.peaks.Process = max(m.peaks.Process, now.Resident)
		m.peaks.Growth = max(m.peaks.Growth, m.growth())
	}
	return ok
}

// growth is how much private memory the worker has gained since the guest came.
func (m *memory) growth() int64 { return m.now.Private - m.baseline.Private }

// resident is the size that counts: a worker that was larger to begin with may
// keep what it had.
func (m *memory) resident() int64 {
	return m.now.Resident - max(0, m.baseline.Resident+host.KernelGrowth-killResident)
}

// sample notes what V8 says of its heap.
func (m *memory) sample(used, external int64) {
	m.peaks.Heap = max(m.peaks.Heap, used)
	m.peaks.External = max(m.peaks.External, external)
}

// nearlyFull reports whether the process had used most of what it may.
func (m *memory) nearlyFull(limit int64) bool { return m.peaks.Growth > limit*9/10 }

// use is what the guest used: by V8's account or what is private to the
// process, or where neither is past the limit, the growth of all of it.
func (m *memory) use(limit, used int64) *LimitUse {
	if used < limit {
		used = max(used, m.now.Resident-m.baseline.Resident)
	}
	return limitUse("memory", float64(limit), float64(used), "bytes")
}

// pollMemory holds the guest to its limit by what the process has grown, and
// the process to a size as a whole.
func (r *run) pollMemory() {
	limit := r.limits.Memory()
	growth, resident := r.memory.growth(), r.memory.resident()
	if resident > limit+trimResident && time.Since(r.memory.trimmed) > trimEvery {
		r.memory.trimmed = time.Now()
		r.worker.Order(wire.KindTrimPages, struct{}{}, r.memory.trimmed.Add(pollEvery))
	}
	switch {
	case growth > limit+killGrowth || resident > limit+killResident:
		r.kill(ExceededMemory, r.memory.use(limit, growth))
	case growth > limit+ownGrowth || resident > limit+stopResident:
		r.stop(ExceededMemory, r.memory.use(limit, growth))
	}
}

// checkMemory stops a guest whose footprint is past its limit.
func (r *run) checkMemory(footprint int64) {
	if footprint > r.limits.Memory() {
		r.stop(ExceededMemory, r.memory.use(r.limits.Memory(), footprint))
	}
}

// countThreads refuses a worker that starts many threads: V8 and Go need few more
// than they have when it is ready, and each costs kernel memory that no limit
// counts.
func (r *run) countThreads() error {
	n, ok := r.worker.ThreadCount()
	if ok && r.worker.Threads > 0 && n > r.worker.Threads+maxThreads {
		if r.behind != nil {
			r.tooManyThreads(n)
		}
		return fmt.Errorf("%d threads where it had %d: %w", n, r.worker.Threads, wire.ErrTooLong)
	}
	return nil
}
