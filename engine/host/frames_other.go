//go:build !linux

package host

import "time"

// Soon reports false: on these systems the reader's goroutine reads everything.
func (p *Process) Soon(time.Duration) bool { return false }

// Read reads from the worker.
func (s *source) Read(b []byte) (int, error) { return s.file.Read(b) }
