package engine

import (
	"time"

	"sealedroom/engine/precise"
)

// ahead is roughly how long before its time an alarm is near.
const ahead = 3 * time.Millisecond

// alarm rings at a time. Its channels are nil where they will never close.
type alarm struct {
	near  <-chan struct{} // closed a little ahead
	rings <-chan struct{} // closed at its time
	quit  chan<- struct{}
}

func newAlarm(at time.Time) alarm {
	near, rings, quit := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		early := time.NewTimer(time.Until(at) - ahead)
		defer early.Stop()
		select {
		case <-quit:
			return
		case <-early.C:
		}
		close(near)
		precise.Sleep(at)
		close(rings)
	}()
	return alarm{near, rings, quit}
}

// forget cancels the alarm.
func (a *alarm) forget() {
	if a.quit != nil {
		close(a.quit)
	}
	*a = alarm{}
}
