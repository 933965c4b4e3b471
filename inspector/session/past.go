package session

import "sealedroom/inspector/recording"

// A room keeps its last runs, to look back at: this many, and no more than this
// much memory, but always the last one.
const (
	maxPast      = 20
	maxPastBytes = 64 << 20
)

// Past is a run of a room that is over.
type Past struct {
	Number    int // in the room, from 1
	Setup     Setup
	Recording *recording.Recording
}

// keep appends a run that is over, and drops the oldest ones that are too many or
// too large.
func keep(past []Past, run Past) []Past {
	past = append(past, run)
	bytes := int64(0)
	for i := len(past) - 1; i >= 0; i-- {
		bytes += past[i].Recording.Bytes()
		if len(past)-i > maxPast || bytes > maxPastBytes && i < len(past)-1 {
			return append([]Past(nil), past[i+1:]...)
		}
	}
	return past
}
