package presets

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// Text is a result in a line, and a line for each difference.
func (r Result) Text() string {
	var b strings.Builder
	word, what := "ok", string(r.Run.Report.Outcome)
	switch {
	case r.Skipped != "":
		word, what = "skipped", r.Skipped
	case r.Err != nil:
		word, what = "FAILED", "internal error: "+inspector.Line(r.Err.Error())
	case r.Disagrees():
		word = "DIFFERS"
	}
	if len(r.Rooms) > 0 && what == string(r.Run.Report.Outcome) {
		var rooms []string
		for _, room := range r.Rooms {
			rooms = append(rooms, room.Name+" "+string(room.Run.Report.Outcome))
		}
		what = "rooms: " + strings.Join(rooms, ", ")
	}
	fmt.Fprintf(&b, "%-7s  %-34s  %8s  %s\n", word, inspector.Line(r.Scenario.Name), engine.FormatTime(r.Took.Round(1e6)), what)
	for _, difference := range r.Differences {
		fmt.Fprintf(&b, "         %s\n", inspector.Line(difference))
	}
	for _, warning := range r.warnings() {
		fmt.Fprintf(&b, "         warning: %s\n", inspector.Line(warning))
	}
	return b.String()
}

// warnings are those that are not differences already.
func (r Result) warnings() []string {
	var out []string
	for _, w := range r.Scenario.Warnings {
		if !w.Broken {
			out = append(out, fmt.Sprintf("line %d %s", w.Line, w.Text))
		}
	}
	return out
}

// roomRow is one room of a scenario that has several, in `check --json`.
type roomRow struct {
	Name    string         `json:"name"`
	Outcome engine.Outcome `json:"outcome"`
	Killed  bool           `json:"killed,omitempty"`
}

// MarshalJSON writes what `check --json` prints of a result.
func (r Result) MarshalJSON() ([]byte, error) {
	row := struct {
		Name        string         `json:"name"`
		Title       string         `json:"title"`
		Group       string         `json:"group,omitempty"`
		Agrees      bool           `json:"agrees"`
		Skipped     string         `json:"skipped,omitempty"`
		Outcome     engine.Outcome `json:"outcome,omitempty"`
		Killed      bool           `json:"killed,omitempty"`
		Rooms       []roomRow      `json:"rooms,omitempty"`
		Differences []string       `json:"differences"`
		Warnings    []string       `json:"warnings,omitempty"`
		Error       string         `json:"error,omitempty"`
		TookMS      float64        `json:"took_ms"`
	}{
		Name: r.Scenario.Name, Title: r.Scenario.Title, Group: r.Scenario.Group,
		Agrees: r.Agrees(), Skipped: r.Skipped, Outcome: r.Run.Report.Outcome, Killed: r.Run.Report.Killed,
		Differences: append([]string{}, r.Differences...), Warnings: r.warnings(), TookMS: float64(r.Took.Microseconds()) / 1000,
	}
	for _, room := range r.Rooms {
		row.Rooms = append(row.Rooms, roomRow{room.Name, room.Run.Report.Outcome, room.Run.Report.Killed})
	}
	if r.Err != nil {
		row.Error = r.Err.Error()
	}
	return json.Marshal(row)
}

// MarshalJSON writes what `check --json` prints of an error in a file: one
// object for each error of a refused file.
func (e *Error) MarshalJSON() ([]byte, error) {
	base := filepath.Base(filepath.ToSlash(e.Name))
	return json.Marshal(struct {
		Name    string `json:"name"`
		File    string `json:"file"`
		Line    int    `json:"line,omitempty"`
		Agrees  bool   `json:"agrees"`
		Refused bool   `json:"refused"`
		Error   string `json:"error"`
	}{inspector.Line(strings.TrimSuffix(base, filepath.Ext(base))), inspector.Line(e.Name), e.Line, false, true, inspector.Line(e.Text)})
}

// Tally is the results in a line, with the number of files that were refused.
func Tally(results []Result, refused int) string {
	agree := 0
	skipped := map[string]int{}
	var why []string
	for _, r := range results {
		switch {
		case r.Agrees():
			agree++
		case r.Skipped != "":
			if skipped[r.Skipped]++; skipped[r.Skipped] == 1 {
				why = append(why, r.Skipped)
			}
		}
	}
	for i, reason := range why {
		why[i] = fmt.Sprintf("%d %s", skipped[reason], reason)
	}
	text := fmt.Sprintf("%d of %d agree", agree, len(results))
	if len(why) > 0 {
		text += "; skipped: " + strings.Join(why, ", ")
	}
	if refused > 0 {
		text += fmt.Sprintf("; refused: %d", refused)
	}
	return text
}
