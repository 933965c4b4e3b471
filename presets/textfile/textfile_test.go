package textfile

import (
	"errors"
	"testing"
)

const guest = "const größe = 'é';\r\ngröße.length // 1"

func TestDecode(t *testing.T) {
	utf16 := func(big bool) string {
		var out []byte
		for _, c := range guest {
			if big {
				out = append(out, byte(c>>8), byte(c))
			} else {
				out = append(out, byte(c), byte(c>>8))
			}
		}
		return string(out)
	}
	var latin []byte
	for _, c := range guest {
		latin = append(latin, byte(c))
	}
	for _, c := range []struct {
		name, file, format, text string
	}{
		{"UTF-8", guest, "UTF-8", guest},
		{"empty", "", "UTF-8", ""},
		{"UTF-8 with a mark", "\xef\xbb\xbf" + guest, "UTF-8", guest},
		{"#! behind a mark", "\xef\xbb\xbf#!/usr/bin/env node\n1", "UTF-8", "#!/usr/bin/env node\n1"},
		{"Notepad's Unicode", "\xff\xfe" + utf16(false), "UTF-16 (little-endian)", guest},
		{"big-endian", "\xfe\xff" + utf16(true), "UTF-16 (big-endian)", guest},
		{"little-endian without a mark", utf16(false), "UTF-16 (little-endian)", guest},
		{"big-endian without a mark", utf16(true), "UTF-16 (big-endian)", guest},
		{"Latin-1", string(latin), "Windows-1252 (Latin-1)", guest},
		{"Windows quotes", "'\x93x\x94'", "Windows-1252 (Latin-1)", "'“x”'"},
		{"a NUL in UTF-8", "'a\x00b'", "UTF-8", "'a\x00b'"},
	} {
		text, format, err := Decode([]byte(c.file))
		if err != nil || text != c.text || format.String() != c.format {
			t.Errorf("%s: %q, %v, %v", c.name, text, format, err)
		}
		back, err := format.Encode(text)
		if err != nil || string(back) != c.file {
			t.Errorf("%s: written back as %q, %v", c.name, back, err)
		}
	}
	for _, binary := range []string{"\x7fELF\x02\x01\x01\x00\x00\xff", "\x89PNG\r\n\x1a\n\x00\x00\xff"} {
		if _, _, err := Decode([]byte(binary)); !errors.Is(err, ErrBinary) {
			t.Errorf("%q: %v", binary, err)
		}
	}
	if _, err := (Format{kind: windows1252}).Encode("→"); err == nil {
		t.Error("an arrow was written in Windows-1252")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, format, err := Decode(data)
		if err != nil {
			return
		}
		if _, err := format.Encode(text); err != nil && format.kind != windows1252 {
			t.Errorf("%q: %v", data, err)
		}
	})
}
