//go:build windows || darwin

package confine

// try is one thing that native code would do. Should it work, it harms nothing, and
// what it made is gone again.
type try struct {
	name string
	do   func() error
	by   []string // the walls that each refuse it
}

// probe tries everything and reports the system's answers.
func probe(Target) []Attempt {
	var attempts []Attempt
	for _, t := range tries() {
		err := t.do()
		a := Attempt{Name: t.name, Held: refused(err), Detail: "it worked", By: t.by}
		if err != nil {
			a.Detail = err.Error()
		}
		attempts = append(attempts, a)
	}
	return attempts
}
