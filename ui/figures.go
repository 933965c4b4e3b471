package ui

import (
	"fmt"
	"strings"
	"time"

	"sealedroom/engine"
)

// sized is a number of bytes in as many digits as a glance takes in.
func sized(bytes int64) string {
	switch {
	case bytes < 10<<10:
		return engine.FormatSize(bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KB", bytes>>10)
	case bytes < 100<<20:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(bytes)/(1<<20)), ".0") + " MB"
	case bytes < 1<<30:
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return engine.FormatSize(bytes)
}

// timed is briefly, with the microseconds of what takes no longer.
func timed(d time.Duration) string {
	if 0 < d && d < 100*time.Microsecond {
		return fmt.Sprintf("%.3g µs", float64(d)/1e3)
	}
	return briefly(d)
}

// briefly is a time in as many digits as a glance takes in.
func briefly(d time.Duration) string {
	switch {
	case d >= time.Minute && d%time.Minute == 0:
		return engine.FormatTime(d)
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= time.Second:
		return strings.TrimSuffix(fmt.Sprintf("%.2f", d.Seconds()), ".00") + " s"
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	}
	return engine.FormatTime(d.Round(time.Millisecond))
}

// ofLimit is how much of a time limit was used, both in one unit where they can
// be compared in it.
func ofLimit(used, limit time.Duration) string {
	text := timed(used)
	switch {
	case limit >= 10*time.Second && used >= 100*time.Millisecond:
		text = fmt.Sprintf("%.1f s", used.Seconds())
	case limit >= time.Second && used >= 100*time.Millisecond:
		text = fmt.Sprintf("%.2f s", used.Seconds())
	}
	return text + " of " + engine.FormatTime(limit)
}

// about is a time that is a guess, in words that do not say more.
func about(d time.Duration) string {
	switch {
	case d < time.Second:
		return "less than 1 s"
	case d < 10*time.Second:
		return fmt.Sprintf("about %.0f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("about %d s", 5*((d+2500*time.Millisecond)/(5*time.Second)))
	case d < time.Hour:
		return fmt.Sprintf("about %d min", (d+30*time.Second)/time.Minute)
	}
	return "more than an hour"
}
