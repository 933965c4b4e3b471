// Sealed Room runs untrusted JavaScript in V8 isolates and shows what holds it
// in. This file reads the command line and starts a window, a command or a
// worker; engine, inspector and ui do the rest.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"sealedroom/engine"
	"sealedroom/engine/bench"
	"sealedroom/engine/bridge"
	"sealedroom/engine/hostcode"
	"sealedroom/engine/worker"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/textfile"
	"sealedroom/ui"
)

// Exit statuses, as scripts rely on them.
const (
	exitOK    = 0
	exitOther = 1 // the guest did not complete
	exitUsage = 2 // usage, unreadable input, or the app itself failed
)

// commandLine is what may be typed.
type commandLine struct {
	Open     openCommand     `cmd:"" default:"withargs" help:"Open the window, with FILE loaded and not run."`
	Run      runCommand      `cmd:"" help:"Run one guest without a window."`
	Check    checkCommand    `cmd:"" help:"Run scenarios and compare each with what it says must happen."`
	Bench    benchCommand    `cmd:"" help:"Measure start-up, stopping and memory on this machine, beside its peers."`
	Snapshot snapshotCommand `cmd:"" help:"Draw the window into a picture, without a display."`
	Walls    wallsCommand    `cmd:"" help:"Try every wall around a worker from inside, as code that broke out of V8 would."`
	Version  versionCommand  `cmd:"" help:"Print versions, V8's age and the walls of this system."`
}

// errOutcome ends a command whose guest did not complete, or whose scenarios
// did not do what they must; errRefused one that could not read some of its
// input. Both have been reported by then.
var (
	errOutcome = errors.New("not the expected outcome")
	errRefused = errors.New("files were refused")
)

func main() {
	if worker.Wanted() {
		worker.Main()
	}
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	var line commandLine
	parser, err := kong.New(&line, kong.Name("sealedroom"),
		kong.Description("Run untrusted JavaScript in V8 isolates, and see what holds it in."),
		kong.UsageOnError(), kong.Exit(func(code int) { os.Exit(code) }))
	if err != nil {
		return fail(err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return fail(fmt.Errorf("%w (sealedroom --help tells what may be typed)", err))
	}
	ctx, stop := signal.NotifyContext(context.Background(), endSignals()...)
	defer stop()
	// A second signal ends the program at once, and so does a command that waits
	// for something else, standard input say.
	defer context.AfterFunc(ctx, func() {
		stop()
		time.AfterFunc(endWithin, func() { os.Exit(exitUsage) })
	})()
	swept := make(chan struct{})
	go func() {
		defer close(swept)
		bridge.Sweep()
	}()
	defer func() {
		select {
		case <-swept:
		case <-time.After(time.Second):
		}
	}()
	command.BindTo(ctx, (*context.Context)(nil))
	switch err := command.Run(); {
	case err == nil:
		return exitOK
	case errors.Is(err, errOutcome):
		return exitOther
	case errors.Is(err, errRefused):
		return exitUsage
	default:
		return fail(err)
	}
}

// endWithin is how long a command may take to clean up after a signal.
const endWithin = 10 * time.Second

// endSignals are the signals that end a command after it has cleaned up. A
// program that was started with nohup goes on.
func endSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// stdout and stderr are where people read: nothing that a guest, a file's name
// or a worker says controls the terminal.
var stdout, stderr = inspector.Terminal(os.Stdout), inspector.Terminal(os.Stderr)

// fail prints an error on one line: a name in it cannot start another.
func fail(err error) int {
	fmt.Fprintln(stderr, "sealedroom:", inspector.Line(strings.ReplaceAll(err.Error(), "\n", "; ")))
	return exitUsage
}

// ---- window -------------------------------------------------------------------

type openCommand struct {
	File string `arg:"" optional:"" help:"A .js file, a scenario's .md or name, or a folder of scenarios."`
}

func (c *openCommand) Run(ctx context.Context) error {
	document, err := openDocument(c.File)
	if err != nil {
		return err
	}
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		fmt.Fprintln(stderr, "there is no display: set DISPLAY or WAYLAND_DISPLAY for the window, or use 'sealedroom run FILE'; running 'sealedroom check' instead")
		return (&checkCommand{}).Run(ctx)
	}
	return ui.Open(ctx, document)
}

// openDocument reads what the window opens with: a guest, a scenario, or a
// folder of scenarios.
func openDocument(path string) (ui.Document, error) {
	if path == "" {
		return ui.Document{}, nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return ui.Document{Folder: path}, nil
	}
	scenario, err := openScenario(path)
	if scenario != nil || err != nil {
		return ui.Document{Scenario: scenario}, err
	}
	text, format, err := readGuest(path)
	return ui.Document{Path: path, Text: text, Format: format}, err
}

// openScenario returns the scenario that an argument means: a .md file, or a
// built-in one by its name. It is nil where the argument is something else; a
// file goes before a name.
func openScenario(arg string) (*presets.Scenario, error) {
	if presets.IsFile(arg) {
		return presets.Load(arg)
	}
	if _, err := os.Lstat(arg); err == nil || arg == "-" {
		return nil, nil
	}
	scenario, err := presets.Find(arg)
	if err != nil && !strings.ContainsAny(arg, `./\`) {
		return nil, fmt.Errorf("%w (and no file of that name exists)", err)
	}
	if err != nil {
		return nil, nil
	}
	return scenario, nil
}

// ---- run ------------------------------------------------------------------------

type limitFlags struct {
	Memory       string `help:"The guest's whole footprint at most (default 128MB)." placeholder:"SIZE"`
	Wall         string `help:"Time from hand-over to result at most (default 1s)." placeholder:"TIME"`
	CPU          string `name:"cpu" help:"CPU time of the isolate at most; 0: no limit." placeholder:"TIME"`
	Calls        *int   `help:"Calls through the teller window at most; 0: no limit." placeholder:"N"`
	Output       string `help:"Console text at most (default 64KiB)." placeholder:"SIZE"`
	Result       string `help:"Of the result's preview at most (default 1MiB)." placeholder:"SIZE"`
	Profile      string `help:"A platform's limits; other flags override them." placeholder:"NAME"`
	Eval         bool   `help:"Allow code from strings: eval and new Function."`
	Wasm         bool   `help:"Allow WebAssembly."`
	SharedMemory bool   `help:"Allow SharedArrayBuffer."`
	Timers       bool   `help:"Provide setTimeout, setInterval and queueMicrotask."`
	NoJIT        bool   `name:"no-jit" help:"Interpret only."`
	Seed         int64  `help:"Make Math.random repeat." placeholder:"N"`
}

// limits are the flags over base.
func (f limitFlags) limits(base engine.Limits) (engine.Limits, error) {
	limits := base
	if f.Profile != "" {
		profile, err := presets.FindProfile(f.Profile)
		if err != nil {
			return limits, err
		}
		if limits, err = profile.Apply(limits); err != nil {
			return limits, err
		}
	}
	var err error
	for _, flag := range []struct {
		name, text string
		set        func(text string) error
	}{
		{"memory", f.Memory, size(&limits, engine.Limits.WithMemory)},
		{"wall", f.Wall, timeOf(&limits, engine.Limits.WithWall)},
		{"cpu", f.CPU, timeOf(&limits, engine.Limits.WithCPU)},
		{"output", f.Output, size(&limits, engine.Limits.WithOutput)},
		{"result", f.Result, size(&limits, engine.Limits.WithResult)},
	} {
		if flag.text == "" {
			continue
		}
		if err := flag.set(flag.text); err != nil {
			return limits, fmt.Errorf("--%s: %w", flag.name, err)
		}
	}
	if f.Calls != nil {
		if limits, err = limits.WithCalls(*f.Calls); err != nil {
			return limits, fmt.Errorf("--calls: %w", err)
		}
	}
	s := limits.Switches()
	s.Eval, s.Wasm, s.SharedMemory = s.Eval || f.Eval, s.Wasm || f.Wasm, s.SharedMemory || f.SharedMemory
	s.Timers, s.NoJIT = s.Timers || f.Timers, s.NoJIT || f.NoJIT
	if f.Seed != 0 {
		s.Seed = f.Seed
	}
	return limits.WithSwitches(s), nil
}

func size(limits *engine.Limits, with func(engine.Limits, int64) (engine.Limits, error)) func(string) error {
	return parsed(limits, engine.ParseSize, with)
}

func timeOf(limits *engine.Limits, with func(engine.Limits, time.Duration) (engine.Limits, error)) func(string) error {
	return parsed(limits, engine.ParseTime, with)
}

func parsed[T any](limits *engine.Limits, parse func(string) (T, error), with func(engine.Limits, T) (engine.Limits, error)) func(string) error {
	return func(text string) error {
		value, err := parse(text)
		if err != nil {
			return err
		}
		*limits, err = with(*limits, value)
		return err
	}
}

type runCommand struct {
	File string `arg:"" help:"A .js file, or a scenario's .md or name, which brings its limits; - reads standard input."`
	limitFlags
	Grant  []string `help:"Grant a capability: NAME, NAME=hardened or NAME=naive." placeholder:"NAME[=HOW]" sep:"none"`
	Secret []string `help:"Put a secret into the vault." placeholder:"NAME=VALUE" sep:"none"`
	JSON   bool     `name:"json" help:"Print the report as one JSON object."`
	Record string   `help:"Write every event to FILE, one JSON object a line." placeholder:"FILE"`
}

func (c *runCommand) Run(ctx context.Context) (err error) {
	setup, err := readSetup(c.File)
	if err != nil {
		return err
	}
	limits, err := c.limits(setup.Limits)
	if err != nil {
		return err
	}
	grants, err := readGrants(c.Grant)
	if err != nil {
		return err
	}
	guest := setup.Guest(guestName(c.File))
	guest.Secrets = append(guest.Secrets, c.Secret...)
	maps.Copy(guest.Grants, grants)
	var state inspector.State
	apply := state.Apply
	if c.Record != "" {
		recorder, startErr := inspector.Record(c.Record, c.File)
		if startErr != nil {
			return startErr
		}
		defer func() {
			if closeErr := recorder.Close(); closeErr != nil { // more than any outcome
				err = closeErr
			}
		}()
		apply = func(e engine.Event) {
			recorder.Add(e)
			state.Apply(e)
		}
	}
	host := engine.NewSingle()
	defer host.Close()
	ended, err := host.Run(ctx, guest, limits, apply)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := writeJSON(state.Report()); err != nil {
			return err
		}
	} else {
		state.WriteText(stdout)
		if a := ended.Advice; a != nil && a.HostCode {
			writeLifted(stdout, guest.Source)
		}
	}
	if ended.Outcome != engine.OK {
		return errOutcome
	}
	return nil
}

// writeLifted prints the guests in host code, each with the command that runs
// it as the host would have.
func writeLifted(w io.Writer, source string) {
	lifted, ok := hostcode.Lift(source)
	if !ok {
		return
	}
	flags := ""
	if lifted.Memory > 0 {
		flags += " --memory " + strings.ReplaceAll(engine.FormatSize(lifted.Memory), " ", "")
	}
	if lifted.Wall > 0 {
		flags += " --wall " + strings.ReplaceAll(engine.FormatTime(lifted.Wall), " ", "")
	}
	for _, name := range lifted.Grants {
		flags += " --grant " + name
	}
	fmt.Fprintf(w, "To run a guest of it: sealedroom run%s GUEST.js, where GUEST.js is one of\n", flags)
	for _, g := range lifted.Guests {
		fmt.Fprintf(w, "  %s\n    %s\n", cmp.Or(inspector.Line(g.Name), "the guest"), strings.ReplaceAll(inspector.Visible(g.Code), "\n", "\n    "))
	}
	for _, name := range lifted.Unknown {
		fmt.Fprintf(w, "  The bridge function %s has no counterpart here: use db, http, files or kv.\n", inspector.Line(name))
	}
}

// readGrants reads grants as they are typed: db, db=hardened, db=naive.
func readGrants(typed []string) (map[string]bridge.Grant, error) {
	grants := map[string]bridge.Grant{}
	var names []string
	for _, kind := range engine.Capabilities() {
		names = append(names, kind.Name)
	}
	for _, text := range typed {
		name, how, _ := strings.Cut(text, "=")
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("--grant %q: there is no capability of that name: grant one of %s", text, strings.Join(names, ", "))
		}
		grant, err := bridge.ParseGrant(how)
		if err != nil {
			return nil, fmt.Errorf("--grant %q: %w", text, err)
		}
		grants[name] = grant
	}
	return grants, nil
}

func writeJSON(v any) error {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

func guestName(path string) string {
	if path == "-" {
		return "guest.js"
	}
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	if presets.IsFile(name) { // the guest in it has lines of its own
		name = name[:len(name)-len("md")] + "js"
	} else if _, err := presets.Find(name); err == nil {
		name += ".js"
	}
	return inspector.Line(name)
}

// readSetup reads what is run: a scenario's guest with its limits, or a guest.
func readSetup(path string) (presets.Setup, error) {
	scenario, err := openScenario(path)
	if err != nil {
		return presets.Setup{}, err
	}
	if scenario != nil {
		return scenario.Setup, nil
	}
	source, format, err := readGuest(path)
	if format.Converted() {
		fmt.Fprintf(os.Stderr, "sealedroom: %s is %s: converted to UTF-8 for this run\n", inspector.Line(path), format)
	}
	return presets.Setup{Code: source}, err
}

// readGuest reads a guest's source, at most as much as is run, and how its file
// was written.
func readGuest(path string) (string, textfile.Format, error) {
	none := textfile.Format{}
	var in io.Reader = os.Stdin
	if path != "-" {
		info, err := os.Stat(path)
		if err != nil {
			return "", none, err
		}
		if !info.Mode().IsRegular() {
			return "", none, fmt.Errorf("%s is not a file: give a .js file, or - for standard input", path)
		}
		file, err := os.Open(path)
		if err != nil {
			return "", none, err
		}
		defer file.Close()
		in = file
	}
	source, err := io.ReadAll(io.LimitReader(in, engine.MaxSource+1))
	if err != nil {
		return "", none, err
	}
	if len(source) > engine.MaxSource {
		return "", none, fmt.Errorf("%s is longer than a guest may be: at most %s", path, engine.FormatSize(engine.MaxSource))
	}
	text, format, err := textfile.Decode(source)
	if err != nil {
		return "", none, fmt.Errorf("%s: %w: give a guest's JavaScript", inspector.Line(path), err)
	}
	return strings.ToValidUTF8(text, "\ufffd"), format, nil
}

// ---- check ------------------------------------------------------------------------

type checkCommand struct {
	Names    []string `arg:"" optional:"" name:"name" help:"Scenarios, .md files or folders; all built-in ones if none is given."`
	JSON     bool     `name:"json" help:"Print one JSON object a line."`
	Parallel int      `help:"How many run at once; 0: as many as the machine has processors and memory for." placeholder:"N"`
}

func (c *checkCommand) Run(ctx context.Context) error {
	scenarios, err := presets.Choose(c.Names...)
	refused, err := refusals(err)
	if err != nil {
		return err
	}
	if err := c.report(refused); err != nil {
		return err
	}
	var failed error
	results := presets.Check(ctx, scenarios, c.Parallel, func(r presets.Result) {
		if !c.JSON {
			fmt.Fprint(stdout, r.Text())
		} else if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
			failed = err
		}
	})
	if failed != nil {
		return failed
	}
	files := map[string]bool{}
	unreadable := false
	for _, e := range refused {
		files[e.Name] = true
		unreadable = unreadable || !errors.Is(e, presets.ErrEmpty)
	}
	if !c.JSON && len(results) > 0 {
		fmt.Fprintln(stdout, presets.Tally(results, len(files)))
	}
	switch {
	case unreadable:
		return errRefused
	case len(refused) > 0, slices.ContainsFunc(results, presets.Result.Disagrees), ctx.Err() != nil:
		return errOutcome
	}
	return nil
}

// refusals returns the errors that refuse a file. Any other is returned as err:
// nothing is checked then.
func refusals(joined error) (refused []*presets.Error, err error) {
	for _, one := range presets.Apart(joined) {
		var refusal *presets.Error
		if !errors.As(one, &refusal) {
			return nil, one
		}
		refused = append(refused, refusal)
	}
	return refused, nil
}

// report prints why files are refused: for a person on standard error, as JSON
// among the results.
func (c *checkCommand) report(refused []*presets.Error) error {
	for _, e := range refused {
		if !c.JSON {
			fail(e)
		} else if err := json.NewEncoder(os.Stdout).Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// ---- the others --------------------------------------------------------------------

type benchCommand struct {
	JSON  bool   `name:"json" help:"Print one JSON object."`
	Peers string `help:"A folder with npm's node@24 and isolated-vm@7, to measure beside ours." placeholder:"DIR"`
}

func (c *benchCommand) Run(ctx context.Context) error {
	report, err := bench.Measure(ctx, c.Peers, func(step string) { fmt.Fprintln(stderr, "measuring", step) })
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(report)
	}
	report.WriteText(stdout)
	return nil
}

type snapshotCommand struct {
	Out      string `required:"" help:"The picture to write, a .png." placeholder:"FILE"`
	File     string `help:"A .js file to show and run." placeholder:"FILE"`
	Scenario string `help:"A scenario to show and run." placeholder:"NAME"`
	Size     string `default:"1440x900" help:"In pixels." placeholder:"WxH"`
	Theme    string `default:"dark" enum:"dark,light" help:"dark or light."`
	Scale    string `default:"100%" help:"Of the text, from 80% to 200%." placeholder:"N%"`
	View     string `help:"The tab to show, such as result or start-up." placeholder:"NAME"`
	Present  bool   `help:"In presenter mode."`
	limitFlags
}

func (c *snapshotCommand) Run(ctx context.Context) error {
	var setup presets.Setup
	document := ui.Document{Text: ui.Welcome}
	switch {
	case c.Scenario != "":
		chosen, err := presets.Choose(c.Scenario)
		if err != nil {
			return err
		}
		setup = chosen[0].Setup
		document = ui.Document{Scenario: chosen[0]}
	case c.File != "":
		var err error
		if document, err = openDocument(c.File); err != nil {
			return err
		}
		if document.Scenario != nil {
			setup = document.Scenario.Setup
		}
	}
	limits, err := c.limits(setup.Limits)
	if err != nil {
		return err
	}
	var width, height int
	if _, err := fmt.Sscanf(c.Size, "%dx%d", &width, &height); err != nil || width < 640 || height < 480 || width > 7680 || height > 4320 {
		return fmt.Errorf("--size %q: write a width and a height such as 1440x900, from 640x480 to 7680x4320", c.Size)
	}
	scale, err := strconv.ParseFloat(strings.TrimSuffix(c.Scale, "%"), 32)
	if err != nil || scale < 80 || scale > 200 {
		return fmt.Errorf("--scale %q: write a percentage from 80%% to 200%%", c.Scale)
	}
	return ui.Snapshot(ctx, ui.Picture{
		Path: c.Out, Width: width, Height: height, Light: c.Theme == "light", Document: document, Limits: limits, Grants: setup.Grants,
		Scale: float32(scale / 100), View: c.View, Present: c.Present,
	})
}

type wallsCommand struct {
	JSON bool `name:"json" help:"Print one object."`
}

func (c *wallsCommand) Run(ctx context.Context) error {
	host := engine.NewSingle()
	defer host.Close()
	report, err := host.TryWalls(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = writeJSON(report)
	} else {
		inspector.WriteWalls(stdout, report)
	}
	if err == nil && len(report.Fell()) > 0 {
		return errOutcome
	}
	return err
}

type versionCommand struct{}

func (*versionCommand) Run(ctx context.Context) error {
	host := engine.NewSingle()
	defer host.Close()
	var room engine.Started
	_, err := host.Run(ctx, engine.Guest{}, engine.Limits{}, func(e engine.Event) {
		if started, ok := e.(engine.Started); ok {
			room = started
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Sealed Room %s\n%s\n%s\n%s/%s\n", ui.Version, runtime.Version(), inspector.DescribeV8(room.V8, time.Now()), runtime.GOOS, runtime.GOARCH)
	inspector.WriteStanding(stdout, room.Walls, room.Lacking)
	return nil
}
