package chart

import (
	"fmt"
	"math"
	"time"
)

// bytesTicks are those of the memory axis: quarters of the limit where that is
// in sight, else four to eight round values.
func (c *Chart) bytesTicks() []float64 {
	step := c.data.Limit / 4
	if c.Fits() || step <= 0 {
		unit, _ := unitOf(c.top)
		step = roundStep(c.top/unit) * unit
	}
	var ticks []float64
	for tick := 0.0; tick <= c.top && len(ticks) < 9; tick += step {
		ticks = append(ticks, tick)
	}
	return ticks
}

// minSpan is what the time axis shows at least, however short a run is.
const minSpan = 10 * time.Millisecond

// timeTicks are four to eight round times, without the end of the axis.
func timeTicks(until time.Duration) []time.Duration {
	until = max(until, minSpan)
	step := time.Duration(roundStep(float64(until)))
	var ticks []time.Duration
	for tick := time.Duration(0); tick < until && len(ticks) < 9; tick += step {
		ticks = append(ticks, tick)
	}
	return ticks
}

// roundStep is the largest of 1, 2, 2.5 and 5 times a power of ten that goes at
// least four times into a length.
func roundStep(length float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(length/4)))
	step := power
	for _, digits := range []float64{2, 2.5, 5} {
		if digits*power*4 <= length {
			step = digits * power
		}
	}
	return step
}

func unitOf(bytes float64) (unit float64, name string) {
	switch {
	case bytes >= 1<<30:
		return 1 << 30, "GB"
	case bytes >= 1<<20:
		return 1 << 20, "MB"
	}
	return 1 << 10, "KB"
}

// bytesLabel is a size in the unit of the axis.
func bytesLabel(bytes, top float64) string {
	unit, name := unitOf(top)
	return fmt.Sprintf("%.4g %s", bytes/unit, name)
}

// sized is a size in the unit that suits it.
func sized(bytes float64) string {
	unit, name := unitOf(bytes)
	return fmt.Sprintf("%.3g %s", bytes/unit, name)
}

// timeLabel is a time in the unit of the axis.
func timeLabel(at, until time.Duration) string {
	if until >= 2*time.Second {
		return fmt.Sprintf("%.4g s", math.Round(at.Seconds()*100)/100)
	}
	if until >= 100*time.Millisecond {
		return fmt.Sprintf("%d ms", at.Round(time.Millisecond).Milliseconds())
	}
	return fmt.Sprintf("%.3g ms", float64(at)/1e6)
}
