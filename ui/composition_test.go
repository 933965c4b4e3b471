package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestWindowOnlyComposes: what a part of the window does is the part's, so that
// window stays small enough to be read in one go.
func TestWindowOnlyComposes(t *testing.T) {
	const maxMethods, maxFields = 25, 15
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var methods []string
	fields := 0
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv != nil && named(n.Recv.List[0].Type) == "window" {
					methods = append(methods, n.Name.Name)
				}
			case *ast.TypeSpec:
				if body, ok := n.Type.(*ast.StructType); ok && n.Name.Name == "window" {
					for _, field := range body.Fields.List {
						fields += max(1, len(field.Names))
					}
				}
			}
			return true
		})
	}
	if fields == 0 || fields > maxFields {
		t.Errorf("window has %d fields, more than %d: give what belongs together a type of its own", fields, maxFields)
	}
	if len(methods) == 0 || len(methods) > maxMethods {
		t.Errorf("window has %d methods, more than %d: %s", len(methods), maxMethods, strings.Join(methods, ", "))
	}
}

// named is the name of a type, or of what a pointer points to.
func named(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if name, ok := e.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}
