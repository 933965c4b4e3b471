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
