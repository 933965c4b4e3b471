package inspector

import (
	"math"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// Report is what `run --json` prints. Times are milliseconds since the guest
// was handed over, sizes are bytes; what was not measured is left out.
type Report struct {
	Outcome   engine.Outcome        `json:"outcome"`
	Killed    bool                  `json:"killed"`
	Limit     *engine.LimitUse      `json:"limit,omitempty"`
	Summary   string                `json:"summary"`
	Hint      string                `json:"hint,omitempty"`     // what a person can do about it
	Language  string                `json:"language,omitempty"` // "typescript"; "": JavaScript
	Result    *engine.Result        `json:"result,omitempty"`
	Error     *engine.GuestError    `json:"error,omitempty"`
	StoppedAt *Place                `json:"stopped_at,omitempty"`
	Console   []ConsoleLine         `json:"console"`
	Calls     []CallLine            `json:"calls"`
	Blocked   []BlockedName         `json:"blocked"`
	Secrets   []bridge.SecretReport `json:"secrets"`
	GC        []Collection          `json:"gc"`
	Heap      []Reading             `json:"heap"`
	Process   []ProcessReading      `json:"process"`
	Breach    *engine.Breach        `json:"breach,omitempty"` // of a guest with native hands
	Attempts  []Attempt             `json:"attempts,omitempty"`
	Fallen    []Fallen              `json:"fallen,omitempty"`
	Memory    Memory                `json:"memory"`
	Time      Time                  `json:"time"`
	Dropped   Dropped               `json:"dropped"`
	Engine    Engine                `json:"engine"`
}

// Place is a place in the guest's source, from 1.
type Place struct {
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// LastSeen: the worker was killed, and the guest was seen there some milliseconds
	// before.
	LastSeen bool `json:"last_seen,omitempty"`
}

// ConsoleLine is one line of the guest's console.
type ConsoleLine struct {
	AtMS      float64 `json:"at_ms"`
	Level     string  `json:"level"`
	Text      string  `json:"text"`
	Line      int     `json:"line,omitempty"`
	Truncated bool    `json:"truncated"`
}

// CallLine is one call through the teller window, or Count of them folded into
// one, with their bytes and time together.
type CallLine struct {
	AtMS       float64         `json:"at_ms"`
	Capability string          `json:"capability"`
	Method     string          `json:"method"`
	Args       string          `json:"args"`
	Answer     string          `json:"answer"`           // what the guest got
	Code       string          `json:"code,omitempty"`   // of an error that it got
	Logged     string          `json:"logged,omitempty"` // what the host logged
	Decision   bridge.Decision `json:"decision"`
	BytesIn    int             `json:"bytes_in"`
	BytesOut   int             `json:"bytes_out"`
	TookMS     float64         `json:"took_ms"`
	Line       int             `json:"line,omitempty"`
	Secrets    []string        `json:"secrets,omitempty"`  // seen in it
	Count      int             `json:"count,omitempty"`    // where more than one
	AskedMS    *float64        `json:"asked_ms,omitempty"` // where a person decided: how long the run was paused for it
}

// BlockedName is a door that was tried.
type BlockedName struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Count int    `json:"count"`
	Place
}

// Attempt is one use of native hands.
type Attempt struct {
	AtMS   float64 `json:"at_ms"`
	Name   string  `json:"name"`
	Target string  `json:"target"`
	Call   string  `json:"call,omitempty"` // the system call that decided
	Worked bool    `json:"worked"`
	Held   bool    `json:"held"`
	Answer string  `json:"answer,omitempty"`
	By     string  `json:"by,omitempty"` // the wall that refused, where that is known
	Place
}

// Fallen is one thing behind the walls that fell.
type Fallen struct {
	AtMS   float64 `json:"at_ms"`
	Target string  `json:"target"`
	What   string  `json:"what"`
}

// Collection is one garbage collection, or Count folded into one.
type Collection struct {
	AtMS   float64 `json:"at_ms"`
	Kind   string  `json:"kind"`
	Before int64   `json:"before"`
	After  int64   `json:"after"`
	TookMS float64 `json:"took_ms"`
	Count  int     `json:"count,omitempty"` // where more than one
}

// Reading is one point of the memory series.
type Reading struct {
	AtMS      float64 `json:"at_ms"`
	Used      int64   `json:"used"`
	Committed int64   `json:"committed"`
	External  int64   `json:"external"`
	Process   int64   `json:"process,omitempty"`
}

// ProcessReading is a point of that series where V8 could not be asked, inside
// a long builtin say: only the size of the worker's process is known.
type ProcessReading struct {
	AtMS    float64 `json:"at_ms"`
	Process int64   `json:"process"`
}

// Memory holds the peaks.
type Memory struct {
	PeakHeap     int64      `json:"peak_heap"`
	PeakExternal int64      `json:"peak_external"`
	PeakProcess  int64      `json:"peak_process,omitempty"`
	PeakGrowth   int64      `json:"peak_growth,omitempty"` // of the process, since hand-over
	Spaces       []HeapPart `json:"spaces,omitempty"`
}

// HeapPart is one of V8's heap spaces at the end.
type HeapPart struct {
	Name      string `json:"name"`
	Used      int64  `json:"used"`
	Committed int64  `json:"committed"`
}

// Time says where the time went, in milliseconds.
type Time struct {
	Wall        float64  `json:"wall_ms"`             // without what the run was paused
	Paused      float64  `json:"paused_ms,omitempty"` // while a person was asked
	CPU         *float64 `json:"cpu_ms,omitempty"`
	NoCore      *float64 `json:"no_core_ms,omitempty"` // it was ready to run, and no core was free
	Waiting     *float64 `json:"waiting_ms,omitempty"` // it waited by itself; with no_core_ms only
	Bridge      float64  `json:"bridge_ms"`            // opening what is granted
	Worker      float64  `json:"worker_ms"`            // waiting for a worker
	Process     float64  `json:"process_ms"`           // starting its process, ahead of time with a spare
	Isolate     float64  `json:"isolate_ms"`
	Context     float64  `json:"context_ms"`
	Seal        float64  `json:"seal_ms"`
	HandOver    *float64 `json:"hand_over_ms,omitempty"` // the host's part of it
	Compile     *float64 `json:"compile_ms,omitempty"`
	Run         *float64 `json:"run_ms,omitempty"`
	Settle      *float64 `json:"settle_ms,omitempty"`
	Read        *float64 `json:"read_ms,omitempty"`
	Between     *float64 `json:"between_ms,omitempty"` // on the way there and back
	FirstResult float64  `json:"first_result_ms"`      // the sum of bridge, worker, and those from hand_over to here
	Stop        *float64 `json:"stop_ms,omitempty"`
	Teardown    float64  `json:"teardown_ms"`
}

// Engine says what ran the guest.
type Engine struct {
	V8          string        `json:"v8"`
	Confinement []string      `json:"confinement"`     // the walls' names
	Walls       []engine.Wall `json:"walls,omitempty"` // with what each takes away here
	Lacking     []string      `json:"lacking,omitempty"`
	Has         []string      `json:"has,omitempty"` // which of engine.Abilities
	WorkerPID   int           `json:"worker_pid,omitempty"`
	Spare       bool          `json:"spare"`
}

// Report makes the report of a run that has ended.
func (s *State) Report() Report {
	r := Report{
		Summary: s.Summary(), Hint: s.Verdict().Advice,
		Console: []ConsoleLine{}, Calls: []CallLine{}, Blocked: []BlockedName{}, Secrets: []bridge.SecretReport{},
		GC: []Collection{}, Heap: []Reading{}, Process: []ProcessReading{}, Dropped: s.Dropped,
		Memory: Memory{PeakHeap: s.PeakUsed, PeakExternal: s.PeakExternal, PeakProcess: s.PeakProcess},
		Engine: Engine{Confinement: []string{}},
	}
	if s.Translated != nil {
		r.Language = s.Translated.Language
	}
	for _, c := range s.Lines() {
		r.Console = append(r.Console, ConsoleLine{milliseconds(c.At), c.Level, Visible(c.Text), c.Line, c.Truncated})
	}
	for _, c := range s.Calls {
		line := CallLine{
			AtMS: milliseconds(c.At), Capability: Visible(c.Capability), Method: Visible(c.Method),
			Args: Visible(c.Args), Answer: Visible(c.Answer), Code: c.Code, Logged: Visible(c.Logged),
			Decision: c.Decision, BytesIn: c.BytesIn, BytesOut: c.BytesOut, TookMS: milliseconds(c.Took),
			Line: c.Line, Secrets: c.Secrets,
		}
		if c.Asked > 0 {
			line.AskedMS = measured(c.Asked)
		}
		if c.Times > 1 {
			line.Count = c.Times
		}
		r.Calls = append(r.Calls, line)
	}
	r.Secrets = append(r.Secrets, s.Secrets...)
	for _, b := range s.Blocked {
		r.Blocked = append(r.Blocked, BlockedName{Visible(b.Name), b.Kind, b.Count, Place{Line: b.Line, Column: b.Column}})
	}
	for _, a := range s.Hands {
		r.Attempts = append(r.Attempts, Attempt{milliseconds(a.At), a.Name, Visible(a.Target), a.Call, a.Worked, a.Held,
			Visible(a.Answer), a.By, Place{Line: a.Line, Column: a.Column}})
	}
	for _, f := range s.Fallen {
		r.Fallen = append(r.Fallen, Fallen{milliseconds(f.At), f.Target, f.What})
	}
	for _, g := range s.GCs {
		c := Collection{milliseconds(g.At), g.Kind, g.Before, g.After, milliseconds(g.Took), 0}
		if g.Count > 1 {
			c.Count = g.Count
		}
		r.GC = append(r.GC, c)
	}
	for _, h := range s.Heap {
		if h.V8 {
			r.Heap = append(r.Heap, Reading{milliseconds(h.At), h.Used, h.Committed, h.External, h.Process})
		} else {
			r.Process = append(r.Process, ProcessReading{milliseconds(h.At), h.Process})
		}
	}
	if b := s.Started; b != nil {
		r.Breach = b.Breach
		r.Engine = Engine{V8: b.V8, Confinement: engine.WallNames(b.Walls), Walls: b.Walls, Lacking: b.Lacking, Has: b.Has, WorkerPID: b.PID, Spare: b.Waited.Spare}
		r.Time.Bridge, r.Time.Worker = milliseconds(b.Waited.Bridge), milliseconds(b.Waited.Worker)
		r.Time.Process = milliseconds(b.Waited.Process)
		r.Time.Isolate, r.Time.Context = milliseconds(b.Waited.Isolate), milliseconds(b.Waited.Context)
		r.Time.Seal = milliseconds(b.Waited.Seal)
	}
	if e := s.Ended; e != nil {
		r.end(e)
		if spent := s.Spent(); spent.HasCPU && spent.HasNoCore {
			r.Time.NoCore, r.Time.Waiting = measured(spent.NoCore), measured(spent.Waiting)
		}
	}
	return r
}

func (r *Report) end(e *engine.Ended) {
	r.Outcome, r.Killed, r.Limit = e.Outcome, e.Killed, e.Limit
	if e.Result != nil {
		result := *e.Result
		result.Preview, result.Tree = Visible(result.Preview), nil // the tree says nothing more
		r.Result = &result
	}
	if e.Error != nil {
		failure := e.Error.Map(Visible)
		r.Error = &failure
	}
	if e.StoppedLine > 0 {
		r.StoppedAt = &Place{Line: e.StoppedLine, Column: e.StoppedColumn, LastSeen: e.LastSeen}
	}
	r.Memory.PeakGrowth = e.Memory.Growth
	for _, s := range e.Spaces {
		r.Memory.Spaces = append(r.Memory.Spaces, HeapPart(s))
	}
	t := e.Time
	r.Time.Wall, r.Time.Teardown = milliseconds(t.Wall), milliseconds(t.Teardown)
	r.Time.FirstResult, r.Time.Paused = milliseconds(t.FirstResult), milliseconds(t.Paused)
	if t.HasCPU {
		r.Time.CPU = measured(t.CPU)
	}
	if t.FirstResult > 0 {
		r.Time.Compile, r.Time.Run = measured(t.Compile), measured(t.Run)
		r.Time.Settle, r.Time.Read = measured(t.Settle), measured(t.Read)
		r.Time.HandOver, r.Time.Between = measured(t.HandOver), measured(t.Between)
	}
	if t.Stop > 0 {
		r.Time.Stop = measured(t.Stop)
	}
}

// milliseconds to the microsecond.
func milliseconds(d time.Duration) float64 { return math.Round(float64(d)/1e3) / 1e3 }

func measured(d time.Duration) *float64 {
	ms := milliseconds(d)
	return &ms
}
