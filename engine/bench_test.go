package engine_test

import (
	"context"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// BenchmarkRunToResult is what a person waits for: from the request to the
// result of 10+20, each in a fresh process, with a spare at hand.
func BenchmarkRunToResult(b *testing.B) {
	var sum time.Duration
	for b.Loop() {
		host.Warm(engine.Limits{})
		for !host.Ready() {
			time.Sleep(time.Millisecond)
		}
		sum += run(b, "10 + 20", engine.Limits{}).Time.FirstResult
	}
	b.ReportMetric(float64(sum.Microseconds())/float64(b.N), "µs/result")
}

// BenchmarkStop is the time past its limit that a loop goes on.
func BenchmarkStop(b *testing.B) {
	l := limits(b, "", "20ms", engine.Switches{})
	var sum time.Duration
	for b.Loop() {
		sum += run(b, "while (true) {}", l).Time.Wall - l.Wall()
	}
	b.ReportMetric(float64(sum.Microseconds())/float64(b.N), "µs-past-limit/op")
}

// BenchmarkCall is a call through the teller window and back.
func BenchmarkCall(b *testing.B) {
	l := limits(b, "", "1m", engine.Switches{})
	guest := engine.Guest{
		Source: "for (let i = 0; i < 10000; i++) kv.get('key')",
		Grants: map[string]bridge.Grant{"kv": bridge.Hardened},
	}
	var sum time.Duration
	for b.Loop() {
		ended, err := host.Run(context.Background(), guest, l, func(engine.Event) {})
		must(b, err)
		sum += ended.Time.Run
	}
	b.ReportMetric(float64(sum.Nanoseconds())/float64(b.N)/10000, "ns/call")
}

// BenchmarkConsole is a line of the console, from the guest to an event.
func BenchmarkConsole(b *testing.B) {
	l := limits(b, "", "1m", engine.Switches{})
	l, err := l.WithOutput(64 << 20)
	must(b, err)
	var sum time.Duration
	for b.Loop() {
		sum += run(b, "for (let i = 0; i < 100000; i++) console.log('line', i)", l).Time.Wall
	}
	b.ReportMetric(float64(sum.Nanoseconds())/float64(b.N)/100000, "ns/line")
}
