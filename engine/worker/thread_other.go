//go:build !linux

package worker

import "time"

func threadID() int { return 0 }

func threadCPU() time.Duration { return 0 }
