// Package presets is what the app offers ready-made: the limits of real
// platforms.
package presets
