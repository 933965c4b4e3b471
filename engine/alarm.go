package engine

import "time"

// Go's timers may come a millisecond late on an idle machine, because it waits
// for them in whole milliseconds. The last of the way is slept by the kernel.
const lastOfTheWay = 3 * time.Millisecond

// alarm closes the channel at the given time, within a tenth of a millisecond
// where the system can. forget lets go of it before.
func alarm(at time.Time) (rings <-chan struct{}, forget func()) {
	ring, quit := make(chan struct{}), make(chan struct{})
	go func() {
		early := time.NewTimer(time.Until(at) - lastOfTheWay)
		defer early.Stop()
		select {
		case <-quit:
			return
		case <-early.C:
		}
		sleepUntil(at)
		close(ring)
	}()
	return ring, func() { close(quit) }
}
