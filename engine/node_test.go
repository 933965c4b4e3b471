package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// outline writes a tree on one line: key=text(children…)+left-out, with the
// levels up for an object that is there again.
func outline(n *engine.Node) string {
	var b strings.Builder
	if n.Key != "" {
		b.WriteString(n.Key + "=")
	}
	b.WriteString(n.Text)
	if n.Length > 0 {
		fmt.Fprintf(&b, "…%d", n.Length)
	}
	if n.Up > 0 {
		fmt.Fprintf(&b, "↻%d", n.Up)
	}
	if n.Deep {
		b.WriteString("⋯")
	}
	if len(n.Children) > 0 {
		b.WriteString("{")
		for i := range n.Children {
			if i > 0 {
				b.WriteString(" ")
			}
			b.WriteString(outline(&n.Children[i]))
		}
		b.WriteString("}")
	}
	if n.More > 0 {
		fmt.Fprintf(&b, "+%d", n.More)
	}
	return b.String()
}

// What a guest's value looks like part by part.
func TestTree(t *testing.T) {
	for _, c := range []struct{ guest, want string }{
		{`({a: 1, 'b c': 'x', n: null, [Symbol('s')]: true})`, `Object{a=1 "b c"="x" n=null [Symbol(s)]=true}`},
		{`[1, , [2, 'y']]`, `Array(3){0=1 2=Array(2){0=2 1="y"}}`},
		{`Object.assign([1], {extra: 2})`, `Array(1){0=1 extra=2}`},
		{`new Map([[{k: 1}, 'v'], ['s', new Set([5])]])`, `Map(2){{ k: 1 } =>="v" "s" =>=Set(1){0=5}}`},
		{`new Uint8Array([7, 8])`, `Uint8Array(2){0=7 1=8}`},
		{`({get a() { throw 1 }, set b(v) {}})`, `Object{a=[Getter] b=[Setter]}`},
		{`({p: new Proxy({x: 1}, {get() { for (;;); }})})`, `Object{p=[Proxy]}`},
		{`const o = {in: {}}; o.in.back = o; o`, `Object{in=Object{back=Object↻2}}`},
		{`const s = {v: 1}; ({a: s, b: s})`, `Object{a=Object{v=1} b=Object{v=1}}`},
		{`({d: new Date(0), r: /x/g, f() {}, c: class C {}})`, `Object{d=1970-01-01T00:00:00.000Z r=/x/g f=[Function: f] c=[class C]}`},
		{`new (class A { x = 1 })`, `A{x=1}`},
		{`({p: Promise.resolve(4), q: new Promise(() => {})})`, `Object{p=Promise{<value>=4} q=Promise{<state>=<pending>}}`},
		{`const e = new RangeError('m'); e.code = 7; delete e.stack; e`, `RangeError: m{code=7}`},
		{`({s: 'x'.repeat(1000)})`, `Object{s="` + strings.Repeat("x", 200) + `"…1000}`},
		{`({[Object.prototype.toString.call(0)]: Object('st')})`, `Object{"[object Number]"=[String: "st"]}`},
		{`({l: Array(2000000).fill(1)}).l.length = 3; Object.create(null, {x: {value: 1, enumerable: true}})`, `[Object: null prototype]{x=1}`},
		// The guest's own code is never asked.
		{`Array.prototype.push = Object.prototype.toString = Map.prototype.entries = () => { throw 1 }; [new Map([[1, 2]])]`, `Array(1){0=Map(1){1 =>=2}}`},
		{`Object.defineProperty(Object.prototype, 'k', {set() { throw 1 }}); Object.prototype.toJSON = () => 'stolen'; ({a: [1]})`, `Object{a=Array(1){0=1}}`},
	} {
		s := run(t, c.guest, limits(t, "64MB", "10s", engine.Switches{}))
		if s.Ended.Result == nil || s.Ended.Result.Tree == nil {
			t.Errorf("%s has no tree: %v", c.guest, s.Ended.Outcome)
			continue
		}
		if got := outline(s.Ended.Result.Tree); got != c.want {
			t.Errorf("%s\nis\n%s\nwant\n%s", c.guest, got, c.want)
		}
	}
	if r := run(t, `10 + 20`, limits(t, "64MB", "10s", engine.Switches{})).Ended.Result; r.Tree != nil {
		t.Errorf("a number has a tree: %s", outline(r.Tree))
	}
}

// A tree is cut where it is large, and says what is left out.
func TestTreeIsBounded(t *testing.T) {
	nodes := func(n *engine.Node) (count, depth, more int) {
		count, more = 1, n.More
		for i := range n.Children {
			var visit func(n *engine.Node, at int)
			visit = func(n *engine.Node, at int) {
				count, depth, more = count+1, max(depth, at), more+n.More
				for i := range n.Children {
					visit(&n.Children[i], at+1)
				}
			}
			visit(&n.Children[i], 1)
		}
		return count, depth, more
	}
	for _, c := range []struct {
		guest       string
		most, least int
		more        bool
	}{
		{`Array(1e6).fill(1)`, 101, 101, true},
		{`Array(100).fill(0).map(() => Array(100).fill(0).map(() => ({a: 1})))`, 2000, 1900, true},
		{`let o = {}; for (let i = 0; i < 1e5; i++) o = {o}; o`, 9, 9, false},
		{`const o = {}; for (let i = 0; i < 1e5; i++) o['k' + i] = 'v'.repeat(300); o`, 102, 50, true},
		{`Array(100).fill(0).map(() => Array(100).fill('\u0001'.repeat(5000)))`, 600, 100, true},
		{`const all = []; for (let i = 0; i < 90; i++) { const one = [all]; for (let j = 0; j < 90; j++) one.push(one, all); all.push(one) } all`, 2000, 1900, true},
		{`Array(4294967295)`, 1, 1, false},
	} {
		s := run(t, c.guest, limits(t, "256MB", "10s", engine.Switches{}))
		if s.Ended.Result == nil {
			t.Errorf("%s ended as %s", c.guest, s.Ended.Outcome)
			continue
		}
		count, depth, more := nodes(s.Ended.Result.Tree)
		if count > c.most || count < c.least || depth > 8 || (more > 0) != c.more {
			t.Errorf("%s: %d nodes, %d deep, %d left out", c.guest, count, depth, more)
		}
	}
}

// A worker that a guest has taken over sends what it likes.
func TestHostileTree(t *testing.T) {
	deep := strings.Repeat(`{"t":"object","v":"","c":[`, 12) + `{"t":"number","v":"1"}` + strings.Repeat(`]}`, 12)
	for name, data := range map[string]string{
		"too deep":         deep,
		"too many":         `{"t":"array","v":"","c":[` + strings.Repeat(`{"t":"number","v":"1"},`, 5000) + `{"t":"number","v":"1"}]}`,
		"a long text":      `{"t":"string","v":"` + strings.Repeat("x", 100_000) + `"}`,
		"a long key":       `{"t":"object","v":"","c":[{"t":"number","v":"1","k":"` + strings.Repeat("x", 100_000) + `"}]}`,
		"longer than any":  `{"t":"object","v":"` + strings.Repeat("x", 1<<20) + `"}`,
		"another kind":     `[1]`,
		"cut short":        `{"t":"obj`,
		"a negative count": `{"t":"object","v":"","m":-5,"up":-9,"n":-1}`,
	} {
		tree, err := engine.TreeOf([]byte(data))
		if name == "a negative count" {
			if err != nil || tree.More != 0 || tree.Up != 0 || tree.Length != 0 {
				t.Errorf("%s: %v, %v", name, tree, err)
			}
		} else if err == nil {
			t.Errorf("%s passed", name)
		}
	}
	if tree, err := engine.TreeOf([]byte(`{"t":"<b>","v":"x","up":7}`)); err != nil || tree.Type != "unknown" || tree.Up != 0 {
		t.Errorf("a type of its own: %v, %v", tree, err)
	}
}

// The first console lines with objects in them bring them along.
func TestTreesOfLines(t *testing.T) {
	s := run(t, `for (let i = 0; i < 200; i++) console.log('n', {i, deep: {b: {c: {d: 'end'}}}});
console.log([1], {a: 2}); console.log('plain', 1)`, engine.Limits{})
	trees := 0
	for _, line := range s.console {
		if line.Tree != nil {
			trees++
		}
	}
	if len(s.console) != 202 || trees < 50 || trees > 100 {
		t.Fatalf("%d lines with %d trees", len(s.console), trees)
	}
	root := s.console[0].Tree
	if len(root.Children) != 2 || root.Children[0].Key != "i" || root.Children[0].Text != "0" {
		t.Errorf("the first line has %+v", root)
	}
	if d := root.Children[1].Children[0].Children[0].Children[0]; d.Key != "d" || d.Text != `"end"` {
		t.Errorf("deep down is %+v", d)
	}
	s = run(t, `console.dir({a: 1}); console.log([1], {a: 2}); console.log('plain', 1)
console.table([{x: 1}]); console.log({get x() { for (;;); }}, new Proxy({}, {get() { for (;;); }, ownKeys() { for (;;); }}))
console.log(Array.from({length: 5000}, (_, i) => ({i})))`, engine.Limits{})
	if s.Outcome != engine.OK || len(s.console) != 6 {
		t.Fatalf("%s, %d lines", s.Outcome, len(s.console))
	}
	if two := s.console[1].Tree; two == nil || len(two.Children) != 2 || two.Children[1].Children[0].Key != "a" {
		t.Errorf("two objects are %+v", two)
	}
	for i, want := range []bool{true, true, false, true, true, true} {
		if got := s.console[i].Tree; (got != nil) != want || got.Count() > 301 {
			t.Errorf("line %d: a tree of %d", i, got.Count())
		}
	}
}

// So has what a result's tree shows and its preview does not.
func TestTreesOfResultsAreWatched(t *testing.T) {
	const robbed = `const key = db.query('SELECT api_key FROM credentials').rows[0].api_key; `
	for _, guest := range []string{
		robbed + `Object.assign(function f() {}, {a: {b: {c: {d: key}}}})`,
		robbed + `Object.assign(new Error('m'), {a: {b: {c: {d: key}}}})`,
		robbed + `[[Array(10000)], [, key]]`,
	} {
		r := visit(t, guest, bridge.Naive, engine.Limits{})
		if !slices.ContainsFunc(r.secrets, func(s bridge.SecretReport) bool { return slices.Contains(s.Where, "result") }) {
			t.Errorf("%s\nno secret was seen in the result: %+v", guest, r.secrets)
		}
	}
}

// What a tree shows has left the room, also where the line's text is too short for it.
func TestTreesOfLinesAreWatched(t *testing.T) {
	r := visit(t, `const key = db.query('SELECT api_key FROM credentials').rows[0].api_key;
console.log({a: {b: {c: {d: {key}}}}})`, bridge.Naive, engine.Limits{})
	if len(r.console) != 1 || strings.Contains(r.console[0], "sk_") {
		t.Fatalf("the line is to be cut: %q", r.console)
	}
	for _, secret := range r.secrets {
		if slices.ContainsFunc(secret.Where, func(where string) bool { return strings.Contains(where, "console") }) {
			return
		}
	}
	t.Errorf("no secret was seen in the console: %+v", r.secrets)
}
