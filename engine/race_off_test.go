//go:build !race

package engine_test

const raceOverhead = 0
