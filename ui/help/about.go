package help

import (
	"runtime"
	"runtime/debug"
	"strings"

	"sealedroom/inspector"
	"sealedroom/ui/kit/dialogs"
)

const honest = `Sealed Room is a teaching tool. Each run gets its own process and its own V8 isolate, inside what the operating system takes away from that process. V8 has bugs, and the outer walls are there because of it. Do not take it for a proof that code is safe.

What stands behind the teller window is real but disposable: it is made for each run, and nothing of it is yours.

The app uses no network: it looks for no updates, sends no reports, and the hosts that a guest can reach are played by the app itself.`

// Versions names what the app is made of, as the program was built.
func Versions(v8 string) string {
	lines := []string{"Sealed Room " + inspector.Build(), strings.Replace(runtime.Version(), "go", "Go ", 1)}
	if v8 == "" {
		v8 = "known after the first run"
	}
	lines = append(lines, "V8 "+v8)
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == "fyne.io/fyne/v2" {
				lines = append(lines, "Fyne "+module.Version)
			}
		}
	}
	return strings.Join(append(lines, runtime.GOOS+"/"+runtime.GOARCH), "\n")
}

// About opens what the app is. v8 is the version of the worker that ran; "" if
// none has.
func About(d *dialogs.Stack, v8 string) {
	d.Prose("About Sealed Room", Versions(v8)+"\n\n"+honest)
}
