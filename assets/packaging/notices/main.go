// Notices prints the licenses of everything that a program of ours was linked
// from: the Go modules that it names, Go itself, and what V8's archive holds.
package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

const usage = "usage: notices PROGRAM V8-LICENSES"

// Files in which a module states its license, or that of what it has copied.
var statement = regexp.MustCompile(`(?i)^(licen[sc]e|copying|copyright|notice|unlicense|patents)`)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal(usage)
	}
	if err := write(os.Stdout, os.Args[1], os.Args[2]); err != nil {
		log.Fatal("notices: ", err)
	}
}

func write(w io.Writer, program, v8 string) error {
	build, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	folders, err := moduleFolders()
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "Sealed Room is linked from these works, each under its own license.")
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	if err := section(w, "Go "+strings.TrimPrefix(build.GoVersion, "go"), strings.TrimSpace(string(root))); err != nil {
		return err
	}
	for _, module := range build.Deps {
		used := module
		if module.Replace != nil {
			used = module.Replace
		}
		folder, ok := folders[module.Path]
		if !ok {
			return fmt.Errorf("%s is in %s, and not among this checkout's modules: build it again", module.Path, program)
		}
		if err := section(w, used.Path+" "+used.Version, folder); err != nil {
			return err
		}
	}
	if err := section(w, "Symbols, from DejaVu Sans 2.37", "assets/font"); err != nil {
		return err
	}
	text, err := os.ReadFile(v8)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s", text)
	return err
}

// moduleFolders says where each module's source is.
func moduleFolders() (map[string]string, error) {
	list, err := exec.Command("go", "list", "-m", "-json", "all").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w", err)
	}
	folders := map[string]string{}
	for in := json.NewDecoder(bytes.NewReader(list)); ; {
		var module struct{ Path, Dir string }
		if err := in.Decode(&module); errors.Is(err, io.EOF) {
			return folders, nil
		} else if err != nil {
			return nil, err
		}
		if module.Dir != "" {
			folders[module.Path] = module.Dir
		}
	}
}

// section prints every statement in the folder and in the folders below it, each
// text once. A license that is missing is an error.
func section(w io.Writer, title, folder string) error {
	bar := strings.Repeat("=", 78)
	fmt.Fprintf(w, "\n%s\n%s\n%s\n\n", bar, title, bar)
	printed := map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (name == "testdata" || path != folder && strings.HasPrefix(name, ".")):
			return fs.SkipDir
		case entry.IsDir() || !statement.MatchString(name) || strings.HasSuffix(name, ".go"):
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text := strings.TrimRight(string(content), "\n")
		if !printed[text] {
			printed[text] = true
			fmt.Fprintf(w, "%s\n", text)
		}
		return nil
	})
	if err == nil && len(printed) == 0 {
		err = fmt.Errorf("%s states no license in %s", title, folder)
	}
	return err
}
