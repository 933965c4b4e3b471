package inspector

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"sealedroom/engine"
)

// WriteWalls prints what came of trying the walls, a line each.
func WriteWalls(w io.Writer, report engine.WallReport) {
	if len(report.Attempts) == 0 {
		s := SummarizeWalls(report)
		fmt.Fprintf(w, "%s. %s\n\n", s.Title, s.Sentence)
		WriteStanding(w, report.Walls, report.Lacking)
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	held := 0
	for _, a := range report.Attempts {
		word := "held"
		if !a.Held {
			word = "FELL"
		} else {
			held++
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", word, Line(a.Name), Line(a.Detail))
	}
	_ = table.Flush()
	fmt.Fprintf(w, "\n%d of %s held\n\n", held, plural(len(report.Attempts), "attempt"))
	WriteStanding(w, report.Walls, report.Lacking)
}

// WriteStanding prints the walls that stand, and those that this system lacks.
func WriteStanding(w io.Writer, walls []engine.Wall, lacking []string) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, wall := range walls {
		fmt.Fprintf(table, "%s\t%s\n", Line(wall.Name), Line(wall.Strength))
	}
	_ = table.Flush()
	for _, l := range lacking {
		fmt.Fprintln(w, "lacking", Line(l))
	}
}

// WriteHas prints which of engine.Abilities this V8 and this system have, and
// which they have not.
func WriteHas(w io.Writer, has []string) {
	var not []string
	for _, name := range engine.Abilities {
		if !slices.Contains(has, name) {
			not = append(not, name)
		}
	}
	if len(has) > 0 {
		fmt.Fprintln(w, "has", Line(strings.Join(has, ", ")))
	}
	if len(not) > 0 {
		fmt.Fprintln(w, "has not", strings.Join(not, ", "))
	}
}

// released is when the V8 versions that the app is built with were cut: the
// month of their branch's first stable release, from https://chromiumdash.appspot.com.
var released = map[string]time.Time{
	"13.6": time.Date(2025, time.April, 1, 0, 0, 0, 0, time.UTC),
}

// DescribeV8 names a version of V8 with its age, since a V8 without the fixes
// of the last months is what the outer walls are for.
func DescribeV8(version string, now time.Time) string {
	if at, age := v8Age(version, now); age != "" {
		return fmt.Sprintf("V8 %s, of %s %d: %s", version, at.Month(), at.Year(), age)
	}
	return "V8 " + version
}

// ShortV8 is DescribeV8 in fewer words.
func ShortV8(version string, now time.Time) string {
	if _, age := v8Age(version, now); age != "" {
		return "V8 " + version + ", " + age
	}
	return "V8 " + version + ", age not known"
}

// v8Age returns when a version was cut and how old it is; "" where that is not
// known.
func v8Age(version string, now time.Time) (at time.Time, age string) {
	if len(version) < 4 {
		return at, ""
	}
	at, ok := released[version[:4]]
	if !ok {
		return at, ""
	}
	months := (now.Year()-at.Year())*12 + int(now.Month()-at.Month())
	return at, plural(max(0, months), "month") + " old"
}
