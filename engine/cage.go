package engine

import (
	"fmt"

	"sealedroom/engine/wire"
)

// The walls inside V8. They hold a guest that found a bug in V8's heap, not one
// that already runs native code.
const (
	WallV8Sandbox          = "v8-sandbox"
	WallPointerCompression = "pointer-compression"
)

// cageWalls names V8's own walls with what was measured in the worker, and those
// that its V8 lacks.
func cageWalls(c wire.Cage) (walls []Wall, lacking []string) {
	size, reserved := FormatSize(amount(c.Size)), FormatSize(amount(c.Reserved))
	switch {
	case c.Size == 0:
		lacking = append(lacking, WallV8Sandbox+": this V8 has none")
	case !c.Secure:
		lacking = append(lacking, fmt.Sprintf("%s: not configured securely, V8 answers: %s of its %s of address space are reserved", WallV8Sandbox, reserved, size))
	default:
		walls = append(walls, Wall{WallV8Sandbox, fmt.Sprintf("%s of address space, %s with its guard regions; an object's pointers stay inside it", size, reserved)})
	}
	switch c.PointerBytes {
	case 4:
		walls = append(walls, Wall{WallPointerCompression, "4 bytes a pointer; the objects of the heap can refer only to the same 4 GB"})
	case 8:
		lacking = append(lacking, WallPointerCompression+": 8 bytes a pointer, which can refer to any address")
	default:
		lacking = append(lacking, WallPointerCompression+": the length of a pointer could not be measured")
	}
	return walls, lacking
}
