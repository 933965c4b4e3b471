// Package lesson shows a scenario's text next to the editor: what to read, to
// guess and to try, with ticks for what was done. It presents and calls back;
// what a link does is the window's business.
package lesson

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/presets"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Reading is a scenario, and how far its reader has come.
type Reading struct {
	Scenario *presets.Scenario
	Place    string // where it stands: "lesson 9 of 14"
	Progress presets.Progress
	Next     string // what comes after it, as a link says; "" for nothing
}

// Pane shows a Reading.
type Pane struct {
	Object fyne.CanvasObject
	// OnLink is called with a link that was pressed.
	OnLink func(presets.Link)
	// OnAnswer is called with what was chosen at a question.
	OnAnswer func(q presets.Question, choice int)
	// OnReadOn is called when a person asks for the end before a run.
	OnReadOn func()
	// OnNext is called when what comes after the scenario was asked for.
	OnNext func()
	// OnOpen is called with which lesson of the list was chosen, OnAll that somebody
	// wants to see every scenario.
	OnOpen func(*presets.Scenario)
	OnAll  func()

	reading Reading
	text    text
	page    *page
	column  *fyne.Container

	place   *theme.Label
	predict []*questionCard
	goals   *goalsCard
	fix     *questionCard
	gate    fyne.CanvasObject // stands for what is held back
	waiting *widget.Label
	after   *fyne.Container // what is read after a run
	defence *fyne.Container // and what would give the fix away
	next    *control.Link   // at the end of the text
	said    *widget.Label
	onward  *control.Link // below what is said
	saidRow fyne.CanvasObject
}

// New makes an empty pane.
func New() *Pane {
	p := &Pane{column: container.New(box.Tight{})}
	p.text.follow = func(link presets.Link) {
		if p.OnLink != nil {
			p.OnLink(link)
		}
	}
	p.page = newPage(box.Inset(p.column, 16, 12), p.Text)
	p.said = words("")
	p.said.Importance = widget.HighImportance
	p.next = press("", func() { p.OnNext() })
	p.next.Wrapping = fyne.TextWrapWord
	p.onward = press("", func() { p.OnNext() })
	p.onward.Wrapping = fyne.TextWrapWord
	p.onward.Hide()
	p.saidRow = container.New(box.Tight{}, box.Rule(), box.Inset(container.New(box.Tight{}, p.said, p.onward), 10, 0))
	p.saidRow.Hide()
	p.Object = container.NewBorder(nil, p.saidRow, nil, nil, p.page)
	return p
}

// Set shows a reading. The place in the text stays while the scenario does.
func (p *Pane) Set(r Reading) {
	another := r.Scenario != p.reading.Scenario
	p.reading = r
	if another {
		p.build(r.Scenario)
		p.page.scroll.ScrollToTop()
		p.Say("")
	}
	p.show()
	p.Object.Refresh()
}

// Focus gives the keyboard to the text.
func (p *Pane) Focus() { p.page.MouseDown(nil) }

// ReadOn scrolls to what is shown after a run.
func (p *Pane) ReadOn() {
	if p.after == nil || !p.after.Visible() {
		return
	}
	p.page.move(p.after.Position().Y - p.page.scroll.Offset.Y)
}

// Has says whether what is focused stands in the pane.
func (p *Pane) Has(focused fyne.Focusable) bool {
	o, ok := focused.(fyne.CanvasObject)
	driver := fyne.CurrentApp().Driver()
	if c := driver.CanvasForObject(p.page); !ok || c == nil || c != driver.CanvasForObject(o) {
		return false
	}
	at := driver.AbsolutePositionForObject(o).Subtract(driver.AbsolutePositionForObject(p.page))
	return focused == fyne.Focusable(p.page) || at.X > 0 && at.X < p.page.Size().Width
}

// Say puts a sentence below the text: what a link has just changed.
func (p *Pane) Say(sentence string) { p.say(sentence, false) }

// SayOnward puts a sentence below the text, and under it the way on.
func (p *Pane) SayOnward(sentence string) { p.say(sentence, p.reading.Next != "") }

func (p *Pane) say(sentence string, onward bool) {
	if p.said.Text == sentence && p.onward.Visible() == onward {
		return
	}
	p.said.SetText(sentence)
	p.onward.SetText(p.reading.Next)
	visible(p.onward, onward)
	p.saidRow.Hide()
	if sentence != "" {
		p.saidRow.Show()
	}
	p.Object.Refresh()
}

// Said is the sentence below the text.
func (p *Pane) Said() string { return p.said.Text }

// build makes the objects of a scenario, in reading order.
func (p *Pane) build(s *presets.Scenario) {
	answered := func(q presets.Question, choice int) {
		if p.OnAnswer != nil {
			p.OnAnswer(q, choice)
		}
	}
	p.column.Objects = nil
	p.predict, p.goals, p.fix, p.gate = nil, nil, nil, nil
	title := widget.NewLabel(s.Numbered())
	title.Wrapping = fyne.TextWrapWord
	title.TextStyle.Bold = true
	title.SizeName = fynetheme.SizeNameHeadingText
	p.place = theme.Cut(theme.Caption, theme.RoleMuted, "")
	p.add(container.New(bare{}, title), box.Inset(p.place, 0, 4))
	if len(s.Warnings) > 0 {
		p.add(warnings(s))
	}
	before, after := s.Blocks()
	p.add(p.text.objects(before)...)
	for i, q := range s.Predict {
		title := "Predict first"
		if i > 0 {
			title = "And predict this"
		}
		card := newQuestion(theme.RoleLine, title, q, false, answered)
		p.predict = append(p.predict, card)
		p.add(card.object)
	}
	if len(s.Goals) > 0 {
		title := "Your turn"
		if s.Challenge() {
			title = "Challenge"
		}
		p.goals = newGoals(title, s, p.text.follow)
		p.add(p.goals.object)
	}
	told, held := after, []presets.Block(nil)
	if s.Fix != nil {
		told, held = untilDefence(after)
	}
	if len(after) > 0 {
		p.waiting = words("")
		p.waiting.Importance = widget.LowImportance
		p.gate = container.New(box.Tight{}, box.Space(6), box.Rule(), container.New(bare{}, p.waiting),
			container.New(bare{}, press("Show me now", func() { p.OnReadOn() })))
	}
	p.after = container.New(box.Tight{}, p.text.objects(told)...)
	p.add(p.after)
	if s.Fix != nil {
		p.fix = newQuestion(theme.RoleAmber, "Find it, fix it", s.Fix.Question, true, answered)
		p.add(p.fix.object)
	}
	p.defence = container.New(box.Tight{}, p.text.objects(held)...)
	p.add(p.defence)
	if p.gate != nil {
		p.add(p.gate)
	}
	p.add(p.sources(s)...)
	p.add(box.Inset(box.Rule(), 0, 8), container.New(bare{}, p.next))
	cards := slices.Clone(p.predict)
	if p.fix != nil {
		cards = append(cards, p.fix)
	}
	for _, card := range cards {
		for _, choice := range card.choices {
			choice.OnFocus = func() { p.page.reveal(choice) }
		}
	}
}

// add puts objects at the end; they are laid out once all are there.
func (p *Pane) add(objects ...fyne.CanvasObject) {
	p.column.Objects = append(p.column.Objects, objects...)
}

// defences are the headings of what gives a fix away.
var defences = []string{"How to defend", "Mend it"}

// untilDefence cuts blocks where they begin to say what fixes the scenario.
func untilDefence(blocks []presets.Block) (told, held []presets.Block) {
	at := slices.IndexFunc(blocks, func(b presets.Block) bool {
		return b.Kind == presets.Heading && slices.Contains(defences, plain(b.Text))
	})
	if at < 0 {
		at = len(blocks)
	}
	return blocks[:at], blocks[at:]
}

func warnings(s *presets.Scenario) fyne.CanvasObject {
	c := newCard(theme.RoleAmber, "▲ Look at these lines of the file")
	for _, w := range s.Warnings {
		c.column.Add(container.New(bare{}, words(fmt.Sprintf("line %d %s", w.Line, w.Text))))
	}
	return c.object
}

// sources say who says so. A link's address is shown before it is followed.
func (p *Pane) sources(s *presets.Scenario) []fyne.CanvasObject {
	if len(s.Sources) == 0 {
		return nil
	}
	title := "Sources"
	if len(s.Sources) == 1 {
		title = "Source"
	}
	out := []fyne.CanvasObject{box.Space(8), box.Rule(), box.Inset(theme.Cut(theme.Caption, theme.RoleMuted, title), 0, 5)}
	for _, source := range s.Sources {
		span := presets.Span{Text: source.Name}
		if source.URL != "" {
			span.Link = &presets.Link{Web: source.URL}
		}
		out = append(out, p.text.object(presets.Block{Kind: presets.Item, Text: []presets.Span{span}}))
	}
	return out
}

// show brings the cards up to date, and shows what may be read by now.
func (p *Pane) show() {
	s, progress := p.reading.Scenario, p.reading.Progress
	place := []string{p.reading.Place, "level: " + presets.Levels[s.Level]}
	p.next.SetText(p.reading.Next)
	visible(p.next, p.reading.Next != "")
	role := theme.RoleMuted
	if s.Solved(progress) {
		place, role = append(place, "✓ solved"), theme.RoleGreen
	}
	p.place.Set(role, strings.Join(place, " · "))
	for i, card := range p.predict {
		card.show(progress, s.Predict[i].Why)
	}
	if p.goals != nil {
		p.goals.show(func(i int) bool { return s.Done(progress, i) })
	}
	found := true
	if p.fix != nil {
		found = s.Fix.Chosen(progress) == s.Fix.Right
		then := "Now run it again, and see whether it holds."
		if progress.Mended {
			then = "✓ It holds: you ran it, and it did."
		}
		p.fix.show(progress, then)
	}
	visible(p.after, progress.Ran)
	visible(p.defence, progress.Ran && found)
	if p.fix != nil {
		visible(p.fix.object, progress.Ran)
	}
	if p.gate != nil {
		visible(p.gate, !progress.Ran)
		p.waiting.SetText("What happened, why, and how to defend against it appears here once you have run it.")
		if s.Lesson > 0 {
			p.waiting.SetText("The lesson goes on once you have run it: press Run, or Ctrl+Enter.")
		}
	}
}

func visible(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// Text is all that the pane shows of its scenario, to copy.
func (p *Pane) Text() string {
	s := p.reading.Scenario
	if s == nil {
		return ""
	}
	text := s.Numbered() + "\n\n" + s.Before
	if p.reading.Progress.Ran {
		text += "\n\n" + s.After
	}
	return text
}
