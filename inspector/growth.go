package inspector

import "time"

// growthWindow is how far back growth looks.
const growthWindow = 500 * time.Millisecond

// Growth is how fast the guest's memory grew lately, in bytes a second, and
// how long until it meets its limit at that rate; false when it does not grow.
func (s *State) Growth() (perSecond float64, left time.Duration, ok bool) {
	if s.Started == nil || len(s.Heap) < 2 {
		return 0, 0, false
	}
	last := -1
	for i := len(s.Heap) - 1; i >= 0; i-- {
		h := s.Heap[i]
		if !h.V8 {
			continue
		}
		if last < 0 {
			last = i
			continue
		}
		span := s.Heap[last].At - h.At
		if span < growthWindow && i > 0 {
			continue
		}
		if span < growthWindow/10 {
			return 0, 0, false
		}
		now := s.Heap[last].Used + s.Heap[last].External
		perSecond = float64(now-h.Used-h.External) / span.Seconds()
		room := float64(s.Started.Limits.Memory() - now)
		if perSecond < 1<<20 || room <= 0 {
			return perSecond, 0, false
		}
		return perSecond, time.Duration(room / perSecond * float64(time.Second)), true
	}
	return 0, 0, false
}
