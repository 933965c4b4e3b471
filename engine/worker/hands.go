package worker

import (
	"encoding/json"
	"errors"

	"sealedroom/engine/confine"
	"sealedroom/engine/isolate"
	"sealedroom/engine/wire"
)

// Bounds of the attempts of native hands: of one run, and of one frame.
const maxHands, handsAFrame = 500, 50

var errTooManyHands = errors.New("at most 500 attempts in one run: the rest is not tried")

// takeHands gives the program native hands, if the host says so.
func (w *worker) takeHands(n *wire.Native, program *isolate.Program) {
	w.hands = nil
	if n == nil {
		return
	}
	planted := confine.Planted{File: n.File, Program: n.Program, Socket: n.Socket, Port: n.Port, PID: n.PID,
		Address: n.Address, Descriptor: n.Descriptor, Traceable: n.Traceable}
	w.hands = confine.NewHands(planted, w.walls, n.Without)
	targets, _ := json.Marshal(map[string]any{ // texts and numbers: cannot fail
		"file": n.File, "program": n.Program, "socket": n.Socket, "port": n.Port, "pid": n.PID,
		"address": n.Address, "descriptor": n.Descriptor,
	})
	program.Hands, program.Targets = confine.HandNames, string(targets)
}

// Hand makes one system call and reports it to the host at once: the next may end the
// worker.
func (w *worker) Hand(call isolate.Call) string {
	hand := wire.Hand{At: w.log.since(isolate.Now()), Name: call.Method, Line: call.At.Line, Column: call.At.Column}
	if w.hands == nil {
		return closed
	}
	if !w.log.hand() {
		return refusal(errTooManyHands)
	}
	answer, err := w.hands.Try(call.Method, call.Args)
	hand.Target, hand.Call, hand.Worked, hand.Held, hand.By = answer.Target, answer.Call, answer.OK, answer.Held, answer.By
	switch {
	case err != nil:
		hand.Answer, hand.Worked, hand.Call = err.Error(), false, ""
	case answer.OK:
		hand.Answer = answer.Text
	default:
		hand.Answer = answer.Errno
	}
	w.log.Hand(hand)
	if err != nil {
		return refusal(err)
	}
	text, err := json.Marshal(map[string]any{"value": answer})
	if err != nil {
		return closed
	}
	return string(text)
}

// refusal is thrown at the guest.
func refusal(err error) string {
	text, _ := json.Marshal(map[string]any{"error": map[string]string{"name": "Error", "code": "refused", "message": err.Error()}})
	return string(text)
}

// hand counts an attempt; false where there were too many.
func (l *eventLog) hand() bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.hands++
	return l.hands <= maxHands
}

// Hand takes an attempt of native hands.
func (l *eventLog) Hand(hand wire.Hand) {
	l.mutex.Lock()
	l.events.Natives = append(l.events.Natives, hand)
	l.mutex.Unlock()
	l.wake()
}
