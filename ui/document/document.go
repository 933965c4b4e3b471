// Package document is what the editor holds: a file, a scenario's guest or a text
// that has no name yet. It opens and saves files, and keeps what was typed in a
// [Store], so that no crash and no other document takes it away.
package document

import (
	"path/filepath"
	"regexp"
	"strings"

	"sealedroom/inspector"
	"sealedroom/inspector/recording"
	"sealedroom/presets"
	"sealedroom/ui/editor"
	"sealedroom/ui/kit/dialogs"
)

// Welcome is what the editor shows when there is nothing else.
const Welcome = `// Everything here is untrusted. Press Run, and see what holds it in.
console.log('hello from inside the room');

try { process.env.SECRET_API_KEY } catch (e) { console.warn(e.message) }
try { eval('1 + 1') } catch (e) { console.warn(e.message) }

const kept = [];
for (let i = 0; i < 3e5; i++) kept.push({ i });
kept.length = 0;

10 + 20;
`

// Document is what the editor holds. It is made with New.
type Document struct {
	Path     string            // of the file that is open; "" for none
	Scenario *presets.Scenario // that the text belongs to; nil for none
	Hooks

	editor   *editor.Editor
	store    *Store
	dialogs  *dialogs.Stack
	saved    string // the text as last saved or loaded
	revision uint64 // of the editor, when its text was saved last
	changed  bool   // the text is not the scenario's guest
}

// Hooks are what a document needs of the window and the scenarios. All are set.
type Hooks struct {
	// Forget is called before another text is loaded: what shows the last one
	// and its run goes.
	Forget func()
	// Settled is called with the text once it is known whether it was changed.
	Settled func(text string)
	// Titled is called when the name may have changed, or whether it is saved.
	Titled func()
	// Recent is called when the list of recent files has changed.
	Recent func()
	// Typed is called when the person is to type in the editor.
	Typed func()
	// Fresh is called when a person begins an empty text, which gets no grant.
	Fresh func()
	// ShowRecording shows the run of a recording whose guest was loaded.
	ShowRecording func(*recording.Player)
	// ShowScenario opens a scenario in place of the text.
	ShowScenario func(*presets.Scenario)
	// Leave forgets the scenario that is open.
	Leave func()
	// Find returns the scenario of a key, and nil where there is none.
	Find func(key string) *presets.Scenario
	// Resume puts the guest of Scenario into the editor, as it was left.
	Resume func(draft string)
	// SaveScenario saves the text where it belongs to a scenario.
	SaveScenario func()
	// KeepDraft keeps the text as the scenario's changed guest; "": as it was.
	KeepDraft func(text string)
}

// New returns a document of an editor. Its Hooks have to be set.
func New(e *editor.Editor, store *Store, dialogs *dialogs.Stack) *Document {
	return &Document{editor: e, store: store, dialogs: dialogs}
}

// Load puts a text in the editor in place of another document; it is not run.
func (d *Document) Load(path, text string) {
	d.Forget()
	d.Path, d.saved = path, oneLineEnd.Replace(text)
	d.editor.SetText(text)
	d.Settle()
}

// LoadKept puts back a text that was kept, with the file or the scenario it
// belongs to.
func (d *Document) LoadKept(kept Kept) {
	d.Leave()
	if kept.Scenario != "" {
		if d.Scenario = d.Find(kept.Scenario); d.Scenario != nil {
			d.Resume(kept.Text)
			return
		}
	}
	d.Load(kept.Path, kept.Text)
	d.saved = Welcome
	if kept.Path != "" {
		if text, _, err := readSource(kept.Path); err == nil {
			d.saved = text
		}
	}
	d.Settle()
}

// Text returns the text in the editor.
func (d *Document) Text() string { return d.editor.Text() }

// Replace puts another text in the document; undo leads back.
func (d *Document) Replace(text string) {
	d.editor.ReplaceText(text)
	d.editor.ScrollHome()
	d.Settle()
}

// Kept is the text as it is kept.
func (d *Document) Kept() Kept {
	kept := Kept{Path: d.Path, Text: d.editor.Text()}
	if d.Scenario != nil && d.Path == "" {
		kept.Scenario = d.Scenario.Key()
	}
	return kept
}

// Dirty reports whether the text has changes that were not saved.
func (d *Document) Dirty() bool { return d.editor.Revision() != d.revision }

// Changed reports whether a scenario is open, and the text is not its guest.
func (d *Document) Changed() bool { return d.Scenario != nil && d.changed }

// Settle finds out whether the text is as it was saved, whatever was typed in
// between. That takes a look at all of it, so it waits for a pause.
func (d *Document) Settle() {
	text := d.editor.Text()
	d.Settled(text)
	d.revision = d.editor.Revision()
	if text != d.saved {
		d.revision-- // no revision is like another
	}
	d.changed = d.Scenario != nil && text != d.Scenario.Setup.Code
	d.Titled()
}

// Rebase takes another version of the scenario that is open.
func (d *Document) Rebase(s *presets.Scenario) {
	d.Scenario, d.saved = s, s.Setup.Code
	d.Settle()
}

// Edited is to be called after each change of the text.
func (d *Document) Edited() {
	d.store.Later(func() {
		d.Settle()
		d.Draft()
		d.Keep()
	})
	d.changed = d.changed || d.Dirty()
	d.Titled()
}

// Keep keeps the text for the next start.
func (d *Document) Keep() { d.store.Keep(d.Kept()) }

// Draft keeps the guest as it stands, where it is not the scenario's own.
func (d *Document) Draft() {
	if d.Scenario == nil || d.Path != "" {
		return
	}
	text := d.editor.Text()
	for _, code := range d.Scenario.Codes {
		if text == code {
			return // a link put it there: what was written before is kept
		}
	}
	if text == d.Scenario.Setup.Code || strings.TrimSpace(text) == "" {
		text = ""
	}
	d.KeepDraft(text)
}

// PutAside keeps text that was being worked on, before another document comes.
func (d *Document) PutAside() {
	if d.Scenario != nil {
		d.Draft()
	} else if d.Dirty() {
		d.store.Stash(d.Kept())
	}
}

// Title names the document for the window, and its guest for the editor's caption.
func (d *Document) Title() (name, guest string) {
	name, guest = "untitled.js", "GUEST CODE"
	switch {
	case d.Path != "":
		name = inspector.Line(filepath.Base(d.Path))
		guest = strings.ToUpper(name)
	case d.Scenario != nil:
		name, guest = d.Scenario.Numbered(), strings.ToUpper(inspector.Line(d.Scenario.Name))+".JS"
	}
	guest += " — UNTRUSTED"
	if d.Dirty() {
		name += " •"
		guest += " •"
	}
	return name, guest
}

// GuestName is what the guest is called in stacks and reports.
func (d *Document) GuestName() string {
	switch {
	case d.Path != "":
		return filepath.Base(d.Path)
	case d.Scenario != nil:
		return d.Scenario.Name + ".js"
	}
	return "guest.js"
}

// fileName is what the text would be saved as.
func (d *Document) fileName() string {
	switch {
	case d.Path != "":
		return filepath.Base(d.Path)
	case d.Scenario != nil:
		return FileName(d.Scenario.Name) + ".js"
	}
	return "untitled.js"
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// FileName makes the name of a file, without an ending, of a title.
func FileName(title string) string {
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(title), "-"), "-")
	if len(name) > 60 {
		name = strings.TrimRight(name[:60], "-")
	}
	if name == "" {
		return "scenario"
	}
	return name
}
