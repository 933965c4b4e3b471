package editor

import (
	"testing"

	"fyne.io/fyne/v2"
)

func granted(c CompletionContext) []Completion {
	switch c.Receiver {
	case "":
		return []Completion{{Label: "db", Detail: "granted"}, {Label: "console"}}
	case "db", "globalThis.db":
		return []Completion{{Label: "query", Insert: "query("}, {Label: "quote"}}
	}
	return nil
}

func TestComplete(t *testing.T) {
	for _, c := range []struct{ name, text, keys, want string }{
		{"behind a dot", "db|", ".<Return>", "db.query(|"},
		{"typing narrows", "db|", ".quo<Return>", "db.quote|"},
		{"by letters in order", "db|", ".qt<Tab>", "db.quote|"},
		{"down and up", "db|", ".<Down><Down><Up><Return>", "db.quote|"},
		{"esc closes", "db|", ".<Escape><Return>", "db.\n|"},
		{"backspace widens", "db|", ".quo<BackSpace><BackSpace><Return>", "db.query(|"},
		{"backspace over the dot closes", "db|", ".q<BackSpace><BackSpace><Return>", "db\n|"},
		{"optional chaining", "db?|", ".<Return>", "db?.query(|"},
		{"long receivers", "globalThis.db|", ".<Return>", "globalThis.db.query(|"},
		{"an unknown receiver offers nothing", "x|", ".<Return>", "x.\n|"},
		{"a number has no members", "1|", ".<Return>", "1.\n|"},
		{"not in a string", "'db|'", ".<Return>", "'db.\n|'"},
		{"not in a comment", "// db|", ".<Return>", "// db.\n|"},
		{"asked for", "d|", "<complete><Return>", "db|"},
		{"by its keys", "con|", "<complete><Return>", "console|"},
		{"words of the document", "let wonder = 1\nwo|", "<complete><Return>", "let wonder = 1\nwonder|"},
		{"moving closes", "db|", ".<Left><Return>", "db\n|."},
		{"undo is one step", "db|", ".<Return><undo>", "db.|"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := open(t, c.text)
			e.Complete = granted
			press(t, e, c.keys)
			if got := shown(e); got != c.want {
				t.Errorf("%q, %s: got %q, want %q", c.text, c.keys, got, c.want)
			}
		})
	}
}

func TestCompleteByMouse(t *testing.T) {
	e := open(t, "db|")
	e.Complete = granted
	press(t, e, ".")
	at := e.popupRect()
	p := fyne.NewPos(float32(at.x+10), float32(at.y+3+e.view.line*1.5))
	if !e.popupHit(p) {
		t.Fatal("the list is elsewhere")
	}
	click(e, p, 0)
	if shown(e) != "db.quote|" {
		t.Errorf("got %q", shown(e))
	}
}

func TestCompletionStaysInView(t *testing.T) {
	e := open(t, "")
	for row := range 60 {
		press(t, e, "db.<Escape><Return>")
		press(t, e, "<complete>")
		at := e.popupRect()
		w, h := e.view.text()
		if at.x < 0 || at.y < 0 || at.y+at.h > h || at.x+at.w > w+e.view.gutter {
			t.Fatalf("row %d: the list is at %+v of %v by %v", row, at, w, h)
		}
		press(t, e, "<Escape>")
	}
}
