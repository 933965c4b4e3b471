package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"sealedroom/inspector"
	"sealedroom/inspector/recording"
	"sealedroom/inspector/session"
	"sealedroom/ui/document"
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/timeline"
)

// lookback is how a person goes back to a moment of a run that is over: of the last
// one, of a former one, or of one that was recorded to a file.
type lookback struct {
	*arrangement
	live     *live
	document *document.Document
	dialogs  *dialogs.Stack

	offered int                  // the number of the run that the timeline has last been given
	shown   *recording.Recording // that is in memory; nil: none, or a file is shown
	former  bool                 // it is not the newest run of the room
	newest  uint64               // counts what the timeline was given, to drop what comes late
}

// newLookback makes the window's timeline. show puts a State on screen.
func newLookback(l *live, a *arrangement, d *document.Document, over *dialogs.Stack, show func(*inspector.State)) *lookback {
	b := &lookback{arrangement: a, live: l, document: d, dialogs: over}
	a.timeline = timeline.New(l.onMain, func() { over.Alone(b.list)() })
	a.timeline.Look = show
	a.timeline.Resized = func() {
		if a.arranged != nil {
			a.arranged()
		}
	}
	return b
}

// began is called when a run has begun: what was looked at gives way to it.
func (b *lookback) began() { b.clear("This run is being recorded.") }

// forget is called when no run is shown any more. Former runs can still be chosen.
func (b *lookback) forget() { b.clear("") }

func (b *lookback) clear(why string) {
	b.newest++
	b.shown, b.former = nil, false
	b.timeline.Clear(why)
}

// hides reports whether a State of the room is one that what the person looks at
// hides.
func (b *lookback) hides(s *inspector.State) bool {
	return !s.Recorded && (b.former || b.timeline.Past()) && !b.live.Running()
}

// offer gives the timeline the run that has just ended, once its recording can be
// played.
func (b *lookback) offer() {
	past := b.live.Past()
	if len(past) == 0 || past[len(past)-1].Number == b.offered {
		return
	}
	run := past[len(past)-1]
	b.offered = run.Number
	b.load(run.Recording, false)
}

// ready reports whether the newest run can be looked back at, or there is none.
func (b *lookback) ready() bool { return b.shown != nil || len(b.live.Past()) == 0 }

// load plays a recording into the timeline. Making a player of a long run takes
// a moment, so it is made on another goroutine.
func (b *lookback) load(r *recording.Recording, former bool) {
	b.newest++
	wanted := b.newest
	go func() {
		p := r.Play()
		b.live.onMain(func() {
			if wanted != b.newest || b.live.Running() {
				return
			}
			b.shown = r
			b.set(p, former)
		})
	}()
}

// set shows a run at its end.
func (b *lookback) set(p *recording.Player, former bool) {
	back := b.former || former
	b.former = former
	if former {
		b.timeline.Set(p, nil)
	} else {
		b.timeline.Set(p, b.live.State)
	}
	if back {
		b.ranHere(p.Started().Source)
		b.timeline.ShowEnd()
	}
}

// open shows a recording that was read from a file, whose guest is in the editor,
// and sets what it ran under. It runs nothing.
func (b *lookback) open(p *recording.Player) {
	b.settings.SetRoom(session.SetupOf(p.Started()))
	b.newest++
	b.shown = nil
	b.set(p, true)
}

// list shows the last runs of the window, to choose one.
func (b *lookback) list() {
	past := b.live.Past()
	var rows []timeline.Row
	for i := len(past) - 1; i >= 0; i-- {
		var before *session.Past
		if i > 0 {
			before = &past[i-1]
		}
		rows = append(rows, timeline.RowOf(past[i], before))
	}
	timeline.ChooseRun(b.dialogs, rows, func(i int) {
		run := past[len(past)-1-i]
		b.load(run.Recording, i > 0 || b.former && b.offered != run.Number)
	}, func(i int) {
		run := past[len(past)-1-i]
		b.document.AskToReplace(func() {
			b.document.Leave()
			b.document.Load("", run.Setup.Code)
			b.settings.SetRoom(run.Setup)
			b.load(run.Recording, true)
		})
	})
}

// save asks for a file, and writes the run that is shown to it.
func (b *lookback) save() {
	if b.shown == nil {
		b.dialogs.Tell("There is no run to save", fmt.Errorf("run a guest first, or choose one of the former runs"))
		return
	}
	r := b.shown
	f := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err == nil && file != nil {
			path := file.URI().Path()
			_ = file.Close()
			err = r.Save(path, b.document.Path)
		}
		if err != nil {
			b.dialogs.Tell("The recording was not saved", err)
		}
	}, b.dialogs.Window)
	f.SetFileName("run " + r.Began().Format(time.DateOnly) + ".jsonl")
	b.document.AskForFile(f)
}
