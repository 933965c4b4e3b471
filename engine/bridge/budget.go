package bridge

import "time"

// Budget bounds what one run may have through the window. It is a value; a
// zero field means its default.
type Budget struct {
	// Calls in the whole run; 0 means no limit. One more ends the run.
	Calls int64
	// Bytes in the whole run, arguments and answers together; 0 means no
	// limit. One more ends the run.
	Bytes int64
	// ArgBytes of one call's arguments, as JSON; default 64 KiB.
	ArgBytes int
	// AnswerBytes of one call's answer, as JSON; default 256 KiB.
	AnswerBytes int
	// Rows in one answer of db; default 1,000.
	Rows int
	// CallTime of one call to a hardened capability; default 500 ms. A naive
	// one has no bound but the run's end: that is part of its hole.
	CallTime time.Duration
}

// withDefaults fills in what is zero.
func (b Budget) withDefaults() Budget {
	if b.ArgBytes <= 0 {
		b.ArgBytes = 64 << 10
	}
	if b.AnswerBytes <= 0 {
		b.AnswerBytes = 256 << 10
	}
	if b.Rows <= 0 {
		b.Rows = 1000
	}
	if b.CallTime <= 0 {
		b.CallTime = 500 * time.Millisecond
	}
	return b
}
