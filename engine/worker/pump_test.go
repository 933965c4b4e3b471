package worker

import "testing"

// A turn that was under way when its pump stopped sends nothing, whatever
// pump is in use by then: under load it comes as late as that.
func TestLateTurn(t *testing.T) {
	sent := 0
	w := worker{}
	w.pump = startPump(func() { sent++ })
	rehearsed := w.pump
	rehearsed.stop()
	w.pump = startPump(func() { sent += 100 })
	defer w.pump.stop()
	rehearsed.turn()
	rehearsed.now()
	if sent%100 != 0 {
		t.Errorf("a stopped pump sent %d times", sent)
	}
}
