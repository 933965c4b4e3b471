package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sealedroom/engine/bridge"
	"sealedroom/engine/host"
	"sealedroom/engine/wire"
)

// Bounds of what a worker may send. Ours stays far below them (worker/log.go): one
// that does not was taken over.
const (
	trustedBytes, trustedBytesPerSecond = 32 << 20, 16 << 20

	maxText     = 64 << 10 // of a console line, a message, a stack
	maxCallText = 4 << 10
	maxName     = 1 << 10
	maxSpaces   = 64
	maxAmount   = 1 << 50

	// In one frame of events.
	maxLinesAFrame, maxDoorsAFrame, maxGCsAFrame, maxSamplesAFrame = 4000, 1000, 4000, 100

	perEvent = 32 // bytes that an event counts for on top of its frame
)

// intake counts what the worker has sent. Everything in a frame is untrusted.
type intake struct {
	received    int64     // bytes of host.Frames
	output      int64     // bytes of console text
	trees       int       // of console lines
	blocked     int64     // blocked globals
	hands       int64     // attempts of native hands
	reportAsked time.Time // when the worker was last asked to report
	lastSample  time.Time
	lastBlocked Blocked
	translated  bool  // a Translated was passed on
	lastSeen    place // of the guest, by the newest sample that knew it
	pastLimit   place // of the guest, where it went past a limit of calls or output
}

// place is a place in the guest's source, from 1; zero where unknown.
type place struct{ line, column int }

// notePastLimit notes the first call or console line that goes past its limit:
// the guest may do other things before it is stopped.
func (i *intake) notePastLimit(line, column int) {
	if i.pastLimit == (place{}) {
		i.pastLimit = place{number(line), number(column)}
	}
}

// count adds to what was received, and refuses more than our worker could have
// sent in this time under this limit of output.
func (i *intake) count(bytes int, output int64, within time.Duration) error {
	i.received += int64(bytes)
	if i.received > trustedBytes+output*8+int64(within.Seconds()*trustedBytesPerSecond) {
		return fmt.Errorf("%d bytes of events: %w", i.received, wire.ErrTooLong)
	}
	return nil
}

// treeOfLine reads the tree of a console line; nil where it has none.
func (i *intake) treeOfLine(data json.RawMessage) (*Node, error) {
	if len(data) == 0 {
		return nil, nil
	}
	if i.trees++; i.trees > lineTrees {
		return nil, errTree
	}
	return treeOf(data, lineNodes)
}

// handle takes one frame. An error means that our worker did not send it.
func (r *run) handle(f host.Frame) error {
	if len(f.Notes) > 0 { // these come no faster than the host answers
		return r.handleNotes(f.Notes)
	}
	if err := r.intake.count(len(f.Body)+perEvent, r.limits.Output(), r.clock.now()); err != nil {
		return err
	}
	switch f.Kind {
	case wire.KindEvents:
		var events wire.Events
		if err := wire.Decode(f.Kind, f.Body, &events); err != nil {
			return err
		}
		return r.handleEvents(events)
	case wire.KindResultText:
		if int64(r.final.text.Len()+len(f.Body)) > r.limits.Result() {
			return fmt.Errorf("result: %w", wire.ErrTooLong)
		}
		r.final.text.Write(f.Body)
		return nil
	case wire.KindProfile:
		return r.handleProfile(f.Body)
	case wire.KindFatal:
		r.final.fatal = &wire.Fatal{}
		err := wire.Decode(f.Kind, f.Body, r.final.fatal)
		r.final.fatal.Message = shortDetail(r.final.fatal.Message)
		return err
	case wire.KindDone:
		done := &wire.Done{}
		if err := wire.Decode(f.Kind, f.Body, done); err != nil {
			return err
		}
		if err := r.checkDone(done); err != nil {
			return err
		}
		if done.Result != nil {
			var err error
			if r.final.tree, err = treeOf(done.Result.Tree, maxNodes); err != nil {
				return fmt.Errorf("end of the run: %w", err)
			}
		}
		r.final.done, r.final.arrived = done, time.Now()
		if r.deadline.sent && !r.stopping.started() && done.Kind == "terminated" && !done.NearHeapLimit {
			r.timeIsUp() // the worker noticed first
		}
		r.handleSample(done.Heap)
		return nil
	}
	return fmt.Errorf("%w: %d", wire.ErrUnknown, f.Kind)
}

// handleNotes asks the person about a call that waits, and emits calls that were
// answered.
func (r *run) handleNotes(notes []host.Note) error {
	for _, n := range notes {
		if q, waits := n.(*question); waits {
			r.ask(q)
		}
	}
	return r.called(notes)
}

// called emits those of the notes that are answered calls.
func (r *run) called(notes []host.Note) error {
	for _, n := range notes {
		a, ok := n.(*answered)
		if !ok {
			continue
		}
		if a.err != nil {
			return a.err
		}
		r.calledOnce(a)
	}
	return nil
}

func (r *run) calledOnce(a *answered) {
	c, answer := a.call, a.answer
	event := Call{
		At: r.at(c.At), Took: answer.Took, N: answer.N, Capability: answer.Capability, Method: answer.Method,
		Args: clipped(c.Args), Answer: clipped(string(answer.JSON)), Logged: answer.Logged, Decision: answer.Decision,
		BytesIn: answer.BytesIn, BytesOut: answer.BytesOut, Line: number(c.Line), Column: number(c.Column),
		Secrets: secretsOf(answer.Seen), Asked: answer.Asked,
	}
	if answer.Error != nil {
		event.Answer, event.Code = answer.Error.Message, answer.Error.Code
	}
	r.emit(event)
	r.emitVault()
	var budget *bridge.BudgetError
	if errors.As(answer.Stop, &budget) {
		r.intake.notePastLimit(c.Line, c.Column)
		r.stop(ExceededCalls, limitUse(budget.Name, float64(budget.Allowed), float64(budget.Used), budget.Unit))
	}
}

// secretsOf names what was seen, each once.
func secretsOf(seen []bridge.Sighting) (names []string) {
	for _, s := range seen {
		if !slices.Contains(names, s.Secret) {
			names = append(names, s.Secret)
		}
	}
	return names
}

func (r *run) emitVault() {
	if secrets, changed := r.teller.news(); changed {
		r.emit(Vault{At: r.clock.now(), Secrets: secrets})
	}
}

// clipped keeps a call's text short in events: its start is what people read.
func clipped(text string) string {
	if len(text) <= maxCallText {
		return text
	}
	return strings.ToValidUTF8(text[:maxCallText], "") + "…"
}

// checkDone refuses what our worker never sends at the end.
func (r *run) checkDone(d *wire.Done) error {
	long := len(d.Spaces) > maxSpaces ||
		d.Result != nil && int64(len(d.Result.Preview)) > r.limits.Result() ||
		d.Error != nil && !sound(d.Error)
	if long {
		return fmt.Errorf("end of the run: %w", wire.ErrTooLong)
	}
	return nil
}

func (r *run) handleEvents(events wire.Events) error {
	n := len(events.Console) + len(events.Blocked) + len(events.GCs) + len(events.Samples) + len(events.Natives)
	if err := r.intake.count(n*perEvent, r.limits.Output(), r.clock.now()); err != nil {
		return err
	}
	// While the loop handles entries it checks neither time nor memory.
	if len(events.Console) > maxLinesAFrame || len(events.Blocked) > maxDoorsAFrame ||
		len(events.GCs) > maxGCsAFrame || len(events.Samples) > maxSamplesAFrame {
		return fmt.Errorf("%d events in a frame: %w", n, wire.ErrTooLong)
	}
	if t := events.Translated; t != nil && !r.intake.translated {
		r.intake.translated = true
		r.emit(Translated{At: r.at(t.At), Took: min(max(0, t.Took), r.clock.now()), Language: word(t.Language)})
	}
	for _, c := range events.Console {
		if len(c.Text) > maxText {
			return fmt.Errorf("console line: %w", wire.ErrTooLong)
		}
		r.intake.output += int64(len(c.Text)) + 1
		if r.intake.output-int64(len(c.Text))-1 > r.limits.Output() {
			continue // past the limit already: the run is being stopped
		}
		if r.intake.output > r.limits.Output() {
			r.intake.notePastLimit(c.Line, c.Column)
		}
		tree, err := r.intake.treeOfLine(c.Tree)
		if err != nil {
			return err
		}
		r.teller.sawLine(c.Text + tree.allText())
		r.emit(Console{At: r.at(c.At), Level: level(c.Level), Text: c.Text, Truncated: c.Truncated,
			Line: number(c.Line), Column: number(c.Column), Tree: tree})
	}
	if r.intake.output > r.limits.Output() {
		r.stop(ExceededOutput, limitUse("output", float64(r.limits.Output()), float64(r.intake.output), "bytes"))
	}
	for _, b := range events.Blocked {
		r.intake.blocked++
		r.teller.saw(bridge.Blocked, r.intake.blocked, b.Name)
		if len(b.Name) > maxName {
			return fmt.Errorf("name of a door: %w", wire.ErrTooLong)
		}
		r.intake.lastBlocked = Blocked{At: r.at(b.At), Kind: kind(b.Kind), Name: b.Name, Count: max(1, number(b.Count)),
			Line: number(b.Line), Column: number(b.Column)}
		r.emit(r.intake.lastBlocked)
	}
	for _, g := range events.GCs {
		r.memory.sample(amount(g.Before), 0)
		r.emit(GC{At: r.at(g.At), Took: min(max(0, g.Took), r.clock.now()), Kind: word(g.Kind), Count: max(1, number(g.Count)),
			Before: amount(g.Before), After: amount(g.After)})
	}
	for _, s := range events.Samples {
		r.handleSample(s)
	}
	if err := r.handleAttempts(events.Natives); err != nil {
		return err
	}
	if events.DroppedConsole > 0 || events.DroppedBlocked > 0 {
		r.emit(Dropped{At: r.clock.now(), Console: number(events.DroppedConsole), Blocked: number(events.DroppedBlocked)})
	}
	return nil
}

func (r *run) handleSample(s wire.Sample) {
	r.intake.lastSample = time.Now()
	if s.Line > 0 {
		r.intake.lastSeen = place{number(s.Line), number(s.Column)}
	}
	heap := Heap{At: r.at(s.At), V8: true, Used: amount(s.Used), Committed: amount(s.Committed),
		External: amount(s.External), CPU: r.processor.had.Used, NoCore: r.processor.had.NoCore}
	if r.clock.now()-heap.At < 2*sampleEvery { // else the process's size is of another moment
		heap.Process = r.memory.now.Resident
	}
	r.memory.sample(heap.Used, heap.External)
	r.emit(heap)
	r.checkMemory(heap.Used + heap.External)
}

// at is the run's time at a moment of the worker's clock.
func (r *run) at(t time.Duration) time.Duration { return r.clock.at(t) }

// number and amount keep what a worker counts in bounds that can be added up.
func number(n int) int          { return min(max(0, n), 1<<30) }
func amount(bytes uint64) int64 { return int64(min(bytes, maxAmount)) }

// word lets through names as V8, the prelude and confine use them, and no other
// text. None of them has digits: the host adds those that have, such as v8-sandbox.
func word(s string) string {
	for _, c := range s {
		if c != '-' && c != '_' && (c < 'a' || c > 'z') {
			return "unknown"
		}
	}
	return s[:min(len(s), 40)]
}

// level and kind let through only the values that the host knows.
func level(s string) string {
	switch s {
	case "info", "debug", "warn", "error", "trace":
		return s
	}
	return "log"
}

func kind(s string) string {
	switch s {
	case "codegen", "import":
		return s
	}
	return "global"
}
