// Package invisible lists the characters that a reader does not see: they leave
// a text looking as it did, or put it into another order. The window, reports,
// warnings and the watch for secrets all use this one list.
package invisible

import "unicode"

// Is reports whether a character is invisible: format and bidirectional
// characters, joiners, variation selectors, fillers, and a few that are drawn as
// nothing. Control characters, line ends and spaces are not among them.
func Is(r rune) bool {
	switch {
	case r < 0xad, r > 0xad && r < 0x34f, r > 0x34f && r < 0x600, r > 0x3164 && r < 0xfe00: // most text
		return false
	case r == '\u2028', r == '\u2029', // separators of lines
		r == '\u2800',     // the empty Braille pattern
		r == '\U00016fe4', // a filler of Khitan
		r == '\U0001d159': // a note without a head
		return true
	}
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) ||
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}

// Belongs reports whether an invisible character is part of how its neighbours
// are written: in an emoji, or between two letters of a script that joins them.
// before and after are 0 at the ends of a text.
func Belongs(before, r, after rune) bool {
	switch r {
	case '\ufe0f', '\ufe0e':
		return Pictograph(before) || after == '\u20e3'
	case '\u200d':
		return (Pictograph(before) || before == '\ufe0f') && Pictograph(after) || joins(before) && joins(after)
	case '\u200c':
		return joins(before) && joins(after)
	}
	return false
}

// Pictograph reports whether a character can start or continue an emoji.
func Pictograph(r rune) bool { return r >= 0x2190 && r < 0x2c00 || r >= 0x1f000 && r < 0x1fb00 }

// joins holds for letters of the scripts that need joiners.
func joins(r rune) bool {
	return r >= 0x600 && unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam,
		unicode.Sinhala, unicode.Khmer, unicode.Myanmar) && !Is(r)
}
