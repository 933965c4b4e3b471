package bridge

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

const sample = `ck_live_9/x+T"q7 w%Z\&u0`

func watchOf(t testing.TB, values ...string) *LeakScanner {
	t.Helper()
	v := NewVault()
	for i, value := range values {
		if err := v.Set(fmt.Sprintf("S%d", i), value); err != nil {
			t.Fatal(err)
		}
	}
	return v.Scanner()
}

func reverse(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

func TestWatchSeesEveryForm(t *testing.T) {
	quoted, _ := json.Marshal(sample)
	var unicode strings.Builder
	for i := range len(sample) {
		fmt.Fprintf(&unicode, `\u%04x`, sample[i])
	}
	texts := map[string]string{
		"plain": sample, "small": strings.ToLower(sample), "capital": strings.ToUpper(sample),
		"reversed": reverse(sample),
		"hex":      hex.EncodeToString([]byte(sample)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(sample))),
		"percent": percent(sample), "percent, small": strings.ToLower(percent(sample)),
		"encodeURIComponent": strings.ReplaceAll(url.QueryEscape(sample), "+", "%20"),
		"form":               url.QueryEscape(sample),
		"JSON":               string(quoted), "every character escaped": unicode.String(),
		"partly percent-encoded": percent(sample[:5]) + strings.ReplaceAll(url.QueryEscape(sample[5:]), "+", "%20"),
	}
	texts["percent, twice"] = percent(percent(sample))
	texts["percent of the signs alone"] = strings.ReplaceAll(percent(sample), "%", "%25")
	texts["escaped in JSON in JSON"] = strings.ReplaceAll(unicode.String(), `\`, `\\`)
	texts["escaped, then percent-encoded"] = percent(unicode.String())
	texts["UTF-16, little end first"] = strings.Join(append(strings.Split(sample, ""), ""), "\x00")
	texts["UTF-16, as JSON"] = strings.ReplaceAll(sample[:4], "", `\u0000`) + strings.ReplaceAll(strings.Join(strings.Split(sample[4:], ""), "\x00"), `\`, `\\`)
	for before := range 4 {
		padded := []byte("xyz!"[:before] + sample + "?!xyz"[:before])
		for name, encoding := range map[string]*base64.Encoding{
			"std": base64.StdEncoding, "raw": base64.RawStdEncoding,
			"url": base64.URLEncoding, "rawurl": base64.RawURLEncoding,
		} {
			texts[fmt.Sprintf("base64 %s, %d before", name, before)] = encoding.EncodeToString(padded)
		}
	}
	for name, text := range texts {
		whole := watchOf(t, sample)
		if found := whole.Scan(Place{Result, 0}, []byte("before "+text+" after")); len(found) != 1 {
			t.Errorf("%s: %v found in %q", name, found, text)
		}
		// Every place to cut it in two, and each byte by itself.
		for cut := 1; cut < len(text); cut++ {
			w := watchOf(t, sample)
			first := w.Scan(Place{Console, 1}, []byte(text[:cut]))
			second := w.Scan(Place{Console, 2}, []byte(text[cut:]))
			if len(first)+len(second) == 0 {
				t.Fatalf("%s: not found when cut at %d", name, cut)
			}
		}
		w, found := watchOf(t, sample), 0
		for i := range len(text) {
			found += len(w.Scan(Place{Console, int64(i + 1)}, []byte{text[i]}))
		}
		if found == 0 {
			t.Errorf("%s: not found byte by byte", name)
		}
	}
}

func TestWatchIsNotFooledByLess(t *testing.T) {
	w := watchOf(t, sample)
	for _, text := range []string{"", sample[1:], "x" + sample[:len(sample)-1] + "x", hex.EncodeToString([]byte(sample[1:])), strings.Repeat("%2", 99), strings.Repeat(`\u00`, 99)} {
		if found := w.Scan(Place{Console, 1}, []byte(text+"\n")); len(found) > 0 {
			t.Errorf("%v found in %q", found, text)
		}
	}
}

func TestWatchReadsTextsOfJSONAsOne(t *testing.T) {
	w := watchOf(t, "secret-value")
	var found []Sighting
	for i, char := range "secret-value" {
		answer := fmt.Sprintf(`{"rows":[{"c":"%c"}],"count":1}`, char)
		found = append(found, w.ScanJSON(Place{Answered, int64(i + 1)}, []byte(answer))...)
	}
	if len(found) != 1 || found[0].String() != "S0 in answer of call 12" {
		t.Errorf("spelt out over answers: %v", found)
	}
	for name, value := range map[string]string{
		"list": `["sec","ret-","value"]`, "member's name": `{"secret-value":1}`,
		"escaped name": `{"\u0073ecret-value" : 1}`, "two texts": `{"a":"secret","b":"-value"}`,
	} {
		if found := watchOf(t, "secret-value").ScanJSON(Place{Argument, 1}, []byte(value)); len(found) != 1 {
			t.Errorf("%s: %v", name, found)
		}
	}
	inner, _ := json.Marshal(map[string]string{"token": sample})
	outer, _ := json.Marshal(map[string]string{"body": string(inner)})
	if found := watchOf(t, sample).ScanJSON(Place{Answered, 1}, outer); len(found) != 1 {
		t.Errorf("JSON in JSON: %v", found)
	}
	if found := watchOf(t, "123456").ScanJSON(Place{Argument, 1}, []byte(`[123456]`)); len(found) != 1 {
		t.Errorf("number: %v", found)
	}
}

func TestWatchTellsOverlappingSecretsApart(t *testing.T) {
	w := watchOf(t, "abcdefgh", "cdefgh", "defghijk", "bcdefg")
	found := w.Scan(Place{Console, 1}, []byte("xabcdefghijkx"))
	if len(found) != 4 {
		t.Errorf("found %v", found)
	}
	// One secret that is another's beginning, and equal values.
	w = watchOf(t, "aaaaaa", "aaaaaaaa", "aaaaaa")
	if found := w.Scan(Place{Console, 1}, []byte("aaaaaaa")); len(found) != 2 {
		t.Errorf("found %v", found)
	}
}

func TestAPlaceCountsOnce(t *testing.T) {
	v := NewVault()
	_ = v.Set("TOKEN", "secret-value")
	w := v.Scanner()
	for range 5 { // chunks of one line
		w.Scan(Place{Console, 1}, []byte("secret-value secret-value"))
	}
	w.Scan(Place{Console, 2}, []byte(reverse("secret-value")))
	w.Scan(Place{Result, 0}, []byte(hex.EncodeToString([]byte("secret-value"))))
	report := v.Report()[0]
	want := []string{"console line 1", "console line 2, reversed", "result, hex"}
	if report.Revealed != 3 || !slices.Equal(report.Where, want) {
		t.Errorf("report %+v", report)
	}
}

func TestWatchMemoryIsLevel(t *testing.T) {
	v := NewVault()
	_ = v.Set("TOKEN", "secret-value")
	w := v.Scanner()
	line := []byte("a line that says secret-value and %73ecret-value")
	scan := func(from, to int) uint64 {
		for i := from; i < to; i++ {
			w.Scan(Place{Console, int64(i + 1)}, line)
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := scan(0, 1000)
	if after := scan(1000, 100_000); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	if report := v.Report()[0]; report.Revealed != 100_000 || len(report.Where) != maxWhere {
		t.Errorf("revealed %d times in %d places", report.Revealed, len(report.Where))
	}
}

// A secret in pieces is found behind an argument that stays the same, in every
// position, and with other calls between.
func TestWatchReadsEachArgumentApart(t *testing.T) {
	const secret = "ck_live_0123456789"
	pieces := []string{secret[:5], secret[5:9], secret[9:]}
	for name, test := range map[string]struct {
		calls []string // %s is the next piece
		named []string
	}{
		"after a name":            {[]string{`["k","%s"]`}, []string{"kv.set"}},
		"before a name":           {[]string{`["%s","k"]`}, []string{"kv.set"}},
		"in the middle":           {[]string{`["a","%s","b"]`}, []string{"x.y"}},
		"far behind":              {[]string{`["a","b","c","d","e","%s"]`}, []string{"x.y"}},
		"in a list":               {[]string{`["SELECT ?",["%s"]]`}, []string{"db.query"}},
		"in a list after others":  {[]string{`["a",[1,{"x":true}],{"v":"%s"}]`}, []string{"x.y"}},
		"with other calls":        {[]string{`["k","%s"]`, `["other","noise"]`, `["noise"]`}, []string{"kv.set", "files.write", "kv.get"}},
		"over two kinds of calls": {[]string{`["k","%s"]`, `["f","%s"]`, `["k","%s"]`}, []string{"kv.set", "files.write", "kv.set"}},
		"behind a changing name":  {[]string{`["k1","%s"]`, `["k2","%s"]`, `["k3","%s"]`}, []string{"kv.set", "kv.set", "kv.set"}},
	} {
		w, found, piece := watchOf(t, secret), 0, 0
		for i := 0; piece < len(pieces); i++ {
			args := test.calls[i%len(test.calls)]
			if strings.Contains(args, "%s") {
				args = fmt.Sprintf(args, pieces[piece])
				piece++
			}
			found += len(w.scanCall(Place{Argument, int64(i + 1)}, test.named[i%len(test.named)], []byte(args)))
		}
		if found != 1 {
			t.Errorf("%s: seen %d times", name, found)
		}
	}
	// Answers of one kind, with others between.
	w, found := watchOf(t, secret), 0
	for i, piece := range pieces {
		found += len(w.scanCall(Place{Answered, int64(2 * i)}, "db.query", fmt.Appendf(nil, `{"rows":[{"v":%q}]}`, piece)))
		found += len(w.scanCall(Place{Answered, int64(2*i + 1)}, "kv.get", []byte(`"noise"`)))
	}
	if found != 1 {
		t.Errorf("in answers: seen %d times", found)
	}
}

// Characters that do not show hide nothing.
func TestWatchSeesThroughInvisibleCharacters(t *testing.T) {
	const secret = "ck_live_0123456789"
	for _, hidden := range []string{"\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufe0f", "\u034f", "\u180b", "\u180d", "\u17b4", "\u17b5", "\u2800", "\U000e0100", "\U000e01ef", "\U0001d159", "\U000e0041", "\u202e"} {
		text := strings.Join(strings.Split(secret, ""), hidden)
		if found := watchOf(t, secret).Scan(Place{Console, 1}, []byte("é "+text)); len(found) != 1 {
			t.Errorf("%+q in a line: %v", hidden, found)
		}
		quoted, _ := json.Marshal([]string{text})
		if found := watchOf(t, secret).ScanJSON(Place{Argument, 1}, quoted); len(found) != 1 {
			t.Errorf("%+q in JSON: %v", hidden, found)
		}
		escaped := strings.ReplaceAll(strconv.QuoteToASCII(text), `\U000e0`, `\udb40\ude`) // not the same character, but one like it
		if !strings.Contains(escaped, `\U`) && !strings.Contains(escaped, `\x`) && !strings.Contains(escaped, `\udb40`) {
			if found := watchOf(t, secret).ScanJSON(Place{Argument, 1}, []byte("["+escaped+"]")); len(found) != 1 {
				t.Errorf("%+q escaped in JSON: %v", hidden, found)
			}
		}
		w, found := watchOf(t, secret), 0
		for i, piece := range strings.SplitAfter(text, hidden) {
			found += len(w.Scan(Place{Console, int64(i)}, []byte(piece)))
		}
		if found != 1 {
			t.Errorf("%+q over lines: seen %d times", hidden, found)
		}
	}
}

// A list of pieces is one text, as a result or a line of the console shows it.
func TestWatchReadsListsOfPieces(t *testing.T) {
	const secret = "ck_live_0123456789"
	for _, text := range []string{
		"[ 'ck_live_', '0123456789' ]", "['ck_live_','0123456789']", "[\n  'ck_',\n  'live_0123',\n  '456789'\n]", `["ck_live_", "0123456789"]`,
		"[ '" + strings.Join(strings.Split(secret, ""), "', '") + "' ]",
		"don't [ '" + strings.Join(strings.Split(secret, ""), "',\n  '") + "' ] can't",
		"{ a: 'ck_live_', b2: '0123456789' }", "{ '': '', a: 'ck_live_', $c: '0123456789' }", "[ `ck_live_`, `0123456789` ]",
		"Set(2) { 'ck_live_', '0123456789' }", "[ '', 'ck_live_', '', '0123456789' ]", "[ '98765', '43210_evil_kc' ]",
	} {
		for _, stream := range []Stream{Result, Console, Exception} {
			if found := watchOf(t, secret).Scan(Place{stream, 1}, []byte(text)); len(found) != 1 {
				t.Errorf("%s: %v", text, found)
			}
		}
		w, found := watchOf(t, secret), 0
		for i := range len(text) {
			found += len(w.Scan(Place{Console, int64(i + 1)}, []byte{text[i]}))
		}
		if found != 1 {
			t.Errorf("%s, byte by byte: seen %d times", text, found)
		}
	}
	for _, text := range []string{"'ck_live_' and '0123456789'", "ck_live_, 0123456789", "'ck_live_'; '0123456789'", "[ 'ck_live_', 'x', '0123456789' ]"} {
		if found := watchOf(t, secret).Scan(Place{Result, 1}, []byte(text)); len(found) != 0 {
			t.Errorf("%s: %v", text, found)
		}
	}
}

// A secret in pieces is found on lines that say more, before or behind it.
func TestWatchReadsLabelledPieces(t *testing.T) {
	const secret = "ck_live_0123456789"
	pieces := []string{secret[:5], secret[5:9], secret[9:]}
	for _, lines := range []string{
		"part %d: %s", "%[1]d %[2]s", "%[2]s %[1]d", "%[2]s is part %[1]d of the key\n", "{ i: %d, part: '%s' }", "[ %d, %q ],", "%d=> %s ;",
		"%[2]s: %[1]d", "---\npart %d: %s\n\n", "\u200b%d: %s\u200b",
	} {
		w, found := watchOf(t, secret), 0
		for i, piece := range pieces {
			found += len(w.Scan(Place{Console, int64(i + 1)}, fmt.Appendf(nil, lines, i, piece)))
		}
		if found != 1 {
			t.Errorf("%s: seen %d times", lines, found)
		}
		hexed, found := watchOf(t, secret), 0
		for i, piece := range pieces {
			found += len(hexed.Scan(Place{Console, int64(i + 1)}, fmt.Appendf(nil, lines, i, hex.EncodeToString([]byte(piece)))))
		}
		if found != 1 {
			t.Errorf("%s, in hex: seen %d times", lines, found)
		}
	}
	// All of it in one line's text.
	if found := watchOf(t, secret).Scan(Place{Console, 1}, []byte("a: ck_live_\nb: 012345\nc: 6789")); len(found) != 1 {
		t.Errorf("in one text: %v", found)
	}
	for _, text := range []string{"part 1: ck_live_\nnothing here\npart 2: 0123456789", "a ck_live_ b\na 0123456789 b"} {
		if found := watchOf(t, secret).Scan(Place{Console, 1}, []byte(text)); len(found) != 0 {
			t.Errorf("%q: %v", text, found)
		}
	}
}

// reference finds secrets the slow and obvious way.
func reference(values []string, text string) map[int]bool {
	found := map[int]bool{}
	for _, reading := range []string{text, undoEscapes(text), undoEscapes(undoEscapes(text))} {
		for i, value := range values {
			for _, form := range forms(value) {
				if strings.Contains(asciiLower(reading), asciiLower(form.text)) {
					found[i] = true
				}
			}
		}
	}
	return found
}

func asciiLower(s string) string {
	b := []byte(s)
	for i := range b {
		b[i] = fold(b[i])
	}
	return string(b)
}

// undoEscapes is unescaper, on a whole text.
func undoEscapes(s string) string {
	isHex := func(s string) bool { return strings.Trim(s, "0123456789abcdefABCDEF") == "" }
	var out []byte
	for i := 0; i < len(s); {
		digits, start := 0, 0
		switch rest := s[i:]; {
		case rest[0] == '%':
			digits, start = 2, 1
		case strings.HasPrefix(rest, `\x`):
			digits, start = 2, 2
		case strings.HasPrefix(rest, `\u`):
			digits, start = 4, 2
		case rest[0] == '\\' && len(rest) > 1:
			char := rest[1]
			if strings.IndexByte("nrtbf", char) >= 0 {
				char = '\n'
			}
			out = append(out, char)
			i += 2
			continue
		}
		if digits > 0 && len(s) >= i+start+digits && isHex(s[i+start:i+start+digits]) {
			var value int
			fmt.Sscanf(s[i+start:i+start+digits], "%x", &value)
			out = append(out, byte(min(value, beyondASCII)))
			i += start + digits
			continue
		}
		if digits > 0 { // what only began like an escape stays, as far as it went
			n := start
			for n < start+digits && i+n < len(s) && isHex(s[i+n:i+n+1]) {
				n++
			}
			n = min(n, len(s)-i)
			if i+n == len(s) { // may yet go on: nothing of it is read
				break
			}
			out = append(out, s[i:i+n]...)
			i += n
			continue
		}
		if s[i] == '\\' { // the very end
			break
		}
		out = append(out, s[i])
		i++
	}
	return string(out)
}

func FuzzLeakScanner(f *testing.F) {
	f.Add("secret-value", "cret-v", "a secret-value b", uint16(3), uint16(7))
	f.Add("aaaaaa", "aaaaaaab", "aaaaaaaaaaab", uint16(1), uint16(2))
	f.Add(sample, "u0-and-more", percent(sample)+`\u0063k_live`, uint16(30), uint16(31))
	f.Add("abcdef", "%61%62", base64.StdEncoding.EncodeToString([]byte("xabcdefx")), uint16(4), uint16(5))
	f.Add("secret-value", "eulav-", `%2573ecret-value \\u0073ecret-value`, uint16(4), uint16(6))
	f.Add("secret-value", "'se', 'cr'", "['secret', '-value'] 'se', 'cr' '', ''", uint16(9), uint16(2))
	f.Add("%41%42", `\u0041`, `%2541%2542\\u0041 %%%41`, uint16(2), uint16(9))
	f.Fuzz(func(t *testing.T, one, two, text string, cut, again uint16) {
		v := NewVault()
		if v.Set("ONE", one) != nil || v.Set("TWO", two) != nil {
			t.Skip()
		}
		w := v.Scanner()
		first := int(cut) % (len(text) + 1)
		second := first + int(again)%(len(text)-first+1)
		got := map[int]bool{}
		for i, chunk := range []string{text[:first], text[first:second], text[second:]} {
			for _, sighting := range w.Scan(Place{Console, int64(i)}, []byte(chunk)) {
				got[slices.Index(w.names, sighting.Secret)] = true
			}
		}
		want := reference([]string{one, two}, text)
		plain := !strings.ContainsAny(text, "\"'`") && !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
		for i := range 2 {
			if want[i] && !got[i] || got[i] && !want[i] && plain {
				t.Errorf("secret %d: seen %v, want %v; secrets %q %q, text %q cut at %d and %d", i, got[i], want[i], one, two, text, first, second)
			}
		}
	})
}

func FuzzLeakScannerJSON(f *testing.F) {
	f.Add(`["sec","ret-value"]`)
	f.Add(`{"a\"":"b\\","c":`)
	f.Add(`"\`)
	f.Fuzz(func(t *testing.T, value string) {
		w := watchOf(t, "secret-value")
		w.ScanJSON(Place{Answered, 1}, []byte(value)) // any bytes at all
		var texts []string
		var parsed []string
		if json.Unmarshal([]byte(value), &parsed) != nil || !utf8.ValidString(value) {
			return
		}
		eachText([]byte(value), func(_ int, text []byte) {
			texts = append(texts, string(text))
		})
		empty := func(s string) bool { return s == "" } // null, in parsed
		if !slices.Equal(slices.DeleteFunc(slices.Clone(parsed), empty), slices.DeleteFunc(texts, empty)) {
			t.Errorf("texts of %q: %q, want %q", value, texts, parsed)
		}
	})
}

func BenchmarkLeakScanner(b *testing.B) {
	v := NewVault()
	for i := range 5 {
		_ = v.Set(fmt.Sprintf("S%d", i), NewSecret("sk_"))
	}
	text := []byte(strings.Repeat(`{"id":1,"name":"Alice","active":true},`, 100))
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			newLeakScanner(v.secrets)
		}
	})
	quoted := []byte(strings.Repeat(`{"id":1,"name":"Zoë","note":"it's \"so\""},`, 100))
	b.Run("quoted", func(b *testing.B) {
		b.SetBytes(int64(len(quoted)))
		for b.Loop() {
			v.Scanner().ScanJSON(Place{Answered, 1}, quoted)
		}
	})
	many := NewVault()
	for i := range 16 {
		_ = many.Set(fmt.Sprintf("S%d", i), NewSecret("sk_"))
	}
	code := strings.Repeat("const total = items.reduce((sum, item) => sum + item.price, 0); // \"total\" of s\n", 1<<20/80+1)[:1<<20]
	for name, text := range map[string]string{
		"1 MB of one line": strings.Repeat("sk_", 1<<20/3), "1 MB of lines": code, "1 MB of quotes": strings.Repeat(`'s','k', `, 1<<20/9),
		"1 MB of escapes": strings.Repeat(`%73\x6b`, 1<<20/7),
	} {
		b.Run("console, "+name, func(b *testing.B) {
			b.SetBytes(1 << 20)
			for b.Loop() {
				many.Scanner().Scan(Place{Console, 1}, []byte(text))
			}
		})
	}
	b.Run("argument, 1 MB", func(b *testing.B) {
		quoted, _ := json.Marshal([]string{code[:1<<19], code[1<<19:]})
		b.SetBytes(1 << 20)
		for b.Loop() {
			many.Scanner().scanCall(Place{Argument, 1}, "kv.set", quoted)
		}
	})
	b.Run("scan", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			v.Scanner().ScanJSON(Place{Answered, 1}, text)
		}
	})
}
