package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sealedroom/engine/confine"
	"sealedroom/engine/host"
	"sealedroom/engine/wire"
)

// Wall is one thing that holds a guest that found a bug in V8: V8's own, and
// those around the worker, which hold native code too.
type Wall struct {
	Name     string `json:"name"`     // "landlock", "seccomp" …
	Strength string `json:"strength"` // what it takes away on this system
}

// WallNames lists what the walls are called.
func WallNames(walls []Wall) []string {
	names := make([]string, len(walls))
	for i, w := range walls {
		names[i] = w.Name
	}
	return names
}

// WallAttempt is one thing that native code in a worker tried.
type WallAttempt struct {
	Name   string   `json:"name"`
	Held   bool     `json:"held"`
	Detail string   `json:"detail"`       // the system's answer
	By     []string `json:"by,omitempty"` // the walls that each refuse it where they stand
}

// WallReport is what holds a worker on this system, and the attempts on it.
type WallReport struct {
	Walls    []Wall        `json:"walls"`
	Attempts []WallAttempt `json:"attempts"`
	Lacking  []string      `json:"lacking"` // walls that this system does not have, each with why
}

// Fell lists the attempts that worked although a wall stands that should have
// refused them.
func (w WallReport) Fell() []WallAttempt {
	stands := func(name string) bool {
		return slices.ContainsFunc(w.Walls, func(wall Wall) bool { return wall.Name == name })
	}
	var fell []WallAttempt
	for _, a := range w.Attempts {
		if !a.Held && slices.ContainsFunc(a.By, stands) {
			fell = append(fell, a)
		}
	}
	return fell
}

// Bounds of what a worker reports of its walls, and of the threads it may have
// beyond those that it had when it was ready.
const (
	maxWalls    = 100
	maxWallText = 300
	maxRefusers = 8 // walls that refuse one attempt
	maxThreads  = 64
	// manyThreads is how many an attempt asks for.
	manyThreads = 4000
)

// TryWalls starts a worker and has it try each of its walls from inside with
// raw system calls, as native code would that broke out of V8.
func (e *Engine) TryWalls(ctx context.Context) (WallReport, error) {
	inherited, closeInherited, err := leaveOpen()
	if err != nil {
		return WallReport{}, fmt.Errorf("try the walls: %w", err)
	}
	worker, err := e.pool.Starter.Start(config(Limits{}, false))
	closeInherited()
	if err != nil {
		return WallReport{}, err
	}
	ended := false
	end := func() (printed string) {
		if !ended {
			ended = true
			worker.End()
			printed = worker.Death().Stderr
		}
		return printed
	}
	defer end()
	defer context.AfterFunc(ctx, worker.Kill)()
	var report WallReport
	report.Walls, report.Lacking = standing(worker)
	if err := worker.Guest.Send(wire.KindProbe, wire.Probe{Inherited: inherited}); err != nil {
		return WallReport{}, fmt.Errorf("try the walls: %w", err)
	}
	kind, body, err := worker.Read()
	if ctx.Err() != nil {
		return WallReport{}, ctx.Err()
	}
	if err != nil {
		return WallReport{}, fmt.Errorf("try the walls: the worker died of an attempt (%w): %s", err, end())
	}
	if kind != wire.KindWalls {
		return WallReport{}, fmt.Errorf("try the walls: %w: %d", wire.ErrUnknown, kind)
	}
	var answer wire.Walls
	if err := wire.Decode(kind, body, &answer); err != nil {
		return WallReport{}, err
	}
	for _, a := range answer.Attempts[:min(len(answer.Attempts), maxWalls)] {
		by := a.By[:min(len(a.By), maxRefusers)]
		for i := range by {
			by[i] = wallText(by[i])
		}
		report.Attempts = append(report.Attempts, WallAttempt{Name: wallText(a.Name), Held: a.Held, Detail: wallText(a.Detail), By: by})
	}
	if attempt, ok := tryThreads(ctx, worker); ok {
		report.Attempts = append(report.Attempts, attempt)
	}
	return report, ctx.Err()
}

// tryThreads has the worker start threads until the host, which counts them,
// ends it as it would in a run.
func tryThreads(ctx context.Context, p *host.Process) (WallAttempt, bool) {
	attempt := WallAttempt{Name: fmt.Sprintf("start %d threads", manyThreads), By: []string{confine.ThreadCount}}
	allowed := p.Threads + maxThreads
	if p.Threads == 0 || p.Guest.Send(wire.KindProbe, wire.Probe{Threads: manyThreads}) != nil {
		return attempt, false
	}
	peak := 0
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(pollEvery) {
		n, ok := p.ThreadCount()
		peak = max(peak, n)
		if ok && n > allowed {
			p.Kill()
			break
		}
	}
	attempt.Held = peak < manyThreads
	attempt.Detail = fmt.Sprintf("it got only %d", peak)
	if peak > allowed {
		attempt.Detail = fmt.Sprintf("the host ended it at %d threads", peak)
	}
	return attempt, true
}

// standing lists what a worker reports of its walls, bounded, with V8's own and
// those that the host holds it with from outside; and the walls that it lacks.
func standing(p *host.Process) (walls []Wall, lacking []string) {
	for _, w := range p.Ready.Walls[:min(len(p.Ready.Walls), maxWalls)] {
		walls = append(walls, Wall{word(w.Name), wallText(w.Strength)})
	}
	// The host's own are the last.
	for _, l := range p.Ready.Lacking[max(0, len(p.Ready.Lacking)-maxWalls):] {
		lacking = append(lacking, wallText(l))
	}
	if p.Limited {
		walls = append(walls, Wall{confine.MemoryLimit, fmt.Sprintf("the kernel refuses private memory past the guest's limit + %s", FormatSize(host.KernelGrowth))})
	}
	if p.Threads > 0 {
		walls = append(walls, Wall{confine.ThreadCount, fmt.Sprintf("ended by the host at %d threads more than it needs", maxThreads)})
	}
	inV8, without := cageWalls(p.Ready.Cage)
	return append(walls, inV8...), append(lacking, without...)
}

func wallText(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxWallText)], "")
}
