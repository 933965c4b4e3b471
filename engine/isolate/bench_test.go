package isolate

import (
	"slices"
	"testing"
	"time"
)

// BenchmarkSampling is what heap statistics, asked for a hundred times a
// second as a worker does and a thousand times, cost a guest that computes:
// its CPU-bound time with them beside its time without, in turn.
func BenchmarkSampling(b *testing.B) {
	const guest = `{ let kept = [], sum = 0; for (let i = 0; i < 3e6; i++) { if (i % 50 === 0) kept = [kept[0], {i}]; sum += Math.sqrt(i) } sum }`
	timed := func(e *engine, every time.Duration) time.Duration {
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			if every == 0 {
				return
			}
			ticker := time.NewTicker(every)
			defer ticker.Stop()
			for {
				select {
				case <-stop:
					return
				case <-ticker.C:
					e.RequestSample()
					e.Sample()
				}
			}
		}()
		done := e.Run(Program{Name: "bench.js", Source: guest, ResultLimit: 100}, unwatched{})
		close(stop)
		<-stopped
		if done.Kind != Returned {
			b.Fatalf("the guest %s", done.Kind)
		}
		return done.Run
	}
	inIsolate(b, func(e *engine) {
		rates := []time.Duration{0, 10 * time.Millisecond, time.Millisecond}
		times := make([][]time.Duration, len(rates))
		for b.Loop() {
			for i, every := range rates {
				times[i] = append(times[i], timed(e, every))
			}
		}
		median := func(d []time.Duration) float64 {
			slices.Sort(d)
			return float64(d[len(d)/2])
		}
		bare := median(times[0])
		b.ReportMetric(bare/1e6, "ms-bare")
		b.ReportMetric(100*(median(times[1])/bare-1), "%-at-100Hz")
		b.ReportMetric(100*(median(times[2])/bare-1), "%-at-1kHz")
	})
}

// unwatched is a Watcher that looks away.
type unwatched struct{}

func (unwatched) Console(Console) {}
func (unwatched) Blocked(Blocked) {}

func (unwatched) Call(Call) string { return `{"value":null}` }

func (unwatched) Translated(string, time.Duration) {}
func (unwatched) Hand(Call) string                 { return `{"value":null}` }
