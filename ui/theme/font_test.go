package theme

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"

	"sealedroom/assets"
)

// TestEveryCharacterHasAGlyph holds every character that the app or a lesson
// writes to the fonts it is shipped with: a machine may have no others.
func TestEveryCharacterHasAGlyph(t *testing.T) {
	var theme Theme
	chains := map[string][]fyne.Resource{}
	for name, style := range map[string]fyne.TextStyle{
		"plain": {}, "bold": {Bold: true}, "italic": {Italic: true}, "monospaced": {Monospace: true},
	} {
		chains[name] = []fyne.Resource{theme.Font(style), fynetheme.DefaultTheme().Font(style)}
	}
	chains["bold and italic"] = []fyne.Resource{theme.Font(fyne.TextStyle{Bold: true, Italic: true}), fynetheme.DefaultTextBoldItalicFont()}
	has := func(chain []fyne.Resource, r rune) bool {
		for _, resource := range chain {
			face, err := font.ParseTTF(bytes.NewReader(resource.Content()))
			if err != nil {
				t.Fatalf("%s: %v", resource.Name(), err)
			}
			if _, ok := face.NominalGlyph(r); ok {
				return true
			}
		}
		return false
	}
	characters := charactersIn(t, "../../ui", "../../inspector", "../../presets", "../../engine/advice")
	if len(characters) < 20 {
		t.Fatalf("only %d characters were found in the sources", len(characters))
	}
	for r, file := range characters {
		for name, chain := range chains {
			if !has(chain, r) {
				t.Errorf("%q (%U) in %s has no glyph in the %s fonts", r, r, file, name)
			}
		}
	}
	// A space is drawn in the font of the character before it.
	for _, space := range " \u00a0\u2009\u202f" {
		if symbols := []fyne.Resource{theme.Font(fyne.TextStyle{})}; !has(symbols, space) {
			t.Errorf("%U after a symbol has no glyph", space)
		}
	}
	if has(chains["plain"], '\uE000') {
		t.Error("a character for private use has a glyph: the test can't fail")
	}
}

// fullWidth is a form that a person pastes and a message quotes.
func fullWidth(r rune) bool { return r >= 0xFF00 && r <= 0xFFEF }

// charactersIn finds the visible characters beyond ASCII in the folders' Go
// strings and texts, with a file where each stands.
func charactersIn(t *testing.T, folders ...string) map[rune]string {
	found := map[rune]string{}
	add := func(text, file string) {
		for _, r := range text {
			if r > 127 && unicode.IsGraphic(r) && !unicode.IsMark(r) && !fullWidth(r) {
				found[r] = file
			}
		}
	}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go"):
				return err
			case strings.HasSuffix(path, ".md"):
				text, err := os.ReadFile(path)
				add(string(text), path)
				return err
			case !strings.HasSuffix(path, ".go"):
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(node ast.Node) bool {
				if literal, ok := node.(*ast.BasicLit); ok && (literal.Kind == token.STRING || literal.Kind == token.CHAR) {
					text, err := strconv.Unquote(literal.Value)
					if err != nil {
						t.Errorf("%s: %s: %v", path, literal.Value, err)
					}
					add(text, path)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// TestSymbolsKeepTheLine holds the symbols' font to the line height and the space
// of the letters' font: Fyne measures both in the theme's font.
func TestSymbolsKeepTheLine(t *testing.T) {
	metrics := func(resource fyne.Resource) (extents font.FontExtents, space float32) {
		face, err := font.ParseTTF(bytes.NewReader(resource.Content()))
		if err != nil {
			t.Fatal(err)
		}
		extents, ok := face.FontHExtents()
		glyph, found := face.NominalGlyph(' ')
		if !ok || !found {
			t.Fatalf("%s has no line or no space", resource.Name())
		}
		em := float32(face.Upem())
		return font.FontExtents{Ascender: extents.Ascender / em, Descender: extents.Descender / em, LineGap: extents.LineGap / em}, face.HorizontalAdvance(glyph) / em
	}
	ours, space := metrics(assets.Symbols)
	letters, width := metrics(fynetheme.DefaultTextFont())
	near := func(a, b float32) bool { return max(a-b, b-a) < 0.001 }
	if !near(ours.Ascender, letters.Ascender) || !near(ours.Descender, letters.Descender) || !near(ours.LineGap, letters.LineGap) || !near(space, width) {
		t.Errorf("line %v and space %.3f, the letters' %v and %.3f", ours, space, letters, width)
	}
}
