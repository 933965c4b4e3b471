package ui

import (
	"encoding/json"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/ui/theme"
)

// session keeps what a person would hate to lose: the text, the limits, the
// recent files, the look of the window. It survives crashes, because text is
// kept a moment after each edit; and nothing of it is ever run.
type session struct {
	preferences fyne.Preferences
	limits      engine.Limits

	mutex sync.Mutex
	timer *time.Timer
}

// keepAfter is how long after an edit the text is kept.
const keepAfter = 800 * time.Millisecond

const (
	keyText, keyLimits, keyRecent                    = "text", "limits", "recent"
	keyMode, keyScale, keyColumns, keyRight, keyLeft = "mode", "scale", "columns", "right", "left"
)

const mostRecent = 8

func newSession(preferences fyne.Preferences) *session {
	s := &session{preferences: preferences}
	if err := json.Unmarshal([]byte(preferences.String(keyLimits)), &s.limits); err != nil {
		s.limits = engine.Limits{}
	}
	return s
}

func (s *session) text() (string, bool) {
	text := s.preferences.String(keyText)
	return text, text != ""
}

func (s *session) keep(text string, limits engine.Limits) {
	s.preferences.SetString(keyText, text)
	if data, err := json.Marshal(limits); err == nil {
		s.preferences.SetString(keyLimits, string(data))
	}
}

// later keeps the text once the person pauses. It is called on the window's
// thread, and so is text.
func (s *session) later(text func() string, limits engine.Limits) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.timer = time.AfterFunc(keepAfter, func() { fyne.Do(func() { s.keep(text(), limits) }) })
}

func (s *session) close() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
}

func (s *session) recent() []string { return s.preferences.StringList(keyRecent) }

func (s *session) remember(path string) {
	list := []string{path}
	for _, p := range s.recent() {
		if p != path && len(list) < mostRecent {
			list = append(list, p)
		}
	}
	s.preferences.SetStringList(keyRecent, list)
}

func (s *session) keepLayout(w *window) {
	s.preferences.SetString(keyMode, string(w.mode))
	s.preferences.SetFloat(keyScale, float64(w.scale))
	s.preferences.SetFloat(keyColumns, w.columns.Offset)
	s.preferences.SetFloat(keyRight, w.right.Offset)
	s.preferences.SetFloat(keyLeft, w.left.Offset)
}

func (s *session) restore(w *window) {
	w.columns.SetOffset(s.preferences.FloatWithFallback(keyColumns, w.columns.Offset))
	w.right.SetOffset(s.preferences.FloatWithFallback(keyRight, w.right.Offset))
	w.left.SetOffset(s.preferences.FloatWithFallback(keyLeft, w.left.Offset))
	w.setAppearance(theme.Mode(s.preferences.StringWithFallback(keyMode, string(theme.FollowSystem))),
		float32(s.preferences.FloatWithFallback(keyScale, 1)))
}
