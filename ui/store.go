package ui

import (
	"encoding/json"
	"errors"
	"log"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/presets"
	"sealedroom/ui/theme"
)

// store keeps what a person would hate to lose: the text, the limits, the
// recent files, the look of the window. It survives crashes, because text is
// kept a moment after each edit; and nothing of it is ever run.
type store struct {
	preferences fyne.Preferences
	folder      string // of the texts; "" keeps none
	onMain      func(func())
	limits      engine.Limits
	grants      map[string]bridge.Grant
	askFirst    map[string]bool

	timer   *time.Timer
	unkept  time.Time // when the first edit was made that is not kept yet; zero: all are
	writing sync.WaitGroup
	reading sync.WaitGroup // of folders
	mutex   sync.Mutex
	written map[string]uint64 // per file, the newest text that was written
	number  uint64
}

// keptText is a text, and the file or the scenario it belongs to.
type keptText struct {
	Path     string `json:"path,omitempty"`
	Scenario string `json:"scenario,omitempty"` // its key
	Text     string `json:"text"`
}

// Text is kept once a person pauses for keepAfter, and while they go on typing
// keepWithin after the first edit that is not kept yet.
const (
	keepAfter  = 400 * time.Millisecond
	keepWithin = 900 * time.Millisecond
)

const (
	keyLimits, keyGrants, keyRecent = "limits", "grants", "recent"
	keyAskFirst                     = "ask first"
	keyMode, keyScale, keyLarge     = "mode", "scale", "presenter-scale"
	keyLesson, keyLimitsShown       = "lesson", "limits-shown"
	keyUnwrapped                    = "unwrapped"
	keyWidth, keyHeight, keyFull    = "width", "height", "full-screen"
	keyFolder                       = "folder" // of one's own scenarios
)

const textFile, stashFile, progressFile = "text.json", "unsaved.json", "progress.json"

const mostRecent = 8

func newStore(preferences fyne.Preferences, folder string, onMain func(func())) *store {
	s := &store{preferences: preferences, folder: folder, onMain: onMain, written: map[string]uint64{}}
	if err := json.Unmarshal([]byte(preferences.String(keyLimits)), &s.limits); err != nil {
		s.limits = engine.Limits{}
	}
	s.grants = readByCapability[bridge.Grant](preferences, keyGrants)
	s.askFirst = readByCapability[bool](preferences, keyAskFirst)
	return s
}

// readByCapability reads a setting that has a value for each capability. What
// this version does not know, another one's say, is left out: a run would refuse
// it.
func readByCapability[T any](preferences fyne.Preferences, key string) map[string]T {
	text := preferences.String(key)
	if text == "" {
		return nil
	}
	var saved map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &saved); err != nil {
		log.Printf("settings: %q is not readable and is left out: %.200q", key, err)
		return nil
	}
	values := map[string]T{}
	for name, data := range saved {
		var value T
		err := json.Unmarshal(data, &value)
		if !slices.ContainsFunc(engine.Capabilities(), func(kind bridge.Kind) bool { return kind.Name == name }) {
			err = errors.New("unknown capability")
		}
		if err != nil {
			log.Printf("settings: %q of %.80q is left out: %.200q", key, name, err)
			continue
		}
		values[name] = value
	}
	return values
}

// text is what the editor held last.
func (s *store) text() (keptText, bool) { return readKept[keptText](s, textFile) }

func readKept[T any](s *store, name string) (kept T, ok bool) {
	if s.folder == "" {
		return kept, false
	}
	path := filepath.Join(s.folder, name)
	// Whatever stands there must not hold up the window's start.
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxKept {
		return kept, false
	}
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &kept) != nil {
		return *new(T), false
	}
	return kept, true
}

// maxKept is the size of a kept file, in bytes, from which on it is none of ours:
// that of a guest of the largest size with every character escaped.
const maxKept = 6*engine.MaxSource + 1<<20

// write replaces what is kept in the background, so that a long text holds up
// nobody. Of several the newest wins. What is kept must not be changed later.
func (s *store) write(name string, kept any) {
	if s.folder == "" {
		return
	}
	s.number++
	number := s.number
	s.writing.Go(func() {
		data, err := json.Marshal(kept)
		if err != nil {
			return
		}
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if s.written[name] > number || os.MkdirAll(s.folder, 0o700) != nil {
			return
		}
		if writeFile(filepath.Join(s.folder, name), string(data)) == nil {
			s.written[name] = number
		}
	})
}

func (s *store) keep(kept keptText) { s.write(textFile, kept) }

// progress is how far the person has come with each scenario, by its key.
func (s *store) progress() map[string]presets.Progress {
	kept, _ := readKept[map[string]presets.Progress](s, progressFile)
	return kept
}

func (s *store) keepProgress(progress map[string]presets.Progress) { s.write(progressFile, progress) }

// keepLimits keeps the panel's settings; secrets that were typed are not.
func (s *store) keepLimits(limits engine.Limits, grants map[string]bridge.Grant) {
	s.keepValue(keyLimits, limits)
	s.keepValue(keyGrants, grants)
}

func (s *store) keepAskFirst(askFirst map[string]bool) { s.keepValue(keyAskFirst, askFirst) }

func (s *store) keepValue(key string, value any) {
	if data, err := json.Marshal(value); err == nil && string(data) != s.preferences.String(key) {
		s.preferences.SetString(key, string(data))
	}
}

// stash keeps a text that leaves the editor without having been saved.
func (s *store) stash(kept keptText) { s.write(stashFile, kept) }

func (s *store) stashed() (keptText, bool) {
	s.writing.Wait()
	return readKept[keptText](s, stashFile)
}

// later calls keep once the person pauses, and soon enough where they do not.
func (s *store) later(keep func()) {
	if s.timer != nil {
		s.timer.Stop()
	}
	if s.folder == "" {
		return
	}
	now := time.Now()
	if s.unkept.IsZero() {
		s.unkept = now
	}
	s.timer = time.AfterFunc(keepDelay(now.Sub(s.unkept)), func() {
		s.onMain(func() {
			s.unkept = time.Time{}
			keep()
		})
	})
}

// keepDelay returns how long after an edit the text is kept, when the first edit
// that is not kept yet was made waited ago.
func keepDelay(waited time.Duration) time.Duration {
	return max(0, min(keepAfter, keepWithin-waited))
}

// close ends what is under way; everything that was kept is on disk then.
func (s *store) close() {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.reading.Wait()
	s.writing.Wait()
}

func (s *store) recent() []string { return s.preferences.StringList(keyRecent) }

func (s *store) remember(path string) {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	list := []string{path}
	for _, p := range s.recent() {
		if p != path && len(list) < mostRecent {
			list = append(list, p)
		}
	}
	s.preferences.SetStringList(keyRecent, list)
}

// splits are the window's dividers, by the names they are kept under.
func (w *window) splits() map[string]*container.Split {
	return map[string]*container.Split{
		"columns": w.columns, "right": w.right, "left": w.left, "reading": w.reading, "beside": w.beside, "both": w.both,
		"halves": w.halves, "stacked": w.stacked, "present": w.present, "paired": w.paired, "room": w.inspector.Split, "room wide": w.inspector.Wide,
	}
}

// keepLayout keeps how the window is arranged.
func (s *store) keepLayout(w *window) {
	s.preferences.SetString(keyMode, string(w.mode))
	s.preferences.SetFloat(keyScale, float64(w.scale))
	s.preferences.SetFloat(keyLarge, float64(w.large))
	for name, split := range w.splits() {
		s.preferences.SetFloat(name, split.Offset)
	}
	s.preferences.SetBool(keyLesson, w.lessonOpen)
	s.preferences.SetBool(keyLimitsShown, w.limitsBeside)
	s.preferences.SetBool(keyUnwrapped, w.unwrapped)
}

func (s *store) restore(w *window) {
	for name, split := range w.splits() {
		split.SetOffset(s.preferences.FloatWithFallback(name, split.Offset))
	}
	w.lessonOpen = s.preferences.BoolWithFallback(keyLesson, true)
	w.limitsBeside = s.preferences.Bool(keyLimitsShown)
	w.large = float32(s.preferences.FloatWithFallback(keyLarge, presenterScale))
	w.unwrapped = s.preferences.Bool(keyUnwrapped)
	w.editor.SetWrap(!w.unwrapped)
	w.setAppearance(theme.Mode(s.preferences.StringWithFallback(keyMode, string(theme.FollowSystem))),
		float32(s.preferences.FloatWithFallback(keyScale, 1)))
}

// keepFrame keeps how large the window is, and whether it fills the screen.
func (s *store) keepFrame(window fyne.Window) {
	s.preferences.SetBool(keyFull, window.FullScreen())
	if !window.FullScreen() {
		size := window.Canvas().Size()
		s.preferences.SetFloat(keyWidth, float64(size.Width))
		s.preferences.SetFloat(keyHeight, float64(size.Height))
	}
}

// Sizes that a window may be given at the start.
var minSize, usualSize, maxSize = fyne.NewSize(640, 420), fyne.NewSize(1360, 800), fyne.NewSize(7680, 4320)

// size is how large the window was when it was closed.
func (s *store) size() fyne.Size {
	size := fyne.NewSize(float32(s.preferences.Float(keyWidth)), float32(s.preferences.Float(keyHeight)))
	if !(size.Width >= minSize.Width && size.Width <= maxSize.Width && size.Height >= minSize.Height && size.Height <= maxSize.Height) {
		return usualSize
	}
	return size
}
