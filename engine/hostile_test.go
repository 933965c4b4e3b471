package engine_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/confine"
	"sealedroom/engine/wire"
)

// hostileEnv makes the test binary a worker that a guest has taken over. Its
// value says what it does.
const hostileEnv = "SEALEDROOM_TEST_HOSTILE"

// hostile is a worker that does not keep to the protocol.
type hostile struct {
	name   string
	early  bool        // acts before it is ready, else once it has its guest
	exits  bool        // by itself, if the machine leaves it the time
	ready  *wire.Ready // instead of one with little in it
	act    func(out *os.File, w *wire.Writer)
	guest  string
	want   []engine.Outcome
	detail string // part of the reason
	check  func(t *testing.T, s seen)
}

// send returns an act that sends frames of this kind, and dies.
func send(kind wire.Kind, bodies ...string) func(*os.File, *wire.Writer) {
	return func(_ *os.File, w *wire.Writer) {
		for _, body := range bodies {
			_ = w.SendRaw(kind, []byte(body))
		}
	}
}

// flood sends the same frame for ever, and reads nothing.
func flood(kind wire.Kind, body string) func(*os.File, *wire.Writer) {
	return func(_ *os.File, w *wire.Writer) {
		for w.SendRaw(kind, []byte(body)) == nil {
		}
	}
}

func raw(b ...byte) func(*os.File, *wire.Writer) {
	return func(out *os.File, _ *wire.Writer) { _, _ = out.Write(b) }
}

func silent(*os.File, *wire.Writer) { time.Sleep(time.Hour) }

func exit(status int) func(*os.File, *wire.Writer) {
	return func(*os.File, *wire.Writer) { os.Exit(status) }
}

// list is a JSON array of n times item.
func list(item string, n int) string { return "[" + strings.Repeat(item+",", n-1) + item + "]" }

const returned = `{"Kind":"returned","Result":{"Type":"number","Preview":"1","Bytes":1}}`

// Made when asked for: the test binary's workers have no use for them.
func hostiles() []hostile {
	return []hostile{
		{name: "never ready", early: true, act: silent, detail: "not ready within"},
		{name: "dead before it is ready", early: true, act: exit(9), detail: "exited before ready"},
		{name: "ready in no JSON", early: true, act: send(wire.KindReady, `{{{`), detail: "frame"},
		{name: "done before it is ready", early: true, act: send(wire.KindDone, returned), detail: "unknown kind"},
		{name: "a first frame of 4 GiB", early: true, act: raw(0xff, 0xff, 0xff, 0xff, 64), detail: "longer than allowed"},

		{name: "a frame of 4 GiB", act: raw(0xff, 0xff, 0xff, 0xff, 65), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "a frame a byte too long", act: raw(append(binary.BigEndian.AppendUint32(nil, wire.MaxFromWorker+1), 65)...), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "an empty frame", act: raw(0, 0, 0, 0), want: only(engine.Crashed), detail: "broke the protocol"},
		{name: "a frame cut short", act: raw(0, 0, 16, 0, 65, '{'), want: only(engine.Crashed), detail: "exit status 0"},
		{name: "half a length", act: raw(0, 0), want: only(engine.Crashed), detail: "exit status 0"},
		{name: "no last word", act: exit(0), want: only(engine.Crashed), detail: "exit status 0"},
		{name: "death with a status", act: exit(42), want: only(engine.Crashed), detail: "exit status 42"},
		{name: "last words of memory", act: func(*os.File, *wire.Writer) {
			os.Stderr.WriteString("#\n# Fatal process out of memory: Zone\n")
			os.Exit(2)
		}, want: only(engine.ExceededMemory)},
		{name: "no memory for a thread", act: func(*os.File, *wire.Writer) {
			os.Stderr.WriteString("runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort\n")
			os.Exit(2)
		}, want: only(engine.ExceededMemory)},
		{name: "words of memory, and an ordinary exit", act: func(*os.File, *wire.Writer) {
			os.Stderr.WriteString("out of memory")
			os.Exit(1)
		}, want: only(engine.Crashed), detail: "exit status 1: out of memory"},
		{name: "V8's words of memory, and an ordinary exit", act: func(*os.File, *wire.Writer) {
			os.Stderr.WriteString("#\n# Fatal process out of memory: Zone\n")
			os.Exit(0)
		}, want: only(engine.Crashed), detail: "exit status 0"},
		{name: "words of memory in other words", act: func(*os.File, *wire.Writer) {
			os.Stderr.WriteString("exploit failed: out of memory\n")
			os.Exit(2)
		}, want: only(engine.Crashed), detail: "exploit failed"},
		{name: "much memory, and an ordinary exit", exits: true, act: func(*os.File, *wire.Writer) { fill(62 << 20); os.Exit(3) },
			want: only(engine.Crashed, engine.Timeout)}, // the latter on a machine that takes its time to fill it
		{name: "an unknown kind", act: send(200, `{}`), want: only(engine.Crashed), detail: "unknown kind"},
		{name: "a kind of the host's", act: send(wire.KindStop, `{}`), want: only(engine.Crashed), detail: "unknown kind"},
		{name: "ready again", act: send(wire.KindReady, `{}`), want: only(engine.Crashed), detail: "unknown kind"},
		{name: "walls unasked", act: send(wire.KindWalls, `{}`), want: only(engine.Crashed), detail: "unknown kind"},
		{name: "no JSON", act: send(wire.KindEvents, "\x00\xff{"), want: only(engine.Crashed), detail: "broke the protocol"},
		{name: "JSON of other types", act: send(wire.KindEvents, `{"Console":5}`), want: only(engine.Crashed), detail: "broke the protocol"},
		{name: "deep JSON", act: send(wire.KindEvents, strings.Repeat("[", 500_000)), want: only(engine.Crashed), detail: "broke the protocol"},
		{name: "a number too large", act: send(wire.KindDone, `{"Kind":"returned","Run":1e300}`), want: only(engine.Crashed), detail: "broke the protocol"},
		{name: "a long console line", act: send(wire.KindEvents, `{"Console":[{"Text":"`+strings.Repeat("x", 100_000)+`"}]}`), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "a long door", act: send(wire.KindEvents, `{"Blocked":[{"Name":"`+strings.Repeat("x", 100_000)+`"}]}`), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "a large tree of a line", act: send(wire.KindEvents, `{"Console":[{"Tree":{"t":"array","v":"","c":`+list(`{"t":"number","v":"1"}`, 1000)+`}}]}`), want: only(engine.Crashed), detail: "larger than allowed"},
		{name: "trees of too many lines", act: send(wire.KindEvents, `{"Console":`+list(`{"Tree":{"t":"object","v":"{}"}}`, 101)+`}`), want: only(engine.Crashed), detail: "larger than allowed"},
		{name: "a long preview", act: send(wire.KindDone, `{"Kind":"returned","Result":{"Preview":"`+strings.Repeat("x", 1000_000)+`"}}`), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "a long message", act: send(wire.KindDone, `{"Kind":"threw","Error":{"Message":"`+strings.Repeat("x", 1000_000)+`"}}`), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "an error made from too many", act: send(wire.KindDone, `{"Kind":"threw","Error":{"Errors":`+list(`{"Message":"x"}`, 1000)+`}}`), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "an error made from too deep", act: send(wire.KindDone, `{"Kind":"threw","Error":`+strings.Repeat(`{"Cause":`, 20)+`{}`+strings.Repeat(`}`, 20)+`}`), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "an error with too much beside it", act: send(wire.KindDone, `{"Kind":"threw","Error":{"Properties":`+list(`{"Name":"x"}`, 100)+`}}`), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "a long preview in pieces", act: flood(wire.KindResultText, strings.Repeat("x", 1000)), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "many heap spaces", act: send(wire.KindDone, `{"Kind":"returned","Spaces":`+list(`{}`, 1000)+`}`), want: only(engine.Crashed), detail: "longer than allowed"},
		{name: "an end of its own invention", act: send(wire.KindDone, `{"Kind":"escaped"}`), want: only(engine.Crashed), detail: "by itself"},
		{name: "a stop that was not asked for", act: send(wire.KindDone, `{"Kind":"terminated"}`), want: only(engine.Crashed), detail: "by itself"},

		{name: "silence", act: silent, want: only(engine.Timeout)},
		{name: "half a frame and silence", act: func(out *os.File, w *wire.Writer) { raw(0, 0, 16, 0, 65, '{')(out, w); silent(out, w) }, want: only(engine.Timeout)},
		{name: "a flood of console lines", act: flood(wire.KindEvents, `{"Console":`+list(`{"Text":"`+strings.Repeat("x", 900)+`"}`, 1000)+`}`), want: only(engine.ExceededOutput)},
		{name: "a flood of doors", act: flood(wire.KindEvents, `{"Blocked":`+list(`{"Name":"`+strings.Repeat("x", 900)+`"}`, 1000)+`}`), want: only(engine.Crashed, engine.Timeout)},
		{name: "a flood of samples", act: flood(wire.KindEvents, `{"Samples":`+list(`{}`, 300_000)+`}`), want: only(engine.Crashed, engine.Timeout)},
		{name: "a flood of collections", act: flood(wire.KindEvents, `{"GCs":`+list(`{}`, 300_000)+`}`), want: only(engine.Crashed, engine.Timeout)},
		{name: "a guest that is not read", early: false, guest: strings.Repeat("1;", 4<<20), act: nil, want: only(engine.Timeout)},

		{name: "words for a terminal", act: send(wire.KindDone, `{"Kind":"threw","Error":{"Phase":"\u001b[2J","Type":"\u202e","Message":"m"},"Spaces":[{"Name":"\u001b]0;"}]}`),
			want: only(engine.Exception), check: func(t *testing.T, s seen) {
				if s.Error.Phase != "unknown" || s.Error.Type != "unknown" || s.Spaces[0].Name != "unknown" {
					t.Errorf("let through: %+v %+v", s.Error, s.Spaces)
				}
			}},
		{name: "much about its walls", act: send(wire.KindDone, returned), want: only(engine.OK),
			ready: &wire.Ready{
				V8: strings.Repeat("v", 1000), Cage: wire.Cage{Secure: true, Size: 1<<64 - 1, PointerBytes: -1},
				Walls:   slices.Repeat([]wire.Wall{{Name: "v8-sandbox", Strength: strings.Repeat("s", 1000)}}, 200),
				Lacking: slices.Repeat([]string{strings.Repeat("l", 1000)}, 200),
			},
			check: func(t *testing.T, s seen) {
				b := s.started
				long := func(s string) bool { return len(s) > 300 }
				if long(b.V8) || len(b.Walls) > 110 || len(b.Lacking) > 110 || slices.ContainsFunc(b.Lacking, long) ||
					slices.ContainsFunc(b.Walls, func(w engine.Wall) bool { return long(w.Strength) }) {
					t.Errorf("let through: %d walls, %d lacking, V8 %.10q…", len(b.Walls), len(b.Lacking), b.V8)
				}
				if b.Walls[0].Name != "unknown" {
					t.Errorf("a worker names %q, which the host alone does", b.Walls[0].Name)
				}
			}},
		{name: "life after its last word", act: func(out *os.File, w *wire.Writer) { send(wire.KindDone, returned)(out, w); silent(out, w) },
			want: only(engine.OK), check: func(t *testing.T, s seen) {
				if s.Result.Preview != "1" {
					t.Errorf("result %+v", s.Result)
				}
			}},
		{name: "times out of the run", act: func(out *os.File, w *wire.Writer) {
			send(wire.KindEvents, `{"Console":[{"At":-5,"Level":"\u001b[31m","Text":"a"},{"At":9000000000000000000,"Text":"b"}],"GCs":[{"At":-1,"Took":-1}],"Blocked":[{"At":-1}]}`)(out, w)
			send(wire.KindDone, `{"Kind":"returned","Compile":-1,"Run":-9000000000000000000,"Settle":9000000000000000000,"CPU":9000000000000000000,"Line":-4,"Column":-4}`)(out, w)
		}, want: only(engine.OK), check: func(t *testing.T, s seen) {
			for _, c := range s.console {
				if c.At < 0 || c.At > s.Time.Wall || c.Level != "log" {
					t.Errorf("console line %+v", c)
				}
			}
			for _, d := range []time.Duration{s.Time.Compile, s.Time.Run, s.Time.Settle, s.Time.CPU, s.gcs[0].At, s.gcs[0].Took, s.blocked[0].At} {
				if d < 0 || d > s.Time.Wall {
					t.Errorf("a time of %v in a run of %v", d, s.Time.Wall)
				}
			}
			if s.StoppedLine != 0 || s.StoppedColumn != 0 {
				t.Errorf("stopped at %d:%d", s.StoppedLine, s.StoppedColumn)
			}
		}},
		{name: "counts that overflow", act: func(out *os.File, w *wire.Writer) {
			send(wire.KindEvents, `{"Blocked":`+list(`{"Name":"x","Count":9223372036854775807,"Line":9223372036854775807}`, 4)+`,"GCs":[{"Count":9223372036854775807},{"Count":-7}],"DroppedConsole":9223372036854775807,"DroppedBlocked":-3}`)(out, w)
			send(wire.KindDone, returned)(out, w)
		}, want: only(engine.OK), check: func(t *testing.T, s seen) {
			sum := s.dropped.Console + s.dropped.Blocked
			for _, b := range s.blocked {
				sum += b.Count + b.Line
			}
			for _, g := range s.gcs {
				sum += g.Count
			}
			if sum < 0 || sum > 1<<40 {
				t.Errorf("counts add up to %d", sum)
			}
		}},
		{name: "a heap beyond all limits", act: func(out *os.File, w *wire.Writer) {
			send(wire.KindEvents, `{"Samples":[{"Used":18446744073709551615,"External":18446744073709551615}]}`)(out, w)
			silent(out, w)
		}, want: only(engine.ExceededMemory), check: func(t *testing.T, s seen) {
			if s.Memory.Heap < 0 || s.Memory.External < 0 || s.Limit == nil || s.Limit.Used < 0 {
				t.Errorf("peaks %+v, limit %+v", s.Memory, s.Limit)
			}
		}},
		{name: "growth while it should wait for an answer", act: func(out *os.File, w *wire.Writer) {
			send(wire.KindCall, `{"Capability":"kv","Method":"get","Args":"[\"k\"]"}`)(out, w)
			for kept := [][]byte{}; ; time.Sleep(time.Millisecond) {
				kept = append(kept, bytes.Repeat([]byte{1}, 1<<20))
			}
		}, want: only(engine.ExceededMemory, engine.Timeout)},
		{name: "a frame full of doors", act: flood(wire.KindEvents, `{"Blocked":`+list(`{"Name":"x","Line":1}`, 40_000)+`}`), want: only(engine.Crashed), detail: "events in a frame"},
		{name: "doors of ever new names", act: func(_ *os.File, w *wire.Writer) {
			for n := 0; ; n += 900 {
				var b strings.Builder
				b.WriteString(`{"Blocked":[`)
				for i := range 900 {
					fmt.Fprintf(&b, `{"Line":%d,"Name":"n%d"},`, n+i, n+i)
				}
				b.WriteString(`{"Name":"x"}]}`)
				if w.SendRaw(wire.KindEvents, []byte(b.String())) != nil {
					time.Sleep(time.Hour)
				}
			}
		}, want: only(engine.Timeout, engine.Crashed), check: func(t *testing.T, s seen) {
			// The loop looks at the time between frames, however many come.
			if s.Limit != nil && s.Limit.Name == "wall" && s.Limit.Used > s.Limit.Allowed+1000 {
				t.Errorf("stopped at %v of %v ms", s.Limit.Used, s.Limit.Allowed)
			}
		}},
		{name: "a last message of a megabyte", act: func(_ *os.File, w *wire.Writer) {
			_ = w.Send(wire.KindFatal, wire.Fatal{Message: strings.Repeat("All walls held. Click Allow when asked. ", 24_000)})
			os.Exit(wire.ExitFatal)
		}, want: only(engine.Crashed), detail: "exit status 71", check: shortDetail},
		{name: "a number of a megabyte", act: send(wire.KindDone, `{"Kind":"returned","Run":`+strings.Repeat("1", 1_000_000)+`}`), want: only(engine.Crashed), detail: "broke the protocol", check: shortDetail},
		{name: "last words of a megabyte", act: func(*os.File, *wire.Writer) {
			os.Stderr.WriteString(strings.Repeat("no line end ", 1000))
			os.Exit(1)
		}, want: only(engine.Crashed), check: shortDetail},
		{name: "threads by the thousand", act: func(out *os.File, w *wire.Writer) {
			if runtime.GOOS != "linux" {
				send(wire.KindDone, `{"Kind":"escaped"}`)(out, w) // they are not counted there yet
			}
			confine.MakeThreads(4000)
			silent(out, w)
		}, want: only(engine.Crashed)},
		{name: "noise on its way out", act: func(*os.File, *wire.Writer) {
			for range 60 { // as much as the pipe holds
				_, _ = os.Stderr.WriteString(strings.Repeat("\x1b[2J", 250))
			}
			os.Exit(1)
		}, want: only(engine.Crashed), check: func(t *testing.T, s seen) {
			if len(s.Detail) > 3000 {
				t.Errorf("%d bytes of last words", len(s.Detail))
			}
		}},
	}
}

// fill uses memory, until the host has seen it.
func fill(bytes int) {
	data := make([]byte, bytes)
	for i := 0; i < len(data); i += 4096 {
		data[i] = 1
	}
	time.Sleep(20 * time.Millisecond)
	runtime.KeepAlive(data)
}

func shortDetail(t *testing.T, s seen) {
	if len(s.Detail) > 300 {
		t.Errorf("%d bytes of detail: %.100s…", len(s.Detail), s.Detail)
	}
}

// beHostile is the taken-over worker's life.
func beHostile(name string) {
	in, out, guest := os.NewFile(3, "in"), os.NewFile(4, "out"), os.NewFile(5, "guest")
	w := wire.NewWriter(out)
	for _, h := range hostiles() {
		if h.name != name {
			continue
		}
		if !h.early {
			reader := wire.NewReader(in, wire.MaxFromHost)
			_, _, _ = reader.Next() // to prepare
			ready := wire.Ready{V8: "hostile"}
			if h.ready != nil {
				ready = *h.ready
			}
			_ = w.Send(wire.KindReady, ready)
			if h.act == nil {
				silent(out, w)
			}
			_, _, _ = wire.NewReader(guest, wire.MaxFromHost).Next()
		}
		h.act(out, w)
	}
	os.Exit(0)
}

func hostileCommand(name string) func() *exec.Cmd {
	return func() *exec.Cmd {
		cmd := exec.Command("/proc/self/exe")
		// The race detector else lingers for a second before it lets a process go.
		cmd.Env = []string{hostileEnv + "=" + name, "GORACE=atexit_sleep_ms=0"}
		return cmd
	}
}

func TestHostileWorker(t *testing.T) {
	for _, h := range hostiles() {
		t.Run(h.name, func(t *testing.T) {
			within := 20 * time.Second
			if h.early {
				within = 2 * time.Second
			}
			host := engine.NewWith(hostileCommand(h.name), within)
			defer host.Close()
			l := limits(t, "64MB", "300ms", engine.Switches{})
			l, err := l.WithResult(100 << 10)
			must(t, err)
			before := hostMemory()
			began := time.Now()
			var s seen
			events := 0
			s.Ended, err = host.Run(context.Background(), engine.Guest{Source: h.guest}, l, func(e engine.Event) {
				if events++; events < 1000 {
					s.take(e)
				}
			})
			took, grown := time.Since(began), hostMemory()-before
			if h.early {
				if err == nil || !strings.Contains(err.Error(), h.detail) {
					t.Errorf("started a run: %v, want an error about %q", err, h.detail)
				}
				return
			}
			must(t, err)
			if !slices.Contains(h.want, s.Outcome) || !strings.Contains(s.Detail, h.detail) {
				t.Errorf("ended as %s (%s); want %v (%s)", s.Outcome, s.Detail, h.want, h.detail)
			}
			if s.Outcome == engine.Timeout && !s.Killed && !h.exits {
				t.Error("a worker that ignored its stop was not killed")
			}
			if took > 40*time.Second { // the race detector is slow to read floods
				t.Errorf("took %v", took)
			}
			if grown > 100<<20+raceOverhead {
				t.Errorf("the host grew by %d MB", grown>>20)
			}
			if h.check != nil {
				h.check(t, s)
			}
		})
	}
}

// TestCancelOfHandOver: a person need not wait for a worker that does not read.
func TestCancelOfHandOver(t *testing.T) {
	host := engine.NewWith(hostileCommand("a guest that is not read"), 20*time.Second)
	defer host.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	ended, err := host.Run(ctx, engine.Guest{Source: strings.Repeat("1;", 4<<20)}, limits(t, "64MB", "5m", engine.Switches{}), func(engine.Event) {})
	must(t, err)
	if took := time.Since(began); ended.Outcome != engine.Canceled || took > 20*time.Second {
		t.Errorf("ended as %s after %v", ended.Outcome, took)
	}
}

// TestHostileProbe: a worker that lies to a probe, or is silent, is found out.
func TestHostileProbe(t *testing.T) {
	host := engine.NewWith(hostileCommand("silence"), 20*time.Second)
	defer host.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := host.TryWalls(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a silent worker's walls: %v", err)
	}
}

func hostMemory() int64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapInuse + stats.StackInuse)
}
