package invisible

import (
	"testing"
	"unicode"
)

func TestIs(t *testing.T) {
	for _, span := range [][2]rune{
		{0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f},
		{0x2028, 0x202e}, {0x2060, 0x206f}, {0x2800, 0x2800}, {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},
		{0xffa0, 0xffa0}, {0xfff9, 0xfffb}, {0x1d159, 0x1d159}, {0x1d173, 0x1d17a}, {0xe0001, 0xe0001}, {0xe0020, 0xe007f}, {0xe0100, 0xe01ef},
	} {
		for r := span[0]; r <= span[1]; r++ {
			if !Is(r) {
				t.Errorf("U+%04X is not listed", r)
			}
		}
	}
	for _, r := range "aé \t\n\x00\u00a0\u0301\u0600中😀한\u3000�" {
		if Is(r) {
			t.Errorf("U+%04X is listed", r)
		}
	}
	// Nothing that Unicode says is to be ignored in drawing is left out.
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !Is(r) && unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Zl, unicode.Zp, unicode.Bidi_Control, unicode.Join_Control, unicode.Cf) &&
			!unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
			t.Errorf("U+%04X is not listed", r)
		}
	}
}

func TestBelongs(t *testing.T) {
	for text, want := range map[string]bool{
		"a\u200db": false, "☎\ufe0fx": true, "👩\u200d👧": true, "👩\u200dx": false, "x\u200d👩": false,
		"\u06cc\u200c\u062e": true, "\u0915\u200d\u0937": true, "\u06cc\u200cx": false, "a\ufe0fb": false, "1\ufe0f\u20e3": true,
		"👩\u200b👧": false, "\u06cc\u202e\u062e": false,
	} {
		runes := []rune(text)
		if got := Belongs(runes[0], runes[1], runes[2]); got != want {
			t.Errorf("%+q: %v", text, got)
		}
	}
	if Belongs(0, '\ufe0f', 0) || Belongs(0, '\u200d', 0) {
		t.Error("one by itself belongs to nothing")
	}
}
