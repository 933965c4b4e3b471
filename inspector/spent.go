package inspector

import "time"

// Spent is where a run's time went so far. Wall is the sum of CPU, NoCore, Waiting
// and Between as far as they are known.
type Spent struct {
	Wall    time.Duration
	CPU     time.Duration // the isolate computed
	NoCore  time.Duration // it was ready to run, and no core was free
	Waiting time.Duration // it waited: for timers, calls, a lock
	// Between is what lay between the guest and the host, once that is known: the guest
	// had not begun, or was over and the host had not taken notice.
	Between time.Duration
	// HasCPU is false where the processor could not be read, or not yet; then
	// nothing is known but Wall. Without HasNoCore, Waiting includes NoCore.
	HasCPU, HasNoCore bool
}

// Spent returns where the run's time went so far.
func (s *State) Spent() Spent {
	p := Spent{Wall: s.Now, CPU: s.CPU, NoCore: s.NoCore, HasCPU: s.CPU > 0, HasNoCore: s.NoCore > 0}
	if e := s.Ended; e != nil {
		p = Spent{Wall: e.Time.Wall, CPU: e.Time.CPU, NoCore: e.Time.NoCore, HasCPU: e.Time.HasCPU, HasNoCore: e.Time.HasNoCore}
	}
	if !p.HasCPU {
		return Spent{Wall: p.Wall}
	}
	// The readings are of slightly different moments.
	p.CPU = min(p.CPU, p.Wall)
	p.NoCore = min(p.NoCore, p.Wall-p.CPU)
	at := p.Wall
	if s.Ended == nil { // what came since the last reading is not known yet
		at = max(p.CPU+p.NoCore, min(at, s.CPUAt))
	}
	p.Waiting = at - p.CPU - p.NoCore
	if e := s.Ended; e != nil {
		if own := e.Time.Compile + e.Time.Run + e.Time.Settle + e.Time.Read; own > 0 {
			p.Between = max(0, min(p.Waiting, p.Wall-own))
			p.Waiting -= p.Between
		}
	}
	return p
}

// Stop is when a run was told to stop, and when it had, on the guest's clock;
// false where it ended by itself, or has not been stopped yet.
func (s *State) Stop() (asked, gone time.Duration, ok bool) {
	if s.Ended == nil || s.Ended.Time.StopAt <= 0 {
		return 0, 0, false
	}
	return s.Ended.Time.StopAt, s.Ended.Time.StopAt + s.Ended.Time.Stop, true
}
