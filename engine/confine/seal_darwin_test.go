package confine

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv(WorkerEnv) != "" {
		walls, lacking := Seal()
		if json.NewEncoder(os.Stdout).Encode([]any{walls, lacking, Probe(Target{})}) != nil {
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestSeatbelt: the sandbox stands, and refuses each attempt on it.
func TestSeatbelt(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = []string{WorkerEnv + "=1"}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var walls []Wall
	var lacking []string
	var attempts []Attempt
	if err := json.Unmarshal(out, &[]any{&walls, &lacking, &attempts}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{Seatbelt, Rlimit} {
		if !slices.ContainsFunc(walls, func(w Wall) bool { return w.Name == name }) {
			t.Errorf("%s does not stand: %v", name, lacking)
		}
	}
	for _, a := range attempts {
		if !a.Held {
			t.Errorf("a worker could %s: %s", a.Name, a.Detail)
		}
	}
}
