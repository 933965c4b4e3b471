package worker

import (
	"testing"
	"time"
)

func newExpiry() (e *expiry, prepared, stopped chan time.Time) {
	prepared, stopped = make(chan time.Time, 1000), make(chan time.Time, 1000)
	return &expiry{
		prepare: func() { prepared <- time.Now() },
		stop:    func() { stopped <- time.Now() },
	}, prepared, stopped
}

func TestExpiryStopsAtItsTimeAndGoesOn(t *testing.T) {
	e, prepared, stopped := newExpiry()
	at := time.Now().Add(5 * time.Millisecond)
	e.set(at)
	first := <-stopped
	if first.Before(at) || !(<-prepared).Before(first) {
		t.Errorf("stopped %v after its time, prepared or not", first.Sub(at))
	}
	<-stopped // what V8 lost is repeated
}

func TestExpiryTakenBack(t *testing.T) {
	e, _, stopped := newExpiry()
	e.set(time.Now().Add(10 * time.Millisecond))
	e.set(time.Time{})
	e.set(time.Now().Add(time.Hour)) // no deadline that is near
	select {
	case <-stopped:
		t.Error("stopped at a time that was taken back")
	case <-time.After(100 * time.Millisecond):
	}
	go e.now()
	<-stopped
}
