package document

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

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/ui/display"
	"sealedroom/ui/theme"
)

// Store keeps what a person would hate to lose: the text, the limits, the
// recent files, the look of the window. It survives crashes, because text is
// kept a moment after each edit; and nothing of it is ever run.
type Store struct {
	preferences fyne.Preferences
	folder      string // of the texts; "" keeps none
	onMain      func(func())
	room        session.Setup // limits and grants, as they were kept

	timer   *time.Timer
	unkept  time.Time // when the first edit was made that is not kept yet; zero: all are
	writing sync.WaitGroup
	reading sync.WaitGroup // of folders
	mutex   sync.Mutex
	written map[string]uint64 // per file, the newest text that was written
	number  uint64
}

// Kept is a text that is kept, and the file or the scenario it belongs to.
type Kept struct {
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
	keySampled                      = "sample time and memory"
	keyLanes                        = "timeline-lanes"
	keyWidth, keyHeight, keyFull    = "width", "height", "full-screen"
	keyPlace, keyDisplay            = "place", "display-scale"
	keyFolder                       = "folder" // of one's own scenarios
)

const textFile, stashFile, progressFile = "text.json", "unsaved.json", "progress.json"

const mostRecent = 8

// NewStore reads what was kept. onMain runs a function on the window's thread.
func NewStore(preferences fyne.Preferences, folder string, onMain func(func())) *Store {
	s := &Store{preferences: preferences, folder: folder, onMain: onMain, written: map[string]uint64{}}
	if err := json.Unmarshal([]byte(preferences.String(keyLimits)), &s.room.Limits); err != nil {
		s.room.Limits = engine.Limits{}
	}
	s.room.Grants = readByCapability[bridge.Grant](preferences, keyGrants)
	for name, asks := range readByCapability[bool](preferences, keyAskFirst) {
		if asks {
			s.room.AskFirst = append(s.room.AskFirst, name)
		}
	}
	slices.Sort(s.room.AskFirst)
	s.room.Profile = preferences.Bool(keySampled)
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

// Text returns what the editor held last, if that was kept.
func (s *Store) Text() (Kept, bool) { return readKept[Kept](s, textFile) }

func readKept[T any](s *Store, name string) (kept T, ok bool) {
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

// write replaces what is kept in the background, so that the window does
// not wait for a long text. Of several the newest wins. What is kept must not be changed later.
func (s *Store) write(name string, kept any) {
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
		if WriteFile(filepath.Join(s.folder, name), string(data)) == nil {
			s.written[name] = number
		}
	})
}

// Keep keeps what the editor holds.
func (s *Store) Keep(kept Kept) { s.write(textFile, kept) }

// Progress returns how far the person has come with each scenario, by its key.
func (s *Store) Progress() map[string]presets.Progress {
	kept, _ := readKept[map[string]presets.Progress](s, progressFile)
	return kept
}

// KeepProgress keeps how far the person has come with each scenario.
func (s *Store) KeepProgress(progress map[string]presets.Progress) { s.write(progressFile, progress) }

// Room returns the limits and grants that were kept, and which of them ask first.
func (s *Store) Room() session.Setup { return s.room }

// KeepRoom keeps limits and grants, which of them ask first, and whether runs are
// sampled; secrets are not kept.
func (s *Store) KeepRoom(setup session.Setup) {
	asks := map[string]bool{}
	for _, name := range setup.AskFirst {
		asks[name] = true
	}
	s.keepValue(keyLimits, setup.Limits)
	s.keepValue(keyGrants, setup.Grants)
	s.keepValue(keyAskFirst, asks)
	if setup.Profile != s.preferences.Bool(keySampled) {
		s.preferences.SetBool(keySampled, setup.Profile)
	}
}

func (s *Store) keepValue(key string, value any) {
	if data, err := json.Marshal(value); err == nil && string(data) != s.preferences.String(key) {
		s.preferences.SetString(key, string(data))
	}
}

// Stash keeps a text that leaves the editor without having been saved.
func (s *Store) Stash(kept Kept) { s.write(stashFile, kept) }

// Stashed returns the text that last left the editor without having been saved.
func (s *Store) Stashed() (Kept, bool) {
	s.writing.Wait()
	return readKept[Kept](s, stashFile)
}

// Later calls keep once the person pauses, and soon enough where they do not.
func (s *Store) Later(keep func()) {
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

// Close ends what is under way; everything that was kept is on disk then.
func (s *Store) Close() {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.reading.Wait()
	s.writing.Wait()
}

// Wait waits until everything that was kept is on disk, and what is being read is
// read.
func (s *Store) Wait() {
	s.reading.Wait()
	s.writing.Wait()
}

// Recent returns the paths of the files that were opened or saved last, the newest
// first.
func (s *Store) Recent() []string { return s.preferences.StringList(keyRecent) }

// Remember puts a file among the recent ones.
func (s *Store) Remember(path string) {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	list := []string{path}
	for _, p := range s.Recent() {
		if p != path && len(list) < mostRecent {
			list = append(list, p)
		}
	}
	s.preferences.SetStringList(keyRecent, list)
}

// Layout is how a window is arranged and looks.
type Layout struct {
	Mode         theme.Mode
	Scale, Large float32 // of the text, and of that while presenting
	Lesson       bool    // its pane is there
	Limits       bool    // are shown next to a lesson
	Lanes        bool    // the timeline has one for each kind of event
	Unwrapped    bool    // lines of the editor go on beyond its edge
	Splits       map[string]float64
}

// KeepLayout keeps how the window is arranged.
func (s *Store) KeepLayout(l Layout) {
	s.preferences.SetString(keyMode, string(l.Mode))
	s.preferences.SetFloat(keyScale, float64(l.Scale))
	s.preferences.SetFloat(keyLarge, float64(l.Large))
	for name, offset := range l.Splits {
		s.preferences.SetFloat(name, offset)
	}
	s.preferences.SetBool(keyLesson, l.Lesson)
	s.preferences.SetBool(keyLimitsShown, l.Limits)
	s.preferences.SetBool(keyLanes, l.Lanes)
	s.preferences.SetBool(keyUnwrapped, l.Unwrapped)
}

// Layout returns how the window was arranged. What was not kept is as in usual.
func (s *Store) Layout(usual Layout) Layout {
	l := Layout{
		Mode:      theme.Mode(s.preferences.StringWithFallback(keyMode, string(usual.Mode))),
		Scale:     float32(s.preferences.FloatWithFallback(keyScale, float64(usual.Scale))),
		Large:     float32(s.preferences.FloatWithFallback(keyLarge, float64(usual.Large))),
		Lesson:    s.preferences.BoolWithFallback(keyLesson, usual.Lesson),
		Limits:    s.preferences.Bool(keyLimitsShown),
		Lanes:     s.preferences.Bool(keyLanes),
		Unwrapped: s.preferences.Bool(keyUnwrapped),
		Splits:    map[string]float64{},
	}
	for name, offset := range usual.Splits {
		l.Splits[name] = s.preferences.FloatWithFallback(name, offset)
	}
	return l
}

// Folder returns the folder of one's own scenarios; "" for none.
func (s *Store) Folder() string { return s.preferences.String(keyFolder) }

// KeepFolder keeps the folder of one's own scenarios.
func (s *Store) KeepFolder(folder string) { s.preferences.SetString(keyFolder, folder) }

// Read calls read in the background, and what it returns on the window's thread.
// Close waits for it.
func (s *Store) Read(read func() (taken func())) {
	s.reading.Go(func() { s.onMain(read()) })
}

// KeepFrame keeps how large the window is, where it stands, and whether it fills
// the screen.
func (s *Store) KeepFrame(window fyne.Window) {
	s.preferences.SetBool(keyFull, window.FullScreen())
	if !window.FullScreen() {
		size := window.Canvas().Size()
		s.preferences.SetFloat(keyWidth, float64(size.Width))
		s.preferences.SetFloat(keyHeight, float64(size.Height))
		if place, known := display.PlaceOf(window); known {
			s.keepValue(keyPlace, place)
		}
	}
}

// Place returns where the window stood when it was closed.
func (s *Store) Place() (place display.Place, known bool) {
	err := json.Unmarshal([]byte(s.preferences.String(keyPlace)), &place)
	return place, err == nil
}

// DisplayScale returns the person's choice of display.Scales.
func (s *Store) DisplayScale() float32 {
	return float32(s.preferences.FloatWithFallback(keyDisplay, display.Automatic))
}

// KeepDisplayScale keeps that choice.
func (s *Store) KeepDisplayScale(scale float32) { s.preferences.SetFloat(keyDisplay, float64(scale)) }

// FullScreen reports whether the window filled the screen.
func (s *Store) FullScreen() bool { return s.preferences.Bool(keyFull) }

// Sizes that a window may be given at the start.
var minSize, usualSize, maxSize = fyne.NewSize(640, 420), fyne.NewSize(1360, 800), fyne.NewSize(7680, 4320)

// Size returns how large the window was when it was closed.
func (s *Store) Size() fyne.Size {
	size := fyne.NewSize(float32(s.preferences.Float(keyWidth)), float32(s.preferences.Float(keyHeight)))
	if !(size.Width >= minSize.Width && size.Width <= maxSize.Width && size.Height >= minSize.Height && size.Height <= maxSize.Height) {
		return usualSize
	}
	return size
}
