// Package display is where a window stands on the screen, and how large a unit
// of its layout is there.
package display

import (
	"os"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// Place is the upper left corner of a window's content, in the screen's pixels.
type Place struct{ X, Y int }

// area is the part of a screen that windows may use, in pixels.
type area struct{ x, y, width, height int }

// PlaceOf returns where a shown window stands. It is not known under Wayland and
// without a display.
func PlaceOf(w fyne.Window) (place Place, known bool) {
	drawn, ok := w.(interface{ RunWithContext(func()) })
	if !ok || glfw.GetPlatform() == glfw.PlatformWayland {
		return Place{}, false
	}
	drawn.RunWithContext(func() { // makes it the current one, which is how to reach what Fyne keeps to itself
		if window := glfw.GetCurrentContext(); window != nil {
			place.X, place.Y = window.GetPos()
			known = true
		}
	})
	return place, known
}

// Move puts a window that is not shown yet where it stood, if it can be reached
// there: the screen it was on may be gone.
func Move(w fyne.Window, place Place) {
	window, ok := w.(desktop.Window)
	if !ok || glfw.GetPlatform() == glfw.PlatformWayland {
		return
	}
	var areas []area
	for _, monitor := range glfw.GetMonitors() {
		x, y, width, height := monitor.GetWorkarea()
		areas = append(areas, area{x, y, width, height})
	}
	if place.reachable(areas) {
		window.RequestPosition(place.X, place.Y)
	}
}

// reachable reports whether enough of the window's top is on a screen to drag it.
func (p Place) reachable(areas []area) bool {
	const width, height = 200, 100
	for _, a := range areas {
		if p.X >= a.x-width && p.X+width <= a.x+a.width && p.Y >= a.y && p.Y+height <= a.y+a.height {
			return true
		}
	}
	return false
}

// Scales are what a person can choose where the system is wrong about its screen:
// factors of what it reports, from Automatic on.
var Scales = []float32{Automatic, 0.75, 1.25, 1.5, 1.75, 2, 2.5, 3}

// Automatic is the scale that the system reports.
const Automatic = 1

// scaleVariable is Fyne's.
const scaleVariable = "FYNE_SCALE"

// given is what the person started the app with.
var given = os.Getenv(scaleVariable)

// Given reports whether the environment decides the scale (FYNE_SCALE).
func Given() bool { return given != "" }

// SetScale has windows drawn at a factor of the scale that the system reports. It
// takes effect with the next change of the theme. What is not one of Scales
// counts as Automatic; a scale that the environment gives stays.
func SetScale(scale float32) {
	if Given() {
		return
	}
	for _, s := range Scales {
		if s == scale && s != Automatic {
			os.Setenv(scaleVariable, strconv.FormatFloat(float64(scale), 'f', -1, 32))
			return
		}
	}
	os.Unsetenv(scaleVariable)
}
