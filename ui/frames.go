package ui

import (
	"time"

	"fyne.io/fyne/v2"
)

// frames counts how often a second the window gets round to drawing, during a
// run. It is the app's figure about itself, for the status line.
type frames struct {
	animation *fyne.Animation
	count     int
	total     int // since it began
	since     time.Time
	last      float64 // frames a second, of the last whole measurement
	skipped   bool    // the last picture
}

// measureFor is how long frames are counted for one figure.
const measureFor = 500 * time.Millisecond

func (f *frames) start() {
	if f.animation != nil {
		return
	}
	f.count, f.total, f.since, f.last = 0, 0, time.Now(), 0
	f.animation = fyne.NewAnimation(time.Second, f.tick)
	f.animation.RepeatCount = fyne.AnimationRepeatForever
	f.animation.Start()
}

func (f *frames) tick(float32) {
	f.count++
	f.total++
	if span := time.Since(f.since); span >= measureFor {
		f.last = float64(f.count) / span.Seconds()
		f.count, f.since = 0, time.Now()
	}
}

func (f *frames) stop() {
	if f.animation != nil {
		f.animation.Stop()
		f.animation = nil
	}
}

// fewest is the frames a second below which the window draws less, so as to
// answer as soon as ever.
const fewest = 52

// skip says that this picture of a run is one to leave out: every other one,
// while the window cannot keep up.
func (f *frames) skip() bool {
	f.skipped = !f.skipped && f.last > 0 && f.last < fewest
	return f.skipped
}

// rate is in frames a second; 0 where it was not measured.
func (f *frames) rate() float64 { return f.last }
