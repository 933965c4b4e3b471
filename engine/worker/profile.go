package worker

import (
	"encoding/json"
	"time"

	"sealedroom/engine/isolate"
	"sealedroom/engine/wire"
)

const (
	// Parts of a profile come soon at first, so that a run which is killed early has
	// one, then at this pace.
	firstPart, partEvery = 20 * time.Millisecond, 250 * time.Millisecond
	// fatalProfile is how long a process that V8 is about to abort may take for the
	// last part.
	fatalProfile = 100 * time.Millisecond
)

// profile paces the parts of a run's profile and bounds them.
type profile struct {
	on    bool
	next  time.Duration // when a part is due, on the monotonic clock
	gap   time.Duration // until the one after that
	begun bool          // the part is half made
	sent  int           // bytes
	cut   bool          // no more are sent
}

func (p *profile) begin(on bool) {
	*p = profile{on: on, next: isolate.Now() + firstPart, gap: firstPart}
}

// due reports whether to ask for a part now.
func (p *profile) due(now time.Duration) bool {
	if !p.on || p.cut || now < p.next {
		return false
	}
	// A part is made in two steps, and the second comes with the next report.
	if p.begun = !p.begun; !p.begun {
		p.gap = min(2*p.gap, partEvery)
		p.next = now + p.gap
	}
	return true
}

// sendParts sends the parts that are ready, as long as there is room for them.
func (w *worker) sendParts() error {
	if !w.profile.on {
		return nil
	}
	for _, part := range w.iso.Parts() {
		if err := w.sendPart(part); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) sendPart(part wire.Profile) error {
	for i := range part.Ticks {
		part.Ticks[i].At = w.log.since(part.Ticks[i].At)
	}
	body, err := json.Marshal(part)
	if err != nil {
		return err
	}
	// The last part names what is left of the allocations: it has room set aside.
	most := wire.MaxProfile - wire.MaxFromWorker
	if part.Last {
		most = wire.MaxProfile
	}
	if len(body) >= wire.MaxFromWorker || w.profile.sent+len(body) > most {
		w.profile.cut = true
		if !part.Last {
			return nil
		}
		body, _ = json.Marshal(wire.Profile{Last: true, Cut: true}) // cannot fail
	}
	w.profile.sent += len(body)
	return w.writer.SendRaw(wire.KindProfile, body)
}

// endProfile sends the last part of the profile, on the isolate's thread. It comes
// after Done, so that the guest's clock does not run meanwhile.
func (w *worker) endProfile() error {
	if !w.profile.on {
		return nil
	}
	w.iso.EndProfile()
	parts := w.iso.Parts()
	if len(parts) == 0 {
		parts = []wire.Profile{{}}
	}
	for i, part := range parts {
		part.Last = i == len(parts)-1
		part.Cut = part.Last && w.profile.cut
		if err := w.sendPart(part); err != nil {
			return err
		}
	}
	return nil
}
