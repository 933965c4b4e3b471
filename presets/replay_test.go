package presets

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/recording"
)

// TestReplay: a recording of any built-in scenario gives the report that its run
// gave, byte for byte.
func TestReplay(t *testing.T) {
	host := engine.NewSingle()
	defer host.Close()
	folder := t.TempDir()
	for _, scenario := range BuiltIn() {
		path := filepath.Join(folder, scenario.Name)
		recorder, err := recording.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		var run, replayed inspector.State
		_, err = host.Run(t.Context(), scenario.Setup.Guest(), scenario.Setup.Limits, func(e engine.Event) {
			recorder.Add(e)
			run.Apply(e)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := recorder.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		missing, err := recording.Read(file, replayed.Apply)
		_ = file.Close()
		if missing != 0 || err != nil {
			t.Errorf("%s: %d events are missing, %v", scenario.Name, missing, err)
			continue
		}
		want, _ := json.Marshal(run.Report())
		got, _ := json.Marshal(replayed.Report())
		if string(got) != string(want) {
			t.Errorf("%s: the replay reports\n%s\nwhere the run reported\n%s", scenario.Name, got, want)
		}
		_ = os.Remove(path)
	}
}
