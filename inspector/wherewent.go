package inspector

import (
	"fmt"
	"strings"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector/profile"
)

// WhereTimeWent says in a sentence which line had most of the time; "" where there
// are too few samples to say.
func (s *State) WhereTimeWent() string {
	return TimeSentence(profile.Of(s.Profile))
}

// TimeSentence is WhereTimeWent of a profile, which may be nil.
func TimeSentence(p *profile.Profile) string {
	const few = 5
	if p == nil || len(p.Samples) < few || len(p.Lines) == 0 {
		return ""
	}
	first := p.Lines[0]
	sentence := fmt.Sprintf("Line %d took %d %% of the time sampled, %s of %s.",
		first.Line, percent(int64(first.Self), int64(p.Sampled)), roughly(first.Self), roughly(p.Sampled))
	if share := percent(int64(p.Engine), int64(p.Sampled)); share >= 10 {
		sentence += fmt.Sprintf(" V8's own work, such as collecting garbage, took %d %%.", share)
	}
	return sentence
}

// WhoFilledTheHeap says in a sentence which line holds most of the heap; "" where
// nothing was sampled.
func (s *State) WhoFilledTheHeap() string {
	code := ""
	if s.Started != nil {
		code = s.Started.Source
	}
	return MemorySentence(profile.Of(s.Profile), code)
}

// MemorySentence is WhoFilledTheHeap of a profile, which may be nil, and of the
// guest's text.
func MemorySentence(p *profile.Profile, code string) string {
	if p == nil {
		return ""
	}
	for _, a := range p.Allocations {
		if a.Line == 0 || a.Live == 0 {
			continue
		}
		return fmt.Sprintf("Line %d%s holds about %s of the %s in use.",
			a.Line, quotedLine(code, a.Line), engine.FormatSize(round(a.Live)), engine.FormatSize(round(p.Live)))
	}
	return ""
}

// quotedLine is the text of a line of the guest's, in parentheses.
func quotedLine(code string, n int) string {
	for line := range strings.Lines(code) {
		if n--; n > 0 {
			continue
		}
		if line = strings.TrimSpace(line); line != "" {
			return " (" + quote(line, 40) + ")"
		}
		break
	}
	return ""
}

func percent(part, whole int64) int64 { return (200*part/max(1, whole) + 1) / 2 }

// roughly and round keep as much of a number as samples are good for.
func roughly(d time.Duration) string {
	return engine.FormatTime(d.Round(max(time.Millisecond, d/100).Truncate(time.Millisecond)))
}

func round(bytes int64) int64 {
	if bytes < 1<<20 {
		return (bytes + 512) >> 10 << 10
	}
	return (bytes + 1<<19) >> 20 << 20
}
