package editor_test

import (
	"fmt"

	"fyne.io/fyne/v2/test"

	"sealedroom/ui/editor"
)

func Example() {
	test.NewApp() // an application has its own
	e := editor.New()
	e.Immediate = true
	e.OnDiagnostics = func(found []editor.Diagnostic) {
		for _, d := range found {
			fmt.Printf("%d:%d: %s\n", d.Line, d.Col, d.Message)
		}
	}
	e.SetText("const rows = await db.query('SELECT 1');\nwhile (true {}\n")
	e.SetMarks([]editor.Mark{{Line: 1, Kind: editor.MarkTeller, Note: "1 row"}})
	// Output: 2:13: Expected ")" but found "{"
}

// The editor's commands make a menu of an application.
func ExampleEditor_Commands() {
	test.NewApp()
	for _, c := range editor.New().Commands()[:3] {
		fmt.Println(c.Group, "›", c.Name)
	}
	// Output:
	// Edit › Undo
	// Edit › Redo
	// Edit › Cut
}
