package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sealedroom/engine/bridge"
	"sealedroom/engine/confine"
	"sealedroom/engine/host"
	"sealedroom/engine/wire"
)

// Breach gives a guest native hands: what code that broke out of V8 would have.
// Its worker is never a spare, and behind each wall there are things made for it,
// which may fall. It takes no grants and no secrets.
//
// Only a person leaves walls out, with a switch or a flag in sight: no scenario,
// file, setting or recording can.
type Breach struct {
	Without []string `json:"without,omitempty"` // walls to leave out, of RemovableWalls
}

// RemovableWalls lists the walls that a Breach may leave out.
func RemovableWalls() []string { return slices.Clone(confine.Removable) }

// ByHands is what NativeAttempt.By says of a call that was not made, because it
// reached for something of the machine's.
const ByHands = "hands"

// WallThreadCount is the wall that ends a worker with too many threads.
const WallThreadCount = confine.ThreadCount

// NativeAttempt is one use of native hands.
type NativeAttempt struct {
	At     time.Duration
	N      int64  // in the run, from 1
	Name   string // of the hand: "open"
	Target string // what it reached for, in words
	Call   string // the system call that decided; "" where none was made
	// Worked reports whether the call worked, and Held whether it was refused.
	// Neither is set where the system took the call and had nothing to do it with.
	Worked, Held bool
	Answer       string // "EPERM", what was read, or why no call was made
	By           string // the wall that refused, or ByHands; "" where it is not known
	Line, Column int
}

// Fallen is one thing behind the walls that fell, as the host itself saw it.
type Fallen struct {
	At     time.Duration
	Target string // as native.targets has it: "file", "program", "socket", "port", "pid" or "descriptor"
	What   string // a sentence: "The planted file was deleted."
}

// check refuses what no run with native hands may have.
func (b *Breach) check(guest Guest) error {
	if b == nil {
		return nil
	}
	for name, grant := range guest.Grants {
		if grant != bridge.Off {
			return fmt.Errorf("%w: native hands go with no grants: leave out %s", ErrGuest, clip(name))
		}
	}
	if len(guest.Secrets) > 0 {
		return fmt.Errorf("%w: native hands go with no secrets: leave them out", ErrGuest)
	}
	for _, wall := range b.Without {
		if !slices.Contains(confine.Removable, wall) {
			return fmt.Errorf("%w: there is no wall %q to leave out: choose of %s", ErrGuest, clip(wall), strings.Join(confine.Removable, ", "))
		}
	}
	return nil
}

// worker returns the worker for a guest, and for one with native hands what
// stands behind its walls.
func (e *Engine) worker(ctx context.Context, guest Guest, limits Limits) (w *host.Process, spare bool, behind *behindWalls, err error) {
	if guest.Breach == nil {
		w, spare, err = e.pool.Take(ctx, config(limits, guest.Profile))
		return w, spare, nil, err
	}
	behind, err = plant(e.pool.Starter)
	if err != nil {
		return nil, false, nil, fmt.Errorf("native hands: %w", err)
	}
	c := config(limits, guest.Profile)
	c.Without = strings.Join(guest.Breach.Without, ",")
	w, err = e.pool.Fresh(ctx, c)
	behind.started()
	if err != nil {
		behind.remove()
		return nil, false, nil, err
	}
	return w, false, behind, nil
}

// native is what the worker gets for a run with native hands.
func (r *run) native() *wire.Native {
	if r.guest.Breach == nil {
		return nil
	}
	p := r.behind.planted
	return &wire.Native{File: p.File, Program: p.Program, Socket: p.Socket, Port: p.Port, PID: p.PID, Address: p.Address,
		Descriptor: p.Descriptor, Traceable: p.Traceable, Without: r.guest.Breach.Without}
}

// Bounds of what a worker may say of its hands. Ours makes fewer attempts.
const (
	maxHandsAFrame = 200
	maxHandsARun   = 1000
	maxHandText    = 500
)

// handleAttempts takes a frame's attempts.
func (r *run) handleAttempts(hands []wire.Hand) error {
	if len(hands) == 0 {
		return nil
	}
	r.intake.hands += int64(len(hands))
	if r.behind == nil || len(hands) > maxHandsAFrame || r.intake.hands > maxHandsARun {
		return fmt.Errorf("native hands: %w", wire.ErrTooLong)
	}
	walls, _ := standing(r.worker)
	for i, h := range hands {
		a := NativeAttempt{
			At: r.at(h.At), N: r.intake.hands - int64(len(hands)-1-i), Target: r.behind.inWords(handText(h.Target)),
			Worked: h.Worked, Held: h.Held && !h.Worked, Answer: r.behind.explained(h.Name, handText(h.Answer)), Line: number(h.Line), Column: number(h.Column),
			Name: "unknown",
		}
		if slices.Contains(confine.HandNames, h.Name) {
			a.Name = h.Name
		}
		switch a.Call = word(h.Call); {
		case h.Call == "":
			a.By, a.Worked, a.Held = ByHands, false, false
		case a.Held && slices.Contains(WallNames(walls), h.By):
			a.By = h.By
		}
		r.emit(a)
		if a.Worked {
			r.behind.worked(a.Name, h.Answer)
		}
	}
	r.emitFallen()
	return nil
}

func handText(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxHandText)], "")
}

// emitFallen emits what fell since the last time.
func (r *run) emitFallen() {
	if r.behind == nil {
		return
	}
	for _, f := range r.behind.news() {
		f.At = r.clock.now()
		r.emit(f)
	}
}

// tooManyThreads is the attempt that ended a worker with native hands, which it
// could not report.
func (r *run) tooManyThreads(n int) {
	r.intake.hands++
	r.emit(NativeAttempt{At: r.clock.now(), N: r.intake.hands, Name: "threads", Target: "threads without end", Call: "clone", Held: true,
		Answer: fmt.Sprintf("the host ended the worker at %d threads", n), By: confine.ThreadCount})
}
