package inspector

import (
	"fmt"

	"sealedroom/engine"
)

// languages names the languages that a guest may be written in, other than
// JavaScript, as they are written.
var languages = map[string]string{"typescript": "TypeScript"}

// Language says in a sentence that the guest was translated before it ran; "" of
// JavaScript.
func (s *State) Language() string {
	t := s.Translated
	if t == nil {
		return ""
	}
	name, known := languages[t.Language]
	if !known {
		name = "another language"
	}
	return fmt.Sprintf("The guest is written in %s. It was translated to JavaScript inside the room in %s; every line given here is a line of your own text.",
		name, engine.FormatTime(t.Took))
}
