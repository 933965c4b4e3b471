package host

import (
	"math/rand/v2"
	"slices"
	"testing"

	"sealedroom/engine/wire"
)

// numbered is a note; some are urgent.
type numbered int

func (n numbered) Urgent() bool { return n%100 == 0 }

// Calls reach the run in order among the other frames, whether it finds them in
// the ledger or is given them.
func TestLedgerKeepsOrder(t *testing.T) {
	const n = 20_000
	frames := make(chan Frame, 16)
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
				frames <- Frame{Kind: wire.Kind(1), Body: []byte{byte(i), byte(i >> 8), byte(i >> 16)}}
				continue
			}
			l.note(numbered(i))
		}
		l.send()
	}()
	var received []int
	calls := func(kept []Note) {
		for _, n := range kept {
			received = append(received, int(n.(numbered)))
		}
	}
	for open := true; open; {
		select {
		case f, ok := <-frames:
			open = ok
			if f.Body != nil {
				received = append(received, int(f.Body[0])|int(f.Body[1])<<8|int(f.Body[2])<<16)
			}
			calls(f.Notes)
		default:
			calls(l.take())
		}
	}
	if len(received) != n || !slices.IsSorted(received) {
		t.Errorf("%d received of %d, sorted: %v", len(received), n, slices.IsSorted(received))
	}
}
