//go:build race

package engine_test

// The race detector keeps several bytes for each of Go's own.
const raceOverhead = 256 << 20
