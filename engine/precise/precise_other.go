//go:build !linux

package precise

import "time"

func sleep(at time.Time) { time.Sleep(time.Until(at)) }
