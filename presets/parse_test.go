package presets_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"sealedroom/presets"
)

const guest = "~~~js\n1\n~~~\n"

// front is a file with this front matter after its title.
func front(lines string) string { return "---\ntitle: Mine\n" + lines + "\n---\n" + guest }

// Each file is refused with this error, which names the line at fault.
var refused = []struct{ name, file, want string }{
	{"empty", "", "mine.md:1: is empty"},
	{"blank", " \n\n", "mine.md:1: is empty"},
	{"no front matter", guest, "mine.md:1: has no front matter"},
	{"endless front matter", "---\ntitle: Mine\n", "mine.md:1: front matter does not end"},
	{"no title", "---\nlevel: 1\n---\n" + guest, "mine.md:1: has no title"},
	{"unknown key", front("foo: 1"), `mine.md:3: unknown key "foo": known are ask-first, expect`},
	{"unknown key far down", front("level: 2\n\n\n# a remark\nfoo: 1"), `mine.md:7: unknown key "foo"`},
	{"unknown key inside", front("limits:\n  memory: 64MB\n  warp: 9"), `mine.md:5: unknown key "warp": known are calls, cpu, memory`},
	{"unknown key in expect", front("expect: {outcome: ok, foo: 1}"), `mine.md:3: unknown key "foo"`},
	{"key twice", front("level: 1\nlevel: 2"), "mine.md:4: bad YAML: mapping key \"level\" already defined"},
	{"open bracket", front("level: 1\nlimits: {memory: 64MB"), "mine.md:4: bad YAML"},
	{"deep", front("level: 1\nsources: " + strings.Repeat("[", 60)), "mine.md:4: front matter is nested too deep"},
	{"tab", front("limits:\n\tmemory: 64MB"), "mine.md:4: bad YAML"},
	{"a list for a mapping", front("limits: [1]"), "mine.md:3: expected a mapping"},
	{"no value", "---\ntitle:\n---\n" + guest, "mine.md:2: expected a value"},
	{"a list for the whole", "---\n- title\n---\n" + guest, "mine.md:2: expected a mapping"},
	{"a text for the whole", "---\ntitle\n---\n" + guest, "mine.md:2: expected a mapping"},
	{"a mapping for text", "---\ntitle: {a: b}\n---\n" + guest, "mine.md:2: expected plain text"},
	{"anchors", front("secrets: &a [A]\nsources: *a"), "mine.md:3: expected a list"},
	{"merge", front("<<: {level: 2}"), "mine.md:3: "},
	{"tags", front("level: !!str 2"), "mine.md:3: expected plain text"},
	{"two documents", front("...\nlevel: 2"), "mine.md:"},
	{"group", front("group: [Basics]"), "mine.md:3: expected plain text"},
	{"all errors", front("level: 9\nfoo: 1\nlimits: {memory: 1KB, wall: later}"), "mine.md:3: \"9\": write a number from 1 to 3\nmine.md:4: unknown key \"foo\": known are " +
		"ask-first, expect, fix, goals, grants, group, lesson, level, limits, native, predict, rooms, secrets, sources, switches, title\nmine.md:5: memory: limit out of range: memory 1 KB: give 8 MB to 2 GB\nmine.md:5: wall: limit out of range"},
	{"errors in the order of lines", "---\ntitle: Mine\nlevel: 9\n---\n", "mine.md:3: \"9\": write a number from 1 to 3\nmine.md:5: has no code"},
	{"range", front("expect: {outcome: ok, took: {wall: at least soon}}"), "mine.md:3: limit out of range: time"},
	{"range upside down", front("expect: {outcome: ok, value: 3 to 1}"), `mine.md:3: "3 to 1": nothing can be in this range`},
	{"range of a switch", front("expect: {outcome: ok, with: {eval: at least on}}"), "mine.md:3: eval: write one of the limits with a range"},
	{"range of nothing", front("expect: {outcome: ok, with: {warp: 9}}"), `mine.md:3: there is nothing called "warp" to set`},
	{"outcomes", front("expect: {outcome: [ok, fine]}"), `mine.md:3: there is no outcome "fine"`},
	{"a decision of no call", front("expect: {outcome: ok, denied: {others: 1}}"), `mine.md:3: there is no call "others"`},
	{"level", front("level: 4"), `mine.md:3: "4": write a number from 1 to 3`},
	{"level of text", front("level: high"), `mine.md:3: "high": write a number`},
	{"memory", front("limits: {memory: 12 parsecs}"), "mine.md:3: memory: limit out of range: size"},
	{"memory too small", front("limits: {memory: 1KB}"), "mine.md:3: memory: limit out of range: memory 1 KB: give 8 MB to 2 GB"},
	{"wall", front("limits:\n  memory: 64MB\n  wall: -3s"), "mine.md:5: wall: limit out of range"},
	{"calls", front("limits: {calls: many}"), `mine.md:3: calls: limit out of range: calls "many": write a whole number`},
	{"switch", front("switches: {eval: perhaps}"), `mine.md:3: eval: eval "perhaps": write on or off`},
	{"capability", front("grants: {warp: naive}"), `mine.md:3: unknown key "warp": known are db, files, http, kv`},
	{"grant", front("grants: {db: maybe}"), `mine.md:3: grant "maybe" is unknown: use off, hardened or naive`},
	{"ask first", front("grants: {db: naive}\nask-first: {db: deny, kv: allow}"), "mine.md:4: ask-first: kv is not granted: add it to grants"},
	{"answer", front("grants: {db: naive}\nask-first: {db: maybe}"), `mine.md:4: there is no answer "maybe": use allow, deny, always`},
	{"asking for nothing", front("ask-first: [db]"), "mine.md:3: expected a mapping, such as db: …"},
	{"secret", front("secrets: [db password]"), `mine.md:3: secret "db password": use capital letters`},
	{"no outcome", front("expect: {killed: true}"), "mine.md:3: expect has no outcome"},
	{"outcome", front("expect: {outcome: fine}"), `mine.md:3: there is no outcome "fine": use ok, exception`},
	{"killed", front("expect: {outcome: ok, killed: maybe}"), "mine.md:3: write true or false"},
	{"call", front("expect: {outcome: ok, calls: {db: 2}}"), `mine.md:3: there is no call "db"`},
	{"count", front("expect: {outcome: ok, calls: {db.query: some}}"), `mine.md:3: count "some": write 2, or 2+`},
	{"right", front("predict:\n  - ask: What?\n    choices: [a, b]\n    right: c"), "mine.md:4: right is not one of the choices"},
	{"one choice", front("predict:\n  - ask: What?\n    choices: [a]\n    right: a"), "mine.md:4: question has 1 choices: at least 2"},
	{"goal", front("goals:\n  - goal: Win"), "mine.md:4: goal has no evidence"},
	{"change", front("goals:\n  - goal: Win\n    evidence: {}\n    by: wall=later"), "mine.md:6: limit out of range: time"},
	{"change of nothing", front("goals:\n  - goal: Win\n    evidence: {}\n    by: foo=1"), `mine.md:6: there is nothing called "foo" to set`},
	{"change to no code", front("goals:\n  - goal: Win\n    evidence: {}\n    by: code=other"), `mine.md:6: there is no code "other"`},
	{"address", front("sources:\n  - evil javascript://x.y/z"), "mine.md:4: address \"javascript://x.y/z\": only plain https"},
	{"address with a name in front", front("sources:\n  - evil https://good.org@evil.org/"), "mine.md:4: address"},
	{"no code", "---\ntitle: Mine\n---\nText.\n", "mine.md:5: has no code: add a block marked js"},
	{"other code", "---\ntitle: Mine\n---\n```python\n1\n```\n", "mine.md:7: has no code"},
	{"open code", "---\ntitle: Mine\n---\n\n```js\n1\n", "mine.md:5: the block of code does not end"},
	{"code twice", "---\ntitle: Mine\n---\n" + guest + "~~~js a\n~~~\n~~~js a\n~~~\n", `mine.md:9: code "a" is there twice`},
	{"Latin-1", "---\ntitle: Mine\n---\nCaf\xe9\n" + guest, "mine.md:4: is not UTF-8"},
	{"too long", "---\ntitle: Mine\n---\n" + guest + strings.Repeat("x", presets.MaxFile), "mine.md: is longer than"},
	{"too much front matter", front("# " + strings.Repeat("x", 20_000)), "mine.md:1: front matter has"},
	{"too much text", "---\ntitle: Mine\n---\n" + guest + strings.Repeat("x\n", 20_000), "mine.md: has 40001 bytes of text"},
}

func TestRefused(t *testing.T) {
	for _, r := range refused {
		t.Run(r.name, func(t *testing.T) {
			_, err := presets.Parse("mine.md", []byte(r.file))
			var at *presets.Error
			if !errors.As(err, &at) || !strings.HasPrefix(err.Error(), r.want) {
				t.Errorf("error is %v, want %s…", err, r.want)
			}
		})
	}
}

func TestTaken(t *testing.T) {
	for name, file := range map[string]string{
		"bare":           "---\ntitle: Mine\n---\n" + guest,
		"from Windows":   "\ufeff---\r\ntitle: Mine\r\n---\r\n~~~js\r\n1\r\n~~~\r\n",
		"backticks":      "---\ntitle: Mine\n---\n```js\n1\n```\n",
		"after other":    "---\ntitle: Mine\n---\n```python\n~~~js\n0\n```\n" + guest,
		"long fence":     "---\ntitle: Mine\n---\n~~~~ js\n1\n~~~~~~\n",
		"quoted numbers": front("level: \"2\"\nlimits: {calls: \"3\", cpu: 0}"),
	} {
		s, err := presets.Parse("dir/mine.md", []byte(file))
		if err != nil || s.Setup.Code != "1\n" || s.Title != "Mine" || s.Name != "mine" {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

func TestHiddenCharactersAreToldOf(t *testing.T) {
	s, err := presets.Parse("mine.md", []byte("---\ntitle: \"a\u202eb\"\n---\nText\u200b.\n\n~~~js\nconst admin\u2066 = 1\n~~~\n"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, w := range s.Warnings {
		lines = append(lines, w.Line)
	}
	if !reflect.DeepEqual(lines, []int{2, 4, 7}) || !strings.Contains(s.Warnings[2].Text, `\u2066`) {
		t.Errorf("warnings are %v", s.Warnings)
	}
	for hidden, shown := range map[string]string{"\u00ad": `\xad`, "\ufe0f": `\ufe0f`, "\u2800": `\u2800`, "\U000e0101": `\u{e0101}`, "\U0001d159": `\u{1d159}`, "\u200d": `\u200d`} {
		s, err := presets.Parse("mine.md", []byte("---\ntitle: Mine\n---\n~~~js\nconst ad"+hidden+"min = 1\n~~~\n"))
		if err != nil || len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0].Text, shown) {
			t.Errorf("%+q: %v, %v", hidden, s, err)
		}
	}
	if before, _ := s.Blocks(); s.Title != `a\u202eb` || before[0].Text[0].Text != `Text\u200b.` {
		t.Errorf("shows %q and %+v", s.Title, before[0].Text)
	}
}

func TestBlocks(t *testing.T) {
	text := "# Title\n\nSome *slanted* and **bold** `code`,\n[try](set:wall=3s) [part](show:vault) [next](scenario:other) [web](https://example.com/).\n\n" +
		"[bad](javascript:alert(1)) [worse](set:foo=1) [file](file:///etc/passwd) [http](http://example.com) ![cat](https://example.com/cat.png) <b>tag</b> &amp; \\*\n\n" +
		"<script>alert(1)</script>\n\n1. one\n   - under\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n~~~python\nprint()\n~~~\n\n~~~js other\n2\n~~~\n"
	s, err := presets.Parse("mine.md", []byte("---\ntitle: Mine\n---\n"+guest+text))
	if err != nil {
		t.Fatal(err)
	}
	_, blocks := s.Blocks()
	var out []string
	for _, b := range blocks {
		var line strings.Builder
		fmt.Fprintf(&line, "%d ", b.Kind)
		for _, cells := range append(b.Cells, b.Text) {
			for _, span := range cells {
				line.WriteString(span.Text)
				if span.Link != nil {
					fmt.Fprintf(&line, "%+v", *span.Link)
				}
			}
		}
		out = append(out, line.String()+b.Code)
	}
	want := []string{
		"1 Title",
		"0 Some slanted and bold code, try{Set:wall=3s Show: Scenario: Web:} part{Set: Show:vault Scenario: Web:} next{Set: Show: Scenario:other Web:} web{Set: Show: Scenario: Web:https://example.com/}.",
		"0 bad worse file http [picture: cat] <b>tag</b> & *",
		"4 <script>alert(1)</script>",
		"2 one", "2 under", "3 quote", "5 ab", "5 12", "6 ", "4 print()",
	}
	if !reflect.DeepEqual(out, want) {
		t.Errorf("blocks are\n%s\nwant\n%s", strings.Join(out, "\n"), strings.Join(want, "\n"))
	}
	if s.Codes["other"] != "2\n" {
		t.Errorf("codes are %q", s.Codes)
	}
}

// Files made to take long to read don't.
func TestSlowFiles(t *testing.T) {
	for _, piece := range []string{"> ", "[a](", "1. ", "[", "- ", "**a _b ", "`a ``b ", "<!--", "[a]: b\n", "| a "} {
		file := "---\ntitle: Mine\n---\n" + guest + strings.Repeat(piece, (31<<10)/len(piece))
		began := time.Now()
		s, err := presets.Parse("mine.md", []byte(file))
		if err != nil {
			t.Errorf("%q: %v", piece, err)
			continue
		}
		s.Blocks()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q took %v", piece, took)
		}
	}
	for _, piece := range []string{"[", "{", "- ", "a: {", "[a,", "- - ", "? "} {
		began := time.Now()
		_, _ = presets.Parse("mine.md", []byte(front("sources: "+strings.Repeat(piece, (15<<10)/len(piece)))))
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q in front took %v", piece, took)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, r := range refused {
		if len(r.file) < 10_000 {
			f.Add([]byte(r.file))
		}
	}
	for _, s := range presets.BuiltIn() {
		data, err := s.Format()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(roomsFront + roomsBody))
	f.Add([]byte("---\ntitle: a\n---\ntext\r\r\n~~~js\n1\r2\n~~~"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := presets.Parse("mine.md", data)
		if err != nil {
			var at *presets.Error
			if !errors.As(err, &at) {
				t.Errorf("not an Error: %v", err)
			}
			return
		}
		s.Blocks()
		written, err := s.Format()
		if err != nil {
			return // it says so, and saves nothing
		}
		again, err := presets.Parse("mine.md", written)
		if err != nil {
			t.Fatalf("cannot be read back: %v\n%s", err, written)
		}
		again.Warnings, s.Warnings = nil, nil // by line, and lines move
		before, _ := json.Marshal(s.Setup.Limits)
		after, _ := json.Marshal(again.Setup.Limits)
		again.Setup.Limits = s.Setup.Limits // a default may be said or not
		for i := range min(len(s.Rooms), len(again.Rooms)) {
			a, b := &s.Rooms[i].Setup, &again.Rooms[i].Setup
			if a.Same(*b) {
				b.Limits = a.Limits
			}
		}
		if !reflect.DeepEqual(s, again) || string(before) != string(after) {
			t.Errorf("read back otherwise:\n%+v\n%+v\n%s", s, again, written)
		}
	})
}
