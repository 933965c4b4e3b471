package engine

import (
	"sealedroom/engine/confine"
	"sealedroom/engine/host"
)

// Abilities lists what not every V8 and not every system has, as Started.Has
// names it:
//
//   - v8-sandbox and pointer-compression are walls inside V8, see Started.Walls
//   - native-hands: a guest can be given real system calls, since walls hold them
//   - thread-time: processor time is of the guest's own thread; else of the whole worker
//   - core-wait: it is known how long the guest waited for a core
//   - freeze: a worker is stopped as a whole while a person decides; else a worker
//     that was taken over could go on computing
var Abilities = []string{WallV8Sandbox, WallPointerCompression, "native-hands", "thread-time", "core-wait", "freeze"}

// has lists the abilities of a worker's V8 and of this system, by what was measured
// of that worker where it can be.
func has(p *host.Process, baseline host.Processor) (names []string) {
	cage := p.Ready.Cage
	for i, is := range []bool{
		cage.Secure && cage.Size > 0, cage.PointerBytes == 4, confine.HandsWork,
		baseline.Known && p.Ready.Thread > 0, baseline.NoCoreKnown, host.CanFreeze,
	} {
		if is {
			names = append(names, Abilities[i])
		}
	}
	return names
}
