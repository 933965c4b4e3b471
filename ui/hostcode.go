package ui

import (
	"cmp"
	"fmt"
	"strings"

	"sealedroom/engine/bridge"
	"sealedroom/engine/hostcode"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/kit/words"
)

// lifting is host code from which a guest was lifted, and the room before: so
// that undoing the text undoes the room.
type lifting struct {
	text string
	room presets.Setup
}

// showControl opens the limits panel and points at a control of it.
func (w *window) showControl(key string) {
	w.showLimits(true)
	w.window.Content().Refresh()
	w.pointer.at(w.limits.part(key))
}

// liftable says what each guest in the editor's host code is called.
func (w *window) liftable() []string {
	lifted, _ := hostcode.Lift(w.editor.Text())
	const most = 6
	names := make([]string, 0, most)
	for _, g := range lifted.Guests[:min(len(lifted.Guests), most)] {
		names = append(names, "Lift out "+cmp.Or(inspector.Line(words.Shortened(g.Name, 30)), "the guest"))
	}
	return names
}

// lift replaces host code by a guest in it, and sets the limits and grants that
// the host code gives it. Undo in the editor takes all of it back.
func (w *window) lift(i int) {
	lifted, ok := hostcode.Lift(w.editor.Text())
	if !ok || i >= len(lifted.Guests) {
		w.tell("There is nothing to lift out", fmt.Errorf("the editor holds no host code with a guest in it: type or paste it again"))
		return
	}
	before := w.setup()
	after := before
	if lifted.Memory > 0 {
		if limits, err := after.Limits.WithMemory(lifted.Memory); err == nil {
			after.Limits = limits
		}
	}
	if lifted.Wall > 0 {
		if limits, err := after.Limits.WithWall(lifted.Wall); err == nil {
			after.Limits = limits
		}
	}
	after.Grants = map[string]bridge.Grant{}
	for _, name := range lifted.Grants {
		after.Grants[name] = bridge.Hardened
	}
	w.lifted = &lifting{before.Code, before}
	w.editor.ReplaceText(lifted.Guests[i].Code + "\n")
	w.settle()
	w.setRoom(after)
	w.live.clear()
	for _, d := range before.Changes(after) {
		w.pointer.at(w.limits.part(d.Key))
	}
	w.pointer.at(w.source)
	if len(lifted.Unknown) > 0 {
		w.tell("The guest was lifted out", fmt.Errorf("no capability is called %s: change those calls to db, http, files or kv, and grant it",
			inspector.Line(strings.Join(lifted.Unknown, ", "))))
	}
}

// unlift sets the room as it was once the host code is back in the editor.
func (w *window) unlift(text string) {
	if w.lifted != nil && text == w.lifted.text {
		w.setRoom(w.lifted.room)
		w.lifted = nil
	}
}
