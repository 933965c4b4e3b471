package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const roomsFile = `---
title: Two rooms
rooms:
  - name: quick
  - {name: endless, code: loop, limits: {wall: 150ms}}
---
~~~js
console.log('hello'); 6 * 7
~~~

~~~js loop
for (;;);
~~~
`

// A scenario with several rooms runs all of them, and prints a report of each.
func TestRunRooms(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.md")
	if err := os.WriteFile(file, []byte(roomsFile), 0o600); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := sealedroom(t, "", "run", file)
	if status != 1 || !strings.Contains(stdout, "Room 1 of 2: quick\n") || !strings.Contains(stdout, "Room 2 of 2: endless\n") || !strings.Contains(stdout, "42") {
		t.Errorf("status %d, says %s%s", status, stdout, stderr)
	}
	status, stdout, stderr = sealedroom(t, "", "run", "--json", file)
	rows := strings.Split(strings.TrimSpace(stdout), "\n")
	if status != 1 || len(rows) != 2 {
		t.Fatalf("status %d, %d rows, says %s", status, len(rows), stderr)
	}
	for i, want := range []string{"quick ok 42", "endless timeout "} {
		var r struct {
			Room    string
			StartMS float64 `json:"start_ms"`
			report
		}
		if err := json.Unmarshal([]byte(rows[i]), &r); err != nil || r.Room+" "+r.Outcome+" "+r.Result.Preview != want || r.StartMS <= 0 {
			t.Errorf("row %d is %s, %v", i, rows[i], err)
		}
	}
	// One of them, with a recording.
	record := filepath.Join(t.TempDir(), "run.jsonl")
	status, stdout, _ = sealedroom(t, "", "run", "--room", "quick", "--record", record, file)
	if info, err := os.Stat(record); status != 0 || strings.Contains(stdout, "Room 1") || err != nil || info.Size() == 0 {
		t.Errorf("status %d, %v, says %s", status, err, stdout)
	}
	for _, refused := range [][]string{
		{"--room", "attic", "use quick, endless"},
		{"--record", record, "choose a room with --room NAME"},
		{"--native", "--without=seccomp", "choose a room with --room NAME"},
	} {
		status, _, stderr := sealedroom(t, "", "run", refused[0], refused[1], file)
		if status != 2 || !strings.Contains(stderr, refused[2]) {
			t.Errorf("%v: status %d, says %q", refused, status, stderr)
		}
	}
	if status, _, stderr := sealedroom(t, "", "run", "--room", "quick", "the-teller"); status != 2 || !strings.Contains(stderr, "has one room only") {
		t.Errorf("status %d, says %q", status, stderr)
	}
}
