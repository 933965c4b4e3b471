package host

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sealedroom/engine/confine"
	"sealedroom/engine/wire"
)

// The test binary is its own worker: one that is ready at once and does nothing.
func TestMain(m *testing.M) {
	if os.Getenv(confine.WorkerEnv) != "" {
		beWorker()
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("sealedroom/engine/host.newSpawnThread.func1"))
}

func beWorker() {
	orders, reports, _ := confine.Pipes()
	in, out := wire.NewReader(orders, wire.MaxFromWorker), wire.NewWriter(reports)
	if _, _, err := in.Next(); err != nil {
		os.Exit(1)
	}
	_ = out.Send(wire.KindReady, wire.Ready{Thread: os.Getpid()})
	_, _, _ = in.Next() // until the host is gone
	os.Exit(0)
}

// fake starts workers of the test binary.
var fake = Starter{Command: func() *exec.Cmd { return Command("fake worker", "none") }, ReadyWithin: 20 * time.Second}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
