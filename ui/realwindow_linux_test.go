package ui

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/ui/document"
)

func init() { script = playScript }

// profileVariable names a file for a CPU profile of the script.
const profileVariable = "SEALEDROOM_TEST_PROFILE"

// figures is what the script measured.
type figures struct {
	ShownMS float64            // process start to the first frame
	FPS     map[string]float64 // the slowest half second, per guest
	Answer  map[string]float64 // ms, the longest wait for the window's thread
	Grown   map[string]float64 // MB of the process over its start
	Calls   float64            // a second, by the guest that does nothing else
	CPU     float64            // ms of the process's for one frame, with nothing running
	Rooms   []string           // how each of nine rooms at once ended
	Result  []float64          // ms from request to result, of short guests one after another
}

// The guests that flood the window, and what fills it otherwise.
var floods = []guest{
	{name: "loop", source: "for(;;);"},
	{name: "console", source: "for (let i = 0;; i++) console.log(i)"},
	{name: "doors", source: "for (;;) typeof process"},
	{name: "other doors", source: "for (let i = 0;; i++) { try { globalThis['door' + i]; eval('x') } catch {} }"},
	{name: "garbage", source: "for (;;) new Array(1000)"},
	{name: "heap", source: "const a = []; for (;;) a.push(new Array(500).fill(1))"},
	{name: "buffers", source: "const a = []; for (;;) a.push(new Uint8Array(1 << 20).fill(1))"},
	{name: "calls", source: "for (let i = 0;; i++) kv.set('k' + i % 7, i)"},
}

// everyVariable has the script play the attacks too, which takes minutes.
const everyVariable = "SEALEDROOM_TEST_ATTACKS"

// guests are those to play.
func guests(every bool) []guest {
	if every {
		return slices.Concat(floods, attacks)
	}
	return floods
}

// playScript is the app with a hand at it.
func playScript() {
	began := processStart()
	if path := os.Getenv(profileVariable); path != "" {
		if file, err := os.Create(path); err == nil && pprof.StartCPUProfile(file) == nil {
			defer pprof.StopCPUProfile()
		}
	}
	spareMemory()
	if os.Getenv(everyVariable) != "" { // figures are of the app as people get it
		unchecked()
	}
	a := app.NewWithID(AppID + ".test")
	host := engine.NewBesideWindow()
	host.Warm(engine.Limits{})
	w := newWindow(a, host, document.NewStore(a.Preferences(), "", fyne.Do), fyne.Do)
	if err := flatSurface(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	w.window.Resize(fyne.NewSize(1440, 900))
	shown := figures{FPS: map[string]float64{}, Answer: map[string]float64{}, Grown: map[string]float64{}}
	frame := fyne.NewAnimation(time.Second, nil)
	var once sync.Once
	frame.Tick = func(float32) {
		once.Do(func() {
			shown.ShownMS = float64(time.Since(began).Microseconds()) / 1000
			frame.Stop()
			go func() {
				w.still(&shown)
				w.answers(&shown)
				for _, g := range guests(os.Getenv(everyVariable) != "") {
					w.measure(g, &shown)
				}
				w.nine(&shown)
				w.fumble()
				fyne.Do(w.window.Close)
			}()
		})
	}
	a.Lifecycle().SetOnStarted(frame.Start)
	w.window.ShowAndRun()
	w.close()
	out, _ := json.Marshal(shown)
	fmt.Println(string(out))
}

// processStart is when this process began, as the system reports.
func processStart() time.Time {
	info, err := os.Stat("/proc/self")
	if err != nil {
		return time.Now()
	}
	return info.ModTime()
}

// still measures a window that draws as often as it can while nothing runs:
// what this machine is able to at this moment.
func (w *window) still(into *figures) {
	fyne.DoAndWait(w.status.frames.start)
	used, drawn := cpu(), 0
	for began := time.Now(); time.Since(began) < 2*time.Second; time.Sleep(time.Millisecond) {
		fyne.DoAndWait(func() {
			w.status.left.Refresh()
			if w.status.frames.total > drawn {
				drawn = w.status.frames.total
			}
		})
	}
	into.CPU = float64((cpu() - used).Microseconds()) / 1000 / float64(max(1, drawn))
	fyne.DoAndWait(func() {
		into.FPS["still"] = w.status.frames.rate()
		w.status.frames.stop()
	})
}

// answers runs a guest that is over at once, again and again, each when the next
// room is ready and the last result is on screen.
func (w *window) answers(into *figures) {
	for range 100 {
		for !w.live.host.Ready() {
			time.Sleep(time.Millisecond)
		}
		fyne.DoAndWait(func() {
			w.document.Load("", "10+20")
			w.Run()
		})
		w.live.Wait() // its last picture is asked for by then
		fyne.DoAndWait(func() {
			if ended := w.inspector.State.Ended; ended != nil {
				into.Result = append(into.Result, float64(ended.Time.FirstResult.Microseconds())/1000)
			}
		})
	}
	slices.Sort(into.Result)
}

// measure runs a guest for up to three seconds and looks at the window meanwhile.
func (w *window) measure(g guest, into *figures) {
	before := resident()
	var slowest float64
	fyne.DoAndWait(func() {
		limits, _ := engine.Limits{}.WithWall(3 * time.Second)
		limits, _ = limits.WithOutput(engine.OutputLimit.Range().Max)
		w.settings.Set(limits.WithSwitches(g.switches))
		w.settings.Grants.Set(map[string]bridge.Grant{"kv": bridge.Naive})
		w.document.Load("", g.source)
		w.Run()
	})
	var longest time.Duration
	for w.live.Running() {
		asked := time.Now()
		fyne.DoAndWait(func() {
			if rate := w.status.frames.rate(); rate > 0 && (slowest == 0 || rate < slowest) {
				slowest = rate
			}
		})
		longest = max(longest, time.Since(asked))
		time.Sleep(17 * time.Millisecond)
	}
	fyne.DoAndWait(func() {
		if state := w.live.State(); g.name == "calls" && state.Ended != nil {
			into.Calls = float64(state.CallCount) / state.Ended.Time.Wall.Seconds()
		}
	})
	if slowest > 0 {
		into.FPS[g.name] = slowest
	}
	into.Answer[g.name] = float64(longest.Microseconds()) / 1000
	runtime.GC()
	into.Grown[g.name] = resident() - before
}

// nineRooms is what the figures of nine rooms at once are called.
const nineRooms = "nine rooms"

// nine runs nine rooms at once: one floods the console, one fills its memory, one
// calls as fast as it can.
func (w *window) nine(into *figures) {
	before := resident()
	limits, _ := engine.Limits{}.WithWall(3 * time.Second)
	limits, _ = limits.WithOutput(engine.OutputLimit.Range().Max)
	var setups []session.Setup
	for _, name := range []string{"console", "heap", "calls", "loop", "garbage", "doors", "loop", "garbage", "loop"} {
		flood := floods[slices.IndexFunc(floods, func(g guest) bool { return g.name == name })]
		limits := limits
		if name == "heap" { // it is to come to its limit, however long that takes here
			limits, _ = limits.WithWall(time.Minute)
			limits, _ = limits.WithMemory(16 << 20)
		}
		setups = append(setups, session.Setup{Name: name + ".js", Code: flood.source, Limits: limits, Grants: map[string]bridge.Grant{"kv": bridge.Naive}})
	}
	fyne.DoAndWait(func() {
		all, err := session.NewRooms(w.live.host, setups...)
		if w.many.set(all, err) {
			w.many.show(true)
			w.status.frames.start()
			w.Run()
		}
	})
	var slowest float64
	var longest time.Duration
	for began := time.Now(); w.many.grid.Rooms().Running() > 0 || time.Since(began) < time.Second; time.Sleep(17 * time.Millisecond) {
		asked := time.Now()
		fyne.DoAndWait(func() {
			if rate := w.status.frames.rate(); rate > 0 && (slowest == 0 || rate < slowest) {
				slowest = rate
			}
		})
		longest = max(longest, time.Since(asked))
	}
	for _, lane := range w.many.grid.Rooms().Lanes() {
		if e := lane.State.Ended; e != nil {
			into.Rooms = append(into.Rooms, lane.State.Started.Name+": "+string(e.Outcome))
		}
	}
	fyne.DoAndWait(func() {
		w.status.frames.stop()
		w.many.show(false)
	})
	into.FPS[nineRooms], into.Answer[nineRooms] = slowest, float64(longest.Microseconds())/1000
	runtime.GC()
	into.Grown[nineRooms] = resident() - before
}

// fumble does a bit of everything, for the sake of the thread checks.
func (w *window) fumble() {
	step := func(f func()) {
		fyne.DoAndWait(f)
		time.Sleep(60 * time.Millisecond)
	}
	for i := range w.inspector.Views {
		step(func() { w.inspector.Tabs.Select(i) })
	}
	step(w.togglePresenter)
	step(w.togglePresenter)
	step(w.nextTheme)
	step(func() { w.setAppearance(w.mode, 2) })
	step(func() { w.setAppearance(w.mode, 1) })
	step(w.console.ToggleSearch)
	step(w.about)
	step(func() { w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) })
	for range 6 {
		step(w.nextPane)
	}
	for range 3 {
		step(w.library.Next)
	}
	step(func() { w.library.Follow(presets.Link{Show: "vault"}) })
	step(func() { w.library.Follow(presets.Link{Set: "wall=3s"}) })
	step(func() { w.library.ReadFolder(os.Getenv("HOME"), nil) })
	step(w.library.Pick)
	step(func() { w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) })
	step(w.togglePresenter)
	step(w.togglePresenter)
	step(w.document.Empty)
	step(func() { w.editor.SetText("const x = (") })
	time.Sleep(time.Second) // what waits for a pause comes now
}

// cpu is the processor time that this process has used.
func cpu() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// resident is the process's memory in MB.
func resident() float64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages float64
	if _, err := fmt.Sscan(string(data), &size, &pages); err != nil {
		return 0
	}
	return pages * float64(os.Getpagesize()) / (1 << 20)
}

var exact = flag.Bool("figures", false, "hold the window to its figures, which takes a machine that does nothing else")

// TestRealWindow runs the app on a display of its own, and holds it to the
// threads' rules.
func TestRealWindow(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	display := startDisplay(t)
	home := t.TempDir()
	for _, folder := range []string{".cache", ".config"} {
		if err := os.Mkdir(filepath.Join(home, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(os.Args[0])
	if *exact {
		cmd.Env = append(os.Environ(), everyVariable+"=1")
	}
	cmd.Env = append(cmd.Environ(), scriptVariable+"=1", "DISPLAY="+display, "WAYLAND_DISPLAY=", "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config"))
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(5*time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Wait()
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "call thread") || strings.Contains(line, "panic") {
			t.Errorf("the window logged: %s", log.String())
			break
		}
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	var shown figures
	if err := json.Unmarshal(out.Bytes(), &shown); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	t.Logf("first frame after %.0f ms; with nothing running %.1f frames a second, %.1f ms of processor time each", shown.ShownMS, shown.FPS["still"], shown.CPU)
	if *exact && shown.ShownMS > 1500 {
		t.Errorf("the first frame came after %.0f ms", shown.ShownMS)
	}
	if n := len(shown.Result); n < 100 {
		t.Errorf("%d results of 100 runs", n)
	} else {
		t.Logf("10+20, from request to result: p50 %.2f ms, p99 %.2f ms", shown.Result[n/2], shown.Result[n*99/100])
	}
	t.Logf("nine rooms: %5.1f frames a second, answer within %5.1f ms, %+5.1f MB; %s",
		shown.FPS[nineRooms], shown.Answer[nineRooms], shown.Grown[nineRooms], strings.Join(shown.Rooms, ", "))
	if ended := strings.Join(shown.Rooms, ", "); len(shown.Rooms) != 9 || !strings.Contains(ended, "heap.js: exceededMemory") || strings.Count(ended, "loop.js: timeout") != 3 {
		t.Errorf("nine rooms ended as %s", ended)
	}
	if *exact && (shown.FPS[nineRooms] < 45 || shown.Grown[nineRooms] > 80) {
		t.Errorf("nine rooms: %.0f frames a second, %.0f MB more", shown.FPS[nineRooms], shown.Grown[nineRooms])
	}
	for _, g := range guests(*exact) {
		fps, answer, grown := shown.FPS[g.name], shown.Answer[g.name], shown.Grown[g.name]
		if g.name == "calls" {
			t.Logf("%.0f calls a second", shown.Calls)
			if *exact && shown.Calls < 10_000 {
				t.Errorf("%.0f calls a second beside the window", shown.Calls)
			}
		}
		t.Logf("%-16s %5.1f frames a second, answer within %5.1f ms, %+5.1f MB", g.name, fps, answer, grown)
		if grown > 100 || *exact && (answer > 100 || grown > 50 || fps > 0 && fps < 50) {
			t.Errorf("%s: %.0f frames a second, answer within %.0f ms, %.0f MB more", g.name, fps, answer, grown)
		}
	}
}

// startDisplay starts a display without a screen, where there is a program for it.
func startDisplay(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("there is no Xvfb here")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd := exec.Command(path, "-displayfd", "3", "-screen", "0", "1440x900x24", "+extension", "GLX", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	_ = write.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Skip("Xvfb did not start: ", err)
	}
	return ":" + strings.TrimSpace(line)
}
