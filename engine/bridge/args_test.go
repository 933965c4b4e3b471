package bridge

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestArgsRefuseWhatIsNotPlainData(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, test := range []struct{ raw, code, text string }{
		{`[]`, "", ""},
		{` [ "a" , 1 ] `, "", ""},
		{nested(maxDepth + 1), "", ""},
		{nested(maxDepth + 2), CodeTooLarge, "nest deeper than 16 levels"},
		{nested(1_000_000), CodeTooLarge, "nest deeper"},
		{"[" + strings.Repeat("1,", 5000) + "1]", CodeTooLarge, "more than 4096 values"},
		{``, CodeInvalid, "not a JSON array"},
		{`null`, CodeInvalid, "not a JSON array"},
		{`{"0":"SELECT"}`, CodeInvalid, "not a JSON array"},
		{`[`, CodeInvalid, "not a JSON array"},
		{`[1,]`, CodeInvalid, "not a JSON array"},
		{`[1] [2]`, CodeInvalid, "not a JSON array"},
		{`[1]x`, CodeInvalid, "not a JSON array"},
		{`[NaN]`, CodeInvalid, "not a JSON array"},
		{"[" + strings.Repeat("1,", maxNodes-1) + "1]", "", ""},
		{"[" + strings.Repeat("1,", maxNodes) + "1]", CodeTooLarge, "more than 4096 values"},
		{`["\ud800"]`, CodeInvalid, "lone surrogate"},
		{`[{"\uDFFF": 1}]`, CodeInvalid, "lone surrogate"},
		{`["\ud83d\ud83d\ude00"]`, CodeInvalid, "lone surrogate"},
		{`["\ud83dx\ude00"]`, CodeInvalid, "lone surrogate"},
		{`["\\\udc00"]`, CodeInvalid, "lone surrogate"},
		{`["\ud83d\ude00\\ud800\u00e9\uD7FF\ue000"]`, "", ""},
		{"[\"\xff\"]", CodeInvalid, "not valid UTF-8"},
		{"[\"\x00\"]", CodeInvalid, "not a JSON array"},
	} {
		_, err := NewArgs("db.query", []byte(test.raw))
		var refusal *Refusal
		if test.code == "" {
			if err != nil {
				t.Errorf("%.20q: %v", test.raw, err)
			}
		} else if !errors.As(err, &refusal) || refusal.Code != test.code || !strings.Contains(refusal.Text, test.text) {
			t.Errorf("%.20q: %v, want %s %q", test.raw, err, test.code, test.text)
		}
	}
}

func TestArgsSayWhatWasExpected(t *testing.T) {
	args, err := NewArgs("db.query", []byte(`[{"toString":1}, "text", [1], 7, true, null, "__proto__"]`))
	if err != nil {
		t.Fatal(err)
	}
	_, object := args.Text(0, 10)
	_, long := args.Text(1, 3)
	_, missing := args.Text(7, 10)
	_, list := args.Object(2)
	_, number := args.List(3)
	_, boolean := args.Text(4, 10)
	_, null := args.Object(5)
	_, absent := args.JSON(7)
	for _, test := range []struct {
		err  error
		want string
	}{
		{object, "db.query: argument 1 is an object, text expected"},
		{long, "db.query: argument 2 has 4 bytes, at most 3 are taken"},
		{missing, "db.query: argument 8 is missing, text expected"},
		{list, "db.query: argument 3 is a list, an object expected"},
		{number, "db.query: argument 4 is a number, a list expected"},
		{boolean, "db.query: argument 5 is a boolean, text expected"},
		{null, "db.query: argument 6 is null or undefined, an object expected"},
		{absent, "db.query: argument 8 is missing, a value expected"},
		{args.Count(1, 2), "db.query: 7 arguments given, 1 to 2 expected"},
	} {
		if test.err == nil || test.err.Error() != test.want {
			t.Errorf("%v, want %s", test.err, test.want)
		}
	}
	if args.Has(5) || args.Has(7) || !args.Has(0) {
		t.Error("null and missing arguments are there, or given ones are not")
	}
}

func FuzzArgs(f *testing.F) {
	for _, seed := range []string{`["SELECT 1",[1,null,"x"]]`, `[{"__proto__":{"a":[[]]}}]`, `[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]`, `["\ud800"]`, `[1e999]`, `[1]]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		args, err := NewArgs("a.b", raw)
		if err != nil {
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("%q: %v is no refusal", raw, err)
			}
			return
		}
		var want []any
		if err := json.Unmarshal(raw, &want); err != nil && !strings.Contains(err.Error(), "number") {
			t.Fatalf("%q was taken: %v", raw, err)
		}
		for i := range args.values {
			_, _ = args.Text(i, 100)
			_, _ = args.List(i)
			_, _ = args.Object(i)
			if !json.Valid(args.values[i]) {
				t.Fatalf("argument %d of %q is not JSON", i, raw)
			}
		}
	})
}
