// Package cli is the command line. It has no Fyne, so that a server without
// OpenGL can build the commands (make cli); a program with a window gives it to
// Main.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
)

// Exit statuses, as scripts rely on them.
const (
	exitOK    = 0
	exitOther = 1 // the guest did not complete
	exitUsage = 2 // usage, unreadable input, or the app itself failed
)

// commandLine lists the commands.
type commandLine struct {
	Open     openCommand     `cmd:"" default:"withargs" help:"Open the window, with FILE loaded and not run."`
	Run      runCommand      `cmd:"" help:"Run one guest without a window."`
	Replay   replayCommand   `cmd:"" help:"Print the report of a recorded run. Nothing is run."`
	Check    checkCommand    `cmd:"" help:"Run scenarios and compare each with what it says must happen."`
	Bench    benchCommand    `cmd:"" help:"Measure start-up, stopping and memory on this machine, and compare with its peers."`
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

// Main runs the command in args and returns the exit status. show draws windows;
// its zero value is for a program without one.
func Main(args []string, show Window) int {
	line := commandLine{Open: openCommand{show: show}, Snapshot: snapshotCommand{show: show}}
	parser, err := kong.New(&line, kong.Name("sealedroom"),
		kong.Vars{"walls": strings.Join(engine.RemovableWalls(), ", ")},
		kong.Description("Run untrusted JavaScript in V8 isolates, and see what holds it in."),
		kong.UsageOnError(), kong.Exit(func(code int) { os.Exit(code) }))
	if err != nil {
		return fail(err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return fail(fmt.Errorf("%w (sealedroom --help lists what may be typed)", err))
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
