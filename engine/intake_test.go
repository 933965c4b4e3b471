package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/engine/wire"
	"sealedroom/inspector"
)

// frames returns bytes that a worker could send: kind and body in turn.
func frames(parts ...any) []byte {
	var out bytes.Buffer
	w := wire.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		_ = w.SendRaw(parts[i].(wire.Kind), []byte(parts[i+1].(string)))
	}
	return out.Bytes()
}

// Longest texts of events, in bytes: a line, a text of a call with its ellipsis,
// and what an error shows.
const (
	longestShown = 64 << 10
	longestShort = 8 << 10
)

// FuzzIntake reads what a worker that was taken over may send. Whatever it is,
// it is read soon, what comes of it is bounded, and it can be reported.
func FuzzIntake(f *testing.F) {
	deep := strings.Repeat(`{"t":"array","v":"a","c":[`, 30) + strings.Repeat(`]}`, 30)
	for _, stream := range [][]byte{
		frames(wire.KindEvents, `{"Console":[{"At":1000,"Level":"log","Text":"hi","Line":1,"Column":2}]}`, wire.KindDone, returned),
		frames(wire.KindEvents, `{"Blocked":[{"At":-5,"Kind":"global","Name":"process","Count":-1,"Line":-7}],"DroppedConsole":9223372036854775807}`),
		frames(wire.KindEvents, `{"GCs":[{"At":1,"Took":-1,"Kind":"\u001b","Count":3,"Before":18446744073709551615,"After":0}],"Samples":[{"At":9e9,"Used":18446744073709551615}]}`),
		frames(wire.KindEvents, `{"Console":[{"Tree":`+deep+`,"Text":"x"}]}`, wire.KindResultText, "\xff\xfe", wire.KindDone, `{"Kind":"returned","Result":{"Type":"object","Tree":`+deep+`}}`),
		frames(wire.KindCall, `{"At":5,"Capability":"kv","Method":"set","Args":"[\"k\",\"v\"]","Line":1}`, wire.KindCall, `{"Capability":"\u0000","Method":"x","Code":"c","Why":"w"}`),
		frames(wire.KindDone, `{"Kind":"threw","Error":{"Phase":"run","Type":"T","Name":"N","Message":"m","Stack":"s","Properties":[{"Name":"a","Value":"b"}],"Cause":{"Message":"c"},"Errors":[{"Message":"e"}],"More":-1}}`),
		frames(wire.KindDone, `{"Kind":"terminated","NearHeapLimit":true,"Spaces":[{"Name":"old-space","Used":1}],"Compile":-1,"Run":9223372036854775807,"CPU":-9223372036854775808}`),
		frames(wire.KindEvents, `{"Natives":[{"Name":"open","Target":"x","Call":"openat","Worked":true,"Held":true,"Answer":"EPERM","By":"seccomp"}]}`),
		frames(wire.KindFatal, `{"OutOfMemory":true,"Message":"Fatal\n"}`, wire.KindStop, `{}`),
		{0xff, 0xff, 0xff, 0xff, 65}, {0, 0, 0, 0},
	} {
		f.Add(stream)
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		guest := engine.Guest{Name: "guest.js", Source: "1", Grants: map[string]bridge.Grant{"kv": bridge.Hardened}, Secrets: []string{"TOKEN=secret-value"}}
		limits := limits(t, "64MB", "20s", engine.Switches{})
		began := time.Now()
		var state inspector.State
		var ended engine.Ended
		bounded := func(what, text string, most int) {
			if len(text) > most || !utf8.ValidString(text) {
				t.Errorf("%s has %d bytes of at most %d, valid UTF-8: %v", what, len(text), most, utf8.ValidString(text))
			}
		}
		err := engine.Intake(bytes.NewReader(stream), guest, limits, func(event engine.Event) {
			at := time.Duration(0)
			switch e := event.(type) {
			case engine.Console:
				at = e.At
				bounded("a line", e.Text, longestShown)
				bounded("a level", e.Level, 40)
				if e.Tree.Count() > 1000 || e.Line < 0 {
					t.Errorf("a line's tree has %d nodes, its line is %d", e.Tree.Count(), e.Line)
				}
			case engine.Blocked:
				at = e.At
				bounded("a door", e.Name, longestShort)
				if e.Count < 1 || e.Line < 0 {
					t.Errorf("a door was tried %d times, on line %d", e.Count, e.Line)
				}
			case engine.GC:
				at = e.At
				bounded("a kind", e.Kind, 40)
				if e.Took < 0 || e.Count < 1 || e.Before < 0 || e.After < 0 {
					t.Errorf("a collection is %+v", e)
				}
			case engine.Heap:
				at = e.At
				if e.Used < 0 || e.External < 0 || e.Used+e.External < 0 || e.Committed < 0 {
					t.Errorf("a reading is %+v", e)
				}
			case engine.Call:
				at = e.At
				for _, text := range []string{e.Capability, e.Method, e.Args, e.Answer, e.Logged, e.Code} {
					bounded("a call's text", text, longestShort)
				}
			case engine.NativeAttempt, engine.Fallen:
				t.Errorf("a run without native hands has %+v", e)
			case engine.Ended:
				ended = e
			}
			if at < 0 || at > time.Since(began) {
				t.Errorf("%T at %v, after %v", event, at, time.Since(began))
			}
			state.Apply(event)
		})
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("it took %v", took)
		}
		bounded("the reason", ended.Detail, 500)
		if ended.Result != nil {
			bounded("the result", ended.Result.Preview, int(engine.ResultLimit.Default()))
			if ended.Result.Tree.Count() > 10_000 || ended.Result.Bytes < 0 {
				t.Errorf("the result has %d parts, of %d bytes", ended.Result.Tree.Count(), ended.Result.Bytes)
			}
		}
		if err == nil && ended.Outcome == engine.Crashed || err != nil && ended.Detail == "" {
			t.Errorf("ended as %s with %v and %q", ended.Outcome, err, ended.Detail)
		}
		var text strings.Builder
		state.WriteText(&text)
		data, jsonErr := json.Marshal(state.Report())
		if jsonErr != nil || !utf8.Valid(data) || !utf8.ValidString(text.String()) {
			t.Errorf("cannot be reported: %v", jsonErr)
		}
		if strings.ContainsAny(text.String(), "\x00\x1b\u202e") {
			t.Errorf("the text controls a terminal: %q", text.String())
		}
		if errors.Is(err, io.EOF) && len(stream) > 0 && len(stream) < 4 {
			t.Errorf("%d bytes are taken for no frame", len(stream))
		}
	})
}
