package presets

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed lessons/*.md catalog
var embedded embed.FS

var scenarioName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,79}$`)

// BuiltIn returns the scenarios that the app brings along: the lessons in
// order, then the catalogue by group, level and title.
func BuiltIn() []*Scenario { return slices.Clone(builtIn()) }

var builtIn = sync.OnceValue(func() []*Scenario {
	var all []*Scenario
	err := fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := embedded.ReadFile(name)
		if err != nil {
			return err
		}
		s, err := Parse(name, data)
		all = append(all, s)
		return err
	})
	if err != nil {
		panic(err) // the tests load them all
	}
	sortScenarios(all)
	return all
})

func sortScenarios(all []*Scenario) {
	slices.SortStableFunc(all, func(a, b *Scenario) int {
		last := func(s *Scenario) int { return cmp.Or(s.Lesson, 1<<30) }
		return cmp.Or(
			cmp.Compare(last(a), last(b)),
			cmp.Compare(slices.Index(Groups, a.Group), slices.Index(Groups, b.Group)),
			cmp.Compare(a.Level, b.Level),
			cmp.Compare(a.Title, b.Title),
		)
	})
}

// Lessons are those of the scenarios that are in the lesson path, in order.
func Lessons(all []*Scenario) []*Scenario {
	var lessons []*Scenario
	for _, s := range all {
		if s.Lesson > 0 {
			lessons = append(lessons, s)
		}
	}
	slices.SortStableFunc(lessons, func(a, b *Scenario) int { return cmp.Compare(a.Lesson, b.Lesson) })
	return lessons
}

// Find returns the built-in scenario of this name.
func Find(name string) (*Scenario, error) {
	for _, s := range BuiltIn() {
		if s.Name == name {
			return s, nil
		}
	}
	near := ""
	for _, s := range BuiltIn() {
		if strings.Contains(s.Name, strings.ToLower(name)) || strings.Contains(strings.ToLower(name), s.Name) {
			near = fmt.Sprintf(" (is it %s?)", s.Name)
			break
		}
	}
	return nil, fmt.Errorf("there is no scenario %q%s: give a name, a .md file or a folder", clip(name), near)
}

// How much of a folder is read.
const (
	maxFiles  = 500
	maxFolder = 4 // folders below it
)

// Open reads a folder's scenarios, also those in folders below it; README.md
// is none. They keep the order of their files' names. The error joins what is
// wrong with the files that are refused. Links are not followed.
func Open(dir string) ([]*Scenario, error) {
	var all []*Scenario
	var errs []error
	leads := map[*Scenario][]lead{}
	files := 0
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && strings.Count(filepath.ToSlash(inside), "/") >= maxFolder,
			entry.IsDir() && name != dir && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir() || !IsFile(name) || strings.EqualFold(entry.Name(), "README.md"):
			return nil
		case files == maxFiles:
			errs = append(errs, &Error{Name: dir, Text: fmt.Sprintf("holds more than %d files: the rest is left out", maxFiles)})
			return fs.SkipAll
		}
		files++
		data, err := readFile(name)
		if err != nil {
			errs = append(errs, err)
			return nil
		}
		s, to, err := parseFile(name, data)
		if err != nil {
			errs = append(errs, err)
			return nil
		}
		s.Path = absolute(name)
		all = append(all, s)
		leads[s] = to
		return nil
	})
	if err != nil {
		errs = append(errs, fmt.Errorf("%s: %w", dir, err))
	}
	for _, s := range all {
		s.resolve(leads[s], func(name string) bool {
			_, err := Find(name)
			return err == nil || slices.ContainsFunc(all, func(other *Scenario) bool { return other.Name == name })
		})
	}
	warnOfTwins(all)
	return all, errors.Join(Apart(errors.Join(errs...))...) // in the order of their names
}

// Choose returns the scenarios that these names mean: names of built-in ones,
// files and folders. No names mean all built-in ones. The error joins what is
// wrong with names and files that are not among them.
func Choose(names ...string) ([]*Scenario, error) {
	if len(names) == 0 {
		return BuiltIn(), nil
	}
	var chosen []*Scenario
	var errs []error
	for _, name := range names {
		found, err := choose(name)
		chosen = append(chosen, found...)
		errs = append(errs, err)
	}
	return chosen, errors.Join(Apart(errors.Join(errs...))...)
}

func choose(name string) ([]*Scenario, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		found, err := Open(name)
		if err == nil && len(found) == 0 {
			err = &Error{Name: name, Text: "holds no scenarios: put .md files into it"}
		}
		return found, err
	}
	one, err := Find(name)
	if IsFile(name) || strings.ContainsAny(name, `/\`) {
		one, err = Load(name)
	}
	if err != nil {
		return nil, err
	}
	return []*Scenario{one}, nil
}
