package engine

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"sealedroom/engine/wire"
)

// Calls reach the run in order among the other frames, whether it finds them in
// the ledger or is given them.
func TestLedgerKeepsOrder(t *testing.T) {
	const n = 20_000
	frames := make(chan frame, 16)
	l := ledger{frames: frames}
	random := rand.New(rand.NewPCG(1, 2))
	other := make([]bool, n) // frames that are no calls
	for i := range other {
		other[i] = random.IntN(4) == 0
	}
	go func() {
		defer close(frames)
		for i := range n {
			if other[i] {
				l.send()
				frames <- frame{kind: wire.Kind(1), body: []byte{byte(i), byte(i >> 8), byte(i >> 16)}}
				continue
			}
			a := &answered{}
			a.call.Line = i
			if i%100 == 0 {
				a.answer.Stop = errors.New("the run has to act on it")
			}
			l.note(a)
		}
		l.send()
	}()
	var heard []int
	calls := func(kept []*answered) {
		for _, a := range kept {
			heard = append(heard, a.call.Line)
		}
	}
	for open := true; open; {
		select {
		case f, ok := <-frames:
			open = ok
			if f.body != nil {
				heard = append(heard, int(f.body[0])|int(f.body[1])<<8|int(f.body[2])<<16)
			}
			calls(f.answered)
		default:
			calls(l.take())
		}
	}
	if len(heard) != n || !slices.IsSorted(heard) {
		t.Errorf("%d heard of %d, sorted: %v", len(heard), n, slices.IsSorted(heard))
	}
}
