//go:build !linux

package engine

import "time"

func sleepUntil(at time.Time) { time.Sleep(time.Until(at)) }
