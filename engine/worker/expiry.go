package worker

import (
	"sync"
	"sync/atomic"
	"time"

	"sealedroom/engine/precise"
)

const (
	stopEvery = 2 * time.Millisecond
	// A thread that has slept is late, by how long a core takes to wake up.
	awake = 250 * time.Microsecond
	// The guest may need this long to prepare.
	prepares = 500 * time.Microsecond
	// No wait starts for a deadline that is further away than this.
	nearest = 20 * time.Millisecond
)

// expiry ends the run: at once, or at a time that is near.
type expiry struct {
	prepare, stop func()

	count atomic.Int64 // of the deadlines set; the newest is kept
	ended sync.Once
}

// set ends the run at this time, unless another is set before; none is zero.
func (e *expiry) set(at time.Time) {
	number := e.count.Add(1)
	if left := time.Until(at); !at.IsZero() && left < nearest {
		go e.keep(at, number)
	}
}

func (e *expiry) keep(at time.Time, number int64) {
	precise.Sleep(at.Add(-awake - prepares))
	e.prepare()
	precise.Sleep(at.Add(-awake))
	for time.Now().Before(at) {
	}
	if e.count.Load() == number {
		e.now()
	}
}

// now ends the run. The first to call it goes on until the run has returned,
// and the process with it.
func (e *expiry) now() {
	e.ended.Do(func() {
		for {
			e.stop()
			precise.Sleep(time.Now().Add(stopEvery))
		}
	})
}
