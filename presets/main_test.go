package presets_test

import (
	"os"
	"testing"

	"sealedroom/engine/worker"
)

// The test binary is its own worker.
func TestMain(m *testing.M) {
	if worker.Wanted() {
		worker.Main()
	}
	os.Exit(m.Run())
}
