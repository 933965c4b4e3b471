package host

import (
	"context"
	"testing"
	"time"

	"sealedroom/engine/wire"
)

// TestWorker: a worker starts, can be read, stopped for a while, and killed.
func TestWorker(t *testing.T) {
	p, err := fake.Start(Config{Prepare: wire.Prepare{HeapLimit: 64 << 20}})
	must(t, err)
	if p.Baseline.Private <= 0 || p.Baseline.Resident <= 0 {
		t.Errorf("its memory is %+v", p.Baseline)
	}
	if cpu := p.Processor(); !cpu.Known || cpu.Used < 0 {
		t.Errorf("its time is %+v", cpu)
	}
	p.Freeze()
	if p.Dead() {
		t.Error("a worker that was stopped for a while is dead")
	}
	p.Resume()
	p.Kill()
	select {
	case <-p.Exited():
	case <-time.After(time.Minute):
		t.Fatal("it lives a minute after it was killed")
	}
	p.End()
	if d := p.Death(); d.Aborted || d.ExitCode != 1 {
		t.Errorf("it was killed, and its death is %+v", d)
	}
}

// TestWorkerThatDoesNotRead: what the host sends it is given up in time.
func TestWorkerThatDoesNotRead(t *testing.T) {
	p, err := fake.Start(Config{Prepare: wire.Prepare{HeapLimit: 64 << 20}})
	must(t, err)
	t.Cleanup(p.discard)
	guest := wire.Run{Source: string(make([]byte, 700<<10)), Name: "x.js"}
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.HandOver(context.Background(), time.Now().Add(100*time.Millisecond), guest)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("the host still waits for a worker that does not read")
	}
}

func TestAbortStatus(t *testing.T) {
	for status, want := range map[int]bool{0: false, 1: false, 3: true, 0x80000003: true, 0xc0000005: false, 0xc0000409: true} {
		if abortStatus(status) != want {
			t.Errorf("status %#x: aborted %v, want %v", status, !want, want)
		}
	}
}
