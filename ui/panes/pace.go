package panes

import (
	"time"

	"sealedroom/inspector"
)

// The live parts of the window are drawn 20 times a second, and later half as
// often: the chart shows the whole run, so what comes in a while moves it the
// less the longer the run has lasted.
const (
	picturesEvery, picturesLater = 50 * time.Millisecond, 100 * time.Millisecond
	partOfChart                  = 20 // that a picture may move it by: 1/partOfChart
)

// PictureAfter is how long to wait for the next picture of a run at a moment.
func PictureAfter(now time.Duration) time.Duration {
	return min(max(picturesEvery, now/partOfChart), picturesLater)
}

// Words and figures change so often during a run: a person reads no faster. Fyne
// keeps the picture of each text for a minute, so a run that goes on is shown
// less often.
const (
	wordsEvery, wordsLater = 125 * time.Millisecond, 500 * time.Millisecond
	listsEvery, listsLater = 250 * time.Millisecond, 2 * time.Second
	later                  = 2 * time.Second // of the run
)

// WordsDue says whether it is time for words again.
func WordsDue(s *inspector.State, since time.Duration) bool {
	if s.Now > later {
		return since >= wordsLater
	}
	return since >= wordsEvery
}

// Pace is how often a list of things that happen is refilled: at once where
// a person could have read what came, and else at times.
type Pace struct {
	at    time.Duration // of the run
	count int
}

// readable is how many things a person could have read since the list was shown.
const readable = 20

// Due says whether to show the list, which has this many by now.
func (p *Pace) Due(s *inspector.State, count int) bool {
	wait := listsEvery
	if s.Now > later {
		wait = listsLater
	}
	if s.Running() && s.Now >= p.at && count >= p.count && count-p.count > readable && s.Now-p.at < wait {
		return false
	}
	*p = Pace{s.Now, count}
	return true
}
