package words

import (
	"fmt"
	"strings"
	"time"

	"sealedroom/engine"
)

// Sized is a number of bytes in as many digits as a glance takes in.
func Sized(bytes int64) string {
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

// Timed is briefly, with the microseconds of what takes no longer.
func Timed(d time.Duration) string {
	if 0 < d && d < 100*time.Microsecond {
		return fmt.Sprintf("%.3g µs", float64(d)/1e3)
	}
	return Briefly(d)
}

// Briefly is a time in as many digits as a glance takes in.
func Briefly(d time.Duration) string {
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

// OfLimit is how much of a time limit was used, both in one unit where they can
// be compared in it.
func OfLimit(used, limit time.Duration) string {
	text := Timed(used)
	switch {
	case limit >= 10*time.Second && used >= 100*time.Millisecond:
		text = fmt.Sprintf("%.1f s", used.Seconds())
	case limit >= time.Second && used >= 100*time.Millisecond:
		text = fmt.Sprintf("%.2f s", used.Seconds())
	}
	return text + " of " + engine.FormatTime(limit)
}

// About is a time that is a guess, in words that do not say more.
func About(d time.Duration) string {
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
