package inspector

import (
	"fmt"
	"io"
	"strings"

	"sealedroom/engine"
)

// WriteText writes a run that has ended for a person to read. Guest text is
// indented, so that no line of it can pass for one of ours.
func (s *State) WriteText(w io.Writer) {
	for _, c := range s.Lines() {
		mark := "│"
		if c.Level == "warn" || c.Level == "error" {
			mark = "┃ " + c.Level + ":"
		}
		fmt.Fprintln(w, "  "+mark, indented(c.Text))
	}
	if s.Dropped.Console > 0 {
		fmt.Fprintf(w, "  (%d more lines dropped)\n", s.Dropped.Console)
	}
	v := s.Verdict()
	title := v.Title
	if text := s.Uncaught(); text != "" {
		title = "✗ " + text // as the last line of the console; no guest text starts at the margin
	}
	fmt.Fprintf(w, "%s (%s)\n%s\n", title, v.Outcome, v.Sentence)
	e := s.Ended
	if e.Result != nil {
		more := ""
		if e.Result.Truncated {
			more = " (cut)"
			if e.Result.Bytes > 0 {
				more = fmt.Sprintf(" (cut: %s in all)", engine.FormatSize(int64(e.Result.Bytes)))
			}
		}
		fmt.Fprintf(w, "result, %s%s:\n    %s\n", Line(e.Result.Type), more, indented(e.Result.Preview))
	}
	if e.Error != nil {
		var rest strings.Builder
		writeRest(&rest, *e.Error, "")
		if text := strings.TrimLeft(rest.String(), " \n"); text != "" {
			fmt.Fprintf(w, "    %s\n", indented(text))
		}
	}
	for _, c := range s.Calls {
		times := ""
		if c.Times > 1 {
			times = fmt.Sprintf(" ×%d", c.Times)
		}
		fmt.Fprintf(w, "call: %s%s, line %d: %s: %s\n", Line(c.Capability+"."+c.Method), times, c.Line, c.Decision, Line(shorten(c.Answer, 100)))
	}
	for _, a := range s.Hands {
		fmt.Fprintf(w, "native: %s, %s, line %d: %s\n", a.Name, Line(shorten(a.Target, 100)), a.Line, DescribeAttempt(a))
	}
	for _, f := range s.Fallen {
		fmt.Fprintln(w, "fell:", f.What)
	}
	for _, secret := range s.Secrets {
		where := ""
		if secret.Revealed > 0 {
			where = ": " + strings.Join(secret.Where, ", ")
		}
		fmt.Fprintf(w, "secret: %s used ×%d, revealed ×%d%s\n", secret.Name, secret.Used, secret.Revealed, where)
	}
	for _, b := range s.Blocked {
		fmt.Fprintf(w, "blocked: %s (%s) ×%d, line %d\n", Line(b.Name), b.Kind, b.Count, b.Line)
	}
	if text := s.Language(); text != "" {
		fmt.Fprintln(w, text)
	}
	if sentence := s.WhereTimeWent(); sentence != "" {
		fmt.Fprintln(w, "profile:", sentence)
	}
	for _, warning := range v.Warnings {
		fmt.Fprintln(w, "warning:", warning)
	}
	if v.Advice != "" {
		fmt.Fprintln(w, "hint:", v.Advice)
	}
	fmt.Fprintf(w, "wall %s · peak heap %s · %d GCs · worker %s\n",
		engine.FormatTime(e.Time.Wall), engine.FormatSize(s.PeakUsed), s.GCCount, s.walls())
}

func (s *State) walls() string {
	if s.Started == nil {
		return "never started"
	}
	text := "sealed by " + strings.Join(engine.WallNames(s.Started.Walls), ", ")
	if len(s.Started.Lacking) > 0 {
		text += "; lacking " + strings.Join(s.Started.Lacking, ", ")
	}
	return text
}

// indented keeps further lines of guest text under the first.
func indented(text string) string { return strings.ReplaceAll(Visible(text), "\n", "\n    ") }
