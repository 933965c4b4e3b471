package library

import (
	"os"
	"path/filepath"
	"strings"

	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/picker"
)

// shelf is every scenario at hand: those that the app brings along, and those
// of a folder of one's own.
type shelf struct {
	folder   string // "" for none
	own      []*presets.Scenario
	problems []string // of files that could not be loaded
}

// readShelf loads a folder's scenarios. It can take a moment.
func readShelf(folder string) shelf {
	s := shelf{folder: folder}
	if folder == "" {
		return s
	}
	var err error
	s.own, err = presets.Open(folder)
	for _, err := range presets.Apart(err) {
		within := strings.TrimPrefix(err.Error(), filepath.Clean(folder)+string(filepath.Separator))
		s.problems = append(s.problems, inspector.Line(within))
	}
	return s
}

// find returns the scenario of this key; nil where there is none.
func (s *shelf) find(key string) *presets.Scenario {
	for _, one := range s.own {
		if one.Key() == key {
			return one
		}
	}
	if one, err := presets.Find(key); err == nil {
		return one
	}
	if filepath.IsAbs(key) {
		if one, err := presets.Load(key); err == nil {
			return one
		}
	}
	return nil
}

// named returns the scenario that a link means: one's own before the app's.
func (s *shelf) named(name string) *presets.Scenario {
	for _, one := range s.own {
		if one.Name == name {
			return one
		}
	}
	return s.find(name)
}

// sections are the parts of the picker's list.
func (s *shelf) sections(standing func(*presets.Scenario) picker.Standing) []picker.Section {
	list := func(title string, all []*presets.Scenario) picker.Section {
		section := picker.Section{Title: title}
		for _, one := range all {
			section.Entries = append(section.Entries, picker.Entry{Scenario: one, Standing: standing(one)})
		}
		return section
	}
	out := []picker.Section{list("Lessons", presets.Lessons(presets.BuiltIn()))}
	for _, group := range presets.Groups {
		out = append(out, list(group, inGroup(group)))
	}
	if s.folder == "" {
		return out
	}
	own := s.ownSections(list)
	own[0].Problems = s.problems
	return append(own, out...)
}

// ownSections are one's own scenarios in the order of their files, under a heading
// for each of their groups.
func (s *shelf) ownSections(list func(string, []*presets.Scenario) picker.Section) []picker.Section {
	title := "Yours, in " + inspector.Line(homely(s.folder))
	var groups []string
	in := map[string][]*presets.Scenario{}
	for _, one := range s.own {
		if in[one.Group] == nil {
			groups = append(groups, one.Group)
		}
		in[one.Group] = append(in[one.Group], one)
	}
	if len(groups) < 2 {
		return []picker.Section{list(title, s.own)}
	}
	var out []picker.Section
	for _, group := range groups {
		name := title
		if group != "" {
			name += " · " + group
		}
		out = append(out, list(name, in[group]))
	}
	return out
}

// inGroup are the group's scenarios other than the lessons.
func inGroup(group string) []*presets.Scenario {
	var out []*presets.Scenario
	for _, one := range presets.BuiltIn() {
		if one.Lesson == 0 && one.Group == group {
			out = append(out, one)
		}
	}
	return out
}

// row is the row that a scenario stands in, for next and back: the lessons,
// those of its group, or one's own.
func (s *shelf) row(one *presets.Scenario) (name string, row []*presets.Scenario) {
	switch {
	case one.Path != "":
		return "Yours", s.own
	case one.Lesson > 0:
		return "Lessons", presets.Lessons(presets.BuiltIn())
	}
	return one.Group, inGroup(one.Group)
}

// homely writes a path below the home folder as people do.
func homely(path string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	if inside, err := filepath.Rel(home, path); err == nil && filepath.IsLocal(inside) {
		return filepath.Join("~", inside)
	}
	return path
}
