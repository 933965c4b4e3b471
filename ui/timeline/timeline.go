// Package timeline lets a person look back at a run that is over: a strip with the
// run on its time axis, to drag along or to play, also slowly. It shows nothing of
// the run but that: whoever uses it is given the State of the moment. Nothing is
// run again.
package timeline

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"sealedroom/inspector"
	"sealedroom/inspector/recording"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// Timeline is the strip with its controls.
type Timeline struct {
	Object fyne.CanvasObject
	// Look is called with what was seen at the moment that a person looks at, and
	// when they are back at the run's end with what was seen then.
	Look func(*inspector.State)
	// Resized is called after the strip became higher or lower.
	Resized func()

	onMain func(func())
	player *recording.Player // of the run that is shown; nil: there is none to look back at
	moment time.Duration
	past   bool                   // an earlier moment is shown than the end
	last   func() inspector.State // what is shown at the end

	strip  *strip
	head   *theme.Label
	play   *control.Button
	speed  *control.Segments
	hold   *control.Toggle
	end    *control.Link
	fold   *control.Button
	ticker *ticker // while it plays
}

// speeds are those at which a run is played, in parts of its own.
var speeds = []struct {
	name string
	part float64
}{{"1×", 1}, {"1/10", 0.1}, {"1/100", 0.01}}

// pictureEvery is how long one picture of a run that is played is shown.
const pictureEvery = 40 * time.Millisecond

// New returns a timeline of no run. onMain runs a function on the window's thread,
// and runs opens the list of former runs.
func New(onMain func(func()), runs func()) *Timeline {
	t := &Timeline{onMain: onMain, strip: newStrip(), head: theme.Cut(theme.Caption, theme.RoleMuted, "")}
	t.strip.moved, t.strip.nudged = t.lookAt, t.nudge
	t.play = control.NewTool(fynetheme.MediaPlayIcon(), t.PlayOrPause)
	t.play.Tip = "Play the run from its recording"
	segments := make([]control.Segment, len(speeds))
	for i, s := range speeds {
		segments[i] = control.Segment{Text: s.name, Ink: theme.RoleTeal, Tint: theme.RoleTealTint}
	}
	t.speed = control.NewSegments(segments, nil)
	t.hold = control.NewToggle("Hold at the limit", nil)
	t.end = control.NewSmallLink("Back to the end", t.End)
	t.fold = control.NewTool(fynetheme.MenuExpandIcon(), func() { t.SetOpen(!t.strip.open) })
	t.fold.Tip = "Open or close the timeline's lanes"
	title := box.Inset(theme.NewLabel(theme.Caption, theme.RoleMuted, "TIMELINE"), 0, 6)
	list := control.NewSmallLink("Runs", runs)
	controls := container.NewHBox(t.fold, title, t.play, box.Inset(t.speed, 2, 3), container.New(wideEnough{}, t.hold), container.NewCenter(t.end), container.NewCenter(list))
	t.Object = container.NewStack(theme.NewFill(theme.RoleGround, nil, 0),
		container.New(box.Tight{}, box.Rule(), box.Inset(container.New(&rows{t: t}, controls, t.head, t.strip), 8, 2)))
	t.Clear("")
	return t
}

// rows puts the strip behind the controls, where it is thin and there is room; else
// below them, with what is said of the run behind them.
type rows struct {
	t     *Timeline
	width float32 // that there was last
}

// leastStrip is how long a strip is at least that stands behind the controls.
const leastStrip = 300

// inline reports whether the strip stands behind the controls.
func (r *rows) inline(objects []fyne.CanvasObject) bool {
	return !r.t.strip.open && r.width-objects[0].MinSize().Width-r.said(objects) >= theme.Scaled(leastStrip)
}

// said is the width for what is said of the run.
func (r *rows) said(objects []fyne.CanvasObject) float32 {
	return objects[1].(*theme.Label).NaturalWidth() + theme.Scaled(8)
}

func (r *rows) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	r.width = size.Width
	controls, head, strip := objects[0], objects[1], objects[2]
	need := controls.MinSize()
	controls.Move(fyne.NewPos(0, 0))
	controls.Resize(need)
	left, high := need.Width+theme.Scaled(8), head.MinSize().Height
	if r.inline(objects) {
		said := r.said(objects)
		strip.Move(fyne.NewPos(left, (need.Height-strip.MinSize().Height)/2))
		strip.Resize(fyne.NewSize(size.Width-left-said, strip.MinSize().Height))
		head.Move(fyne.NewPos(size.Width-said+theme.Scaled(8), (need.Height-high)/2))
		head.Resize(fyne.NewSize(said, high))
		return
	}
	head.Move(fyne.NewPos(left, (need.Height-high)/2))
	head.Resize(fyne.NewSize(max(0, size.Width-left), high))
	strip.Move(fyne.NewPos(0, need.Height))
	strip.Resize(fyne.NewSize(size.Width, strip.MinSize().Height))
}

func (r *rows) MinSize(objects []fyne.CanvasObject) fyne.Size {
	high := objects[0].MinSize().Height
	if !r.inline(objects) {
		high += objects[2].MinSize().Height
	}
	return fyne.NewSize(objects[0].MinSize().Width, high)
}

// wideEnough gives a switch room for its name.
type wideEnough struct{}

func (wideEnough) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

func (wideEnough) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(168), objects[0].MinSize().Height)
}

// Clear shows that there is no run to look back at, and why.
func (t *Timeline) Clear(why string) {
	t.pause()
	t.player, t.moment, t.past = nil, 0, false
	t.strip.set(nil, 0)
	if why == "" {
		why = "Each run is recorded, to look back at."
	}
	t.say(theme.RoleMuted, why, "")
	t.enable()
}

// Set shows a run that is over, at its end. last returns what is shown there; nil:
// what the recording has, marked as recorded. The player may be used by no one else.
func (t *Timeline) Set(p *recording.Player, last func() inspector.State) {
	t.pause()
	if last == nil {
		last = func() inspector.State {
			state := p.After(p.Len()) // several events may share the last moment
			state.Recorded, state.Span = true, p.Duration()
			return state
		}
	}
	t.player, t.last, t.moment, t.past = p, last, p.Duration(), false
	t.strip.set(trackOf(p), t.moment)
	t.describe()
	t.enable()
}

// ShowEnd has the end of the run shown.
func (t *Timeline) ShowEnd() {
	state := t.last()
	t.Look(&state)
}

// Past reports whether an earlier moment is shown than the end of the run.
func (t *Timeline) Past() bool { return t.past }

// Open reports whether there is a lane for each kind of event.
func (t *Timeline) Open() bool { return t.strip.open }

// SetOpen gives each kind of event a lane, or puts all in one.
func (t *Timeline) SetOpen(open bool) {
	t.strip.setOpen(open)
	icon := fynetheme.MenuExpandIcon()
	if open {
		icon = fynetheme.MenuDropDownIcon()
	}
	t.fold.SetIcon(icon)
	if t.player != nil {
		t.describe()
	}
	t.Object.Refresh()
	if t.Resized != nil {
		t.Resized()
	}
}

// Focusable is what takes the arrow keys.
func (t *Timeline) Focusable() fyne.Focusable { return t.strip }

func (t *Timeline) enable() {
	for _, b := range []*control.Button{t.play} {
		if t.player == nil {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	t.end.Hidden = !t.past
	t.Object.Refresh()
}

// describe says which moment is shown, and what the recording lacks.
func (t *Timeline) describe() {
	span := words.Timed(t.player.Duration())
	if t.past {
		t.say(theme.RoleAmber, fmt.Sprintf("Looking back: %s of %s", words.Timed(t.moment), span), ". Nothing is run.")
		return
	}
	text := fmt.Sprintf("%s · %s", span, words.Plural(t.player.Len(), "event"))
	if n := t.player.Missing(); n > 0 {
		text += fmt.Sprintf(" · %s left out or shortened", words.Grouped(int(n)))
	}
	t.say(theme.RoleMuted, text, " · drag to look back, nothing is run again")
}

// say shows a text, and more of it where there is a line for it.
func (t *Timeline) say(role theme.Role, text, more string) {
	if t.strip.open {
		text += more
	}
	t.head.Set(role, text)
	t.Object.Refresh()
}

// ---- moving -------------------------------------------------------------------------

// lookAt shows a moment of the run. At or after its end, that is its end.
func (t *Timeline) lookAt(moment time.Duration) {
	t.pause()
	t.show(moment)
}

func (t *Timeline) show(moment time.Duration) {
	if t.player == nil {
		return
	}
	moment = max(0, min(moment, t.player.Duration()))
	was := t.past
	t.moment, t.past = moment, moment < t.player.Duration()
	t.strip.show(moment)
	t.describe()
	if was != t.past {
		t.enable()
	}
	if !t.past && !was {
		return
	}
	state := t.last()
	if t.past {
		state = t.player.At(moment)
		state.Recorded, state.Now, state.Span = true, max(state.Now, moment), t.player.Duration()
	}
	t.Look(&state)
}

// End goes back to the end of the run.
func (t *Timeline) End() {
	if t.player != nil {
		t.lookAt(t.player.Duration())
	}
}

// nudge moves by a key; false where the key does not mean a move.
func (t *Timeline) nudge(key fyne.KeyName) bool {
	if t.player == nil {
		return false
	}
	span := t.player.Duration()
	switch key {
	case fyne.KeyLeft:
		t.lookAt(t.moment - max(span/100, 1))
	case fyne.KeyRight:
		t.lookAt(t.moment + max(span/100, 1))
	case fyne.KeyPageUp:
		t.lookAt(t.moment - span/10)
	case fyne.KeyPageDown:
		t.lookAt(t.moment + span/10)
	case fyne.KeyUp:
		t.lookAt(t.player.Before(t.moment))
	case fyne.KeyDown:
		t.lookAt(t.player.Next(t.moment))
	case fyne.KeyHome:
		t.lookAt(0)
	case fyne.KeyEnd:
		t.End()
	case fyne.KeySpace:
		t.PlayOrPause()
	default:
		return false
	}
	return true
}

// ---- playing ------------------------------------------------------------------------

// ticker calls for the next picture until it is stopped.
type ticker struct{ stop chan struct{} }

// PlayOrPause plays the run from the moment that is shown, or from its beginning
// where that is the end; or stops that.
func (t *Timeline) PlayOrPause() {
	if t.ticker != nil {
		t.pause()
		return
	}
	if t.player == nil {
		return
	}
	if !t.past {
		t.show(0)
	}
	own := &ticker{stop: make(chan struct{})}
	t.ticker = own
	t.play.SetIcon(fynetheme.MediaPauseIcon())
	go func() {
		clock := time.NewTicker(pictureEvery)
		defer clock.Stop()
		shown := time.Now()
		for {
			select {
			case <-own.stop:
				return
			case <-clock.C:
			}
			done := make(chan struct{})
			t.onMain(func() { // the next picture waits until this one is drawn
				defer close(done)
				now := time.Now()
				if t.ticker == own {
					t.advance(now.Sub(shown))
				}
				shown = now
			})
			select {
			case <-own.stop:
				return
			case <-done:
			}
		}
	}()
}

// advance plays on by a time on the wall.
func (t *Timeline) advance(wall time.Duration) {
	from := t.moment
	to := from + time.Duration(float64(wall)*speeds[t.speed.Chosen()].part)
	if bites := t.strip.track.bites; t.hold.On() && bites >= 0 && from < bites && to >= bites {
		t.pause()
		t.show(min(bites, t.player.Duration()-1))
		t.say(theme.RoleAmber, fmt.Sprintf("Held at the limit: %s of %s", words.Timed(t.moment), words.Timed(t.player.Duration())), ". Play goes on.")
		return
	}
	if to >= t.player.Duration() {
		t.pause()
	}
	t.show(to)
}

func (t *Timeline) pause() {
	if t.ticker == nil {
		return
	}
	close(t.ticker.stop)
	t.ticker = nil
	t.play.SetIcon(fynetheme.MediaPlayIcon())
}

// Close stops playing.
func (t *Timeline) Close() { t.pause() }
