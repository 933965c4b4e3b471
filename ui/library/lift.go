package library

import (
	"cmp"
	"fmt"
	"strings"

	"sealedroom/engine/bridge"
	"sealedroom/engine/hostcode"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/ui/kit/words"
)

// lifting is host code from which a guest was lifted, and the room before: so
// that undoing the text undoes the room.
type lifting struct {
	text string
	room session.Setup
}

// Liftable says what each guest in the editor's host code is called.
func (l *Library) Liftable() []string {
	lifted, _ := hostcode.Lift(l.doc.Text())
	const most = 6
	names := make([]string, 0, most)
	for _, g := range lifted.Guests[:min(len(lifted.Guests), most)] {
		names = append(names, "Lift out "+cmp.Or(inspector.Line(words.Shortened(g.Name, 30)), "the guest"))
	}
	return names
}

// Lift replaces host code by a guest in it, and sets the limits and grants that
// the host code gives it. Undo in the editor takes all of it back.
func (l *Library) Lift(i int) {
	lifted, ok := hostcode.Lift(l.doc.Text())
	if !ok || i >= len(lifted.Guests) {
		l.dialogs.Tell("There is nothing to lift out", fmt.Errorf("the editor holds no host code with a guest in it: type or paste it again"))
		return
	}
	before := l.Setup()
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
	l.lifted = &lifting{before.Code, before}
	l.doc.Replace(lifted.Guests[i].Code + "\n")
	l.settings.SetRoom(after)
	l.Clear()
	for _, d := range before.Changes(after) {
		l.pointer.At(l.settings.Part(d.Key))
	}
	l.Point("editor")
	if len(lifted.Unknown) > 0 {
		l.dialogs.Tell("The guest was lifted out", fmt.Errorf("no capability is called %s: change those calls to db, http, files or kv, and grant it",
			inspector.Line(strings.Join(lifted.Unknown, ", "))))
	}
}

// unlift sets the room as it was once the host code is back in the editor.
func (l *Library) unlift(text string) {
	if l.lifted != nil && text == l.lifted.text {
		l.settings.SetRoom(l.lifted.room)
		l.lifted = nil
	}
}
