package isolate

import (
	"encoding/json"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	v8 "rogchap.com/v8go"
)

// A process has one isolate, which belongs to one thread: these tests share
// it. Whole guests, which may spoil theirs, are tried in package engine.
var isolateThread = sync.OnceValues(func() (chan<- func(*engine), <-chan struct{}) {
	work, gone := make(chan func(*engine)), make(chan struct{})
	go func() {
		defer close(gone)
		runtime.LockOSThread()
		iso, err := New(Config{HeapLimit: 1 << 30}) // v8go keeps the values of every test
		if err != nil {
			panic(err)
		}
		for f := range work {
			f(iso.(*engine))
		}
	}()
	return work, gone
})

// inIsolate calls f on the isolate's thread. A fatal failure in f takes that
// thread along, and every later test that needs it fails too.
func inIsolate(t testing.TB, f func(*engine)) {
	t.Helper()
	work, gone := isolateThread()
	done := make(chan struct{})
	select {
	case work <- func(e *engine) {
		defer close(done)
		f(e)
	}:
		<-done
	case <-gone:
		t.Fatal("the isolate's thread was lost to an earlier failure")
	}
}

func evaluate(t *testing.T, e *engine, source string) *v8.Value {
	t.Helper()
	value, err := e.ctx.RunScript(source, "test.js")
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return value
}

// TestPointers holds v8go to what isolatePointer and valuePointer take from it.
func TestPointers(t *testing.T) {
	field, ok := reflect.TypeFor[v8.Isolate]().FieldByName("ptr")
	if !ok || field.Type.Kind() != reflect.Pointer && field.Type.Kind() != reflect.UnsafePointer {
		t.Errorf("v8go's Isolate has no pointer called ptr: %v", field)
	}
	template, ok := reflect.TypeFor[v8.ObjectTemplate]().FieldByName("template")
	if !ok || template.Offset != 0 || template.Type.Kind() != reflect.Pointer {
		t.Fatalf("v8go's ObjectTemplate does not begin with its template: %v", template)
	}
	for _, c := range []reflect.Type{reflect.TypeFor[v8.Value](), template.Type.Elem()} {
		if first := c.Field(0); first.Name != "ptr" || first.Offset != 0 || first.Type.Kind() != reflect.Pointer {
			t.Errorf("v8go's %v begins with %v, not with its pointer", c, first)
		}
	}
}

// TestHeadReadsEveryKindOfString compares the reader of V8's string nodes with
// what JavaScript says of the same string. It reads first: asking JavaScript
// flattens a rope.
func TestHeadReadsEveryKindOfString(t *testing.T) {
	kinds := []struct{ name, source string }{
		{"empty", `''`},
		{"sequential, one byte", `'abc'`},
		{"sequential, Latin-1", `'\xe9\xff\x80'`},
		{"sequential, two bytes", `'\u0416\u4e2d'`},
		{"a character of two units", `'\ud83d\ude00'`},
		{"surrogates alone and swapped", `'a\ud83d' + 'b\ude00' + '\ude00\ud83d'`},
		{"cons", `'x'.repeat(20) + Math.max(1, 2)`},
		{"cons, mixed widths", `('x'.repeat(20) + '\u0416') + ('y'.repeat(20) + '\xe9')`},
		{"cons, deep to the left", `let s = 'start'; for (let i = 0; i < 1e5; i++) s = s + 'abcdefghijklm'; s`},
		{"cons, deep to the right", `let s = 'end'; for (let i = 0; i < 1e5; i++) s = 'abcdefghijklm' + s; s`},
		{"cons, both ways", `let s = '<>'; for (let i = 0; i < 1e4; i++) s = 'abcdefghijklm' + s + 'nopqrstuvwxyz'; s`},
		{"cons of shared halves", `let s = 'ab\u0416'; for (let i = 0; i < 16; i++) s = s + s; s`},
		{"cons, flattened", `let s = 'x'.repeat(20) + 'y'.repeat(20); s.charCodeAt(3); s`},
		{"cons, flattened, in a cons", `let s = 'x'.repeat(20) + 'y'.repeat(20); s.charCodeAt(3); s + 'z'.repeat(20)`},
		{"repeat", `'ab'.repeat(1 << 20)`},
		{"sliced", `('0123456789'.repeat(10) + '!').slice(13, 77)`},
		{"sliced, two bytes", `('01234567\u0416\ud83d'.repeat(10) + '!').slice(13, 77)`},
		{"sliced of a sliced", `('0123456789'.repeat(10) + '!').slice(13, 77).slice(7, 40)`},
		{"sliced of a thin", `let s = ['0123456789'.repeat(10), 'k'].join(''); const part = s.slice(13, 60); ({})[s]; part`},
		{"thin", `const s = ['thin', 'string', Math.max(1, 2)].join('-'); ({})[s]; s`},
		{"thin, two bytes", `const s = ['thin', '\u0416', Math.max(1, 2)].join('-'); ({})[s]; s`},
		{"thin in a cons", `const s = ['thin', 'string', Math.max(1, 2)].join('-'); const r = s + 'x'.repeat(20); ({})[s]; r`},
		{"number as text", `String(1234567.5)`},
		{"upper case", `'abcdef'.repeat(10).toUpperCase()`},
		{"JSON", `JSON.stringify({a: ['\u0416', 1]})`},
		{"symbol's description", `Symbol('a description').description`},
		{"source of a function", `(function () { return 'sliced from the script' }).toString()`},
	}
	inIsolate(t, func(e *engine) {
		for _, kind := range kinds {
			for _, most := range []int32{0, 1, 5, 13, 1000, 100_000} {
				value := evaluate(t, e, "{"+strings.ReplaceAll(strings.ReplaceAll(kind.source, "let s", "var s"), "const ", "var ")+"}")
				limit, err := v8.NewValue(e.iso, most)
				if err != nil {
					t.Fatal(err)
				}
				got := e.nativeHead([]*v8.Value{value, limit})

				must := evaluate(t, e, `(s, n) => JSON.stringify(Array.from({length: Math.min(n, s.length)}, (_, i) => s.charCodeAt(i)))`)
				describe, err := must.AsFunction()
				if err != nil {
					t.Fatal(err)
				}
				codes, err := describe.Call(v8.Undefined(e.iso), value, limit)
				if err != nil {
					t.Fatal(err)
				}
				var units []uint16
				if err := json.Unmarshal([]byte(codes.String()), &units); err != nil {
					t.Fatal(err)
				}
				if want := string(utf16.Decode(units)); got != want {
					t.Errorf("%s: the first %d units read %.60q, JavaScript says %.60q", kind.name, most, got, want)
				}
			}
		}
	})
}

// TestHeapAgrees compares our reading of V8's statistics, whose fields we
// count off by hand, with v8go's.
func TestHeapAgrees(t *testing.T) {
	inIsolate(t, func(e *engine) {
		evaluate(t, e, `globalThis.kept = [new ArrayBuffer(3 << 20), new Array(1e5).fill(1)]`)
		// V8 sweeps on threads of its own: theirs lies between two of ours.
		before, theirs, after := e.Heap(), e.iso.GetHeapStatistics(), e.Heap()
		within := func(name string, a, b, c uint64) {
			const slack = 64 << 10
			if b == 0 || b+slack < min(a, c) || b > max(a, c)+slack {
				t.Errorf("%s: %d and then %d by our reading, %d by v8go's between them", name, a, c, b)
			}
		}
		within("used", before.Used, theirs.UsedHeapSize, after.Used)
		within("committed", before.Committed, theirs.TotalHeapSize, after.Committed)
		within("external", before.External, theirs.ExternalMemory, after.External)
		if after.External < 3<<20 {
			t.Errorf("external is %d bytes, of a buffer of 3 MB", after.External)
		}
	})
}

// TestOneIsolate: a process that already ran a guest gets no second room.
func TestOneIsolate(t *testing.T) {
	inIsolate(t, func(*engine) {
		if _, err := New(Config{HeapLimit: 64 << 20}); err == nil {
			t.Error("a second isolate was made in one process")
		}
	})
}

func TestTimersAreInOrder(t *testing.T) {
	var q timerQueue
	late, soon, cancelled, same := q.add(3e6, false), q.add(1e6, false), q.add(1e6, false), q.add(1e6, false)
	q.remove(cancelled)
	q.remove(cancelled)
	q.remove(999)
	var order []int
	for {
		id, ok := q.wait(nil)
		if !ok {
			break
		}
		order = append(order, id)
	}
	if want := []int{soon, same, late}; !reflect.DeepEqual(order, want) {
		t.Errorf("fired %v, want %v", order, want)
	}
	again := q.add(0, true)
	for range 3 {
		if id, ok := q.wait(nil); id != again || !ok {
			t.Errorf("a repeating timer fired as %d, %v", id, ok)
		}
	}
	stopped := make(chan struct{})
	close(stopped)
	q.remove(again)
	q.add(1e12, false)
	if _, ok := q.wait(stopped); ok {
		t.Error("a timer fired after the stop")
	}
}

func TestCutKeepsCharactersWhole(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
		cut   bool
	}{
		{"abc", 3, "abc", false},
		{"abc", 2, "ab", true},
		{"aé", 2, "a", true},
		{"é", 1, "", true},
		{"a😀b", 4, "a", true},
		{"a😀b", 5, "a😀", true},
	} {
		var truncated bool
		if got := cut(c.text, c.limit, &truncated); got != c.want || truncated != c.cut {
			t.Errorf("cut(%q, %d) = %q, %v", c.text, c.limit, got, truncated)
		}
	}
}
