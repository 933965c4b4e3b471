// Package precise waits for moments. Go's timers may come a millisecond late
// on an idle machine, because it waits for them in whole milliseconds.
package precise

import "time"

// Sleep returns at the given time, within a tenth of a millisecond where the
// system can. It keeps a thread for itself: sleep the longer part of the way
// with Go's timers.
func Sleep(until time.Time) { sleep(until) }
